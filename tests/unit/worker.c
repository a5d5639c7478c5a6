/* The helper process: whatever happens in it is the error of one call, and the next call works. */
#include "sync/hub/events/worker.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { REPLY_MAX = 100000, MEMORY = 64 * 1024 * 1024 };

static void *start(void)
{
    int *calls = malloc(sizeof *calls);
    *calls = 0;
    return calls;
}

static void eat(struct buf *reply)
{
    /* the whole limit in one piece: refused */
    void *p = malloc((size_t)MEMORY + 1024);
    buf_add_str(reply, p == NULL ? "refused" : "given");
    free(p);
}

static void answer(void *state, const char *request, size_t n, struct buf *reply)
{
    int *calls = state;
    ++*calls;
    if (strcmp(request, "crash") == 0)
        kill(getpid(), SIGSEGV);
    else if (strcmp(request, "hang") == 0)
        pause();
    else if (strcmp(request, "spin") == 0)
        for (volatile int i = 0;; i = !i)
            ;
    else if (strcmp(request, "eat") == 0)
        eat(reply);
    else if (strcmp(request, "fd") == 0)
        buf_addf(reply, "%d", dup(0) == 4); /* 0, 1, 2 and the socket are all there is */
    else if (strcmp(request, "flood") == 0)
        for (int i = 0; i <= REPLY_MAX; i++)
            buf_add_char(reply, 'x');
    else
        buf_addf(reply, "%d %zu %.3s", *calls, n, request);
}

static const struct worker_task task = {
    .answer = answer, .start = start, .memory = MEMORY, .reply_max = REPLY_MAX, .timeout_ms = 400};
/* a sanitizer takes its time to say why it dies */
static const struct worker_task patient = {
    .answer = answer, .start = start, .memory = MEMORY, .reply_max = REPLY_MAX, .timeout_ms = 20000};

static enum err call(struct worker *w, const char *request, struct buf *reply, struct error *e)
{
    buf_clear(reply);
    return worker_call(w, request, strlen(request), reply, e);
}

static void test_worker__outlives_what_happens_in_it(void **state)
{
    static const struct {
        const char *request;
        enum err code;
    } cases[] = {{"crash", ERR_CORRUPT}, {"hang", ERR_TIMEOUT}, {"spin", ERR_TIMEOUT}, {"flood", ERR_TOO_BIG}};
    (void)state;
    struct worker *w = worker_new(&task);
    struct buf reply;
    struct error e;
    buf_init(&reply, REPLY_MAX);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(call(w, "one", &reply, &e), ERR_NONE);
        assert_string_equal(reply.data, "1 3 one");
        assert_int_equal(call(w, "two", &reply, &e), ERR_NONE);
        assert_string_equal(reply.data, "2 3 two");
        if (call(w, cases[i].request, &reply, &e) != cases[i].code)
            fail_msg("%s: %s", cases[i].request, e.text);
        assert_int_equal(reply.len, 0);
    }
    worker_free(w);
    buf_done(&reply);
}

static void test_worker__has_little_memory_and_no_files(void **state)
{
    (void)state;
    struct worker *w = worker_new(&patient);
    struct buf reply;
    buf_init(&reply, REPLY_MAX);
    assert_int_equal(call(w, "fd", &reply, NULL), ERR_NONE);
    assert_string_equal(reply.data, "1");
    enum err code = call(w, "eat", &reply, NULL);
    assert_true(code == ERR_CORRUPT || (code == ERR_NONE && strcmp(reply.data, "refused") == 0));
    worker_free(w);
    worker_free(NULL);
    buf_done(&reply);
}

static void test_worker__carries_long_messages(void **state)
{
    (void)state;
    struct worker *w = worker_new(&patient);
    struct buf request, reply;
    buf_init(&request, 8 * 1024 * 1024);
    buf_init(&reply, REPLY_MAX);
    while (!request.overflow)
        buf_add_str(&request, "0123456789abcdef");
    assert_int_equal(worker_call(w, request.data, request.len, &reply, NULL), ERR_NONE);
    assert_string_equal(reply.data, "1 8388608 012");
    worker_free(w);
    buf_done(&request);
    buf_done(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worker__outlives_what_happens_in_it),
        cmocka_unit_test(test_worker__has_little_memory_and_no_files),
        cmocka_unit_test(test_worker__carries_long_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
