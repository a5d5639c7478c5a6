/* The HTTP transport against a server that says what a test tells it to; addresses. */
#include "sync/transport.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/httpd.h"

struct fixture {
    struct httpd httpd;
    struct transport *t;
    struct transport_answer answer;
    struct transport_watch watch;
    struct error e;
};

static void begin(struct fixture *f, const char *reply)
{
    f->httpd = (struct httpd){.reply = reply, .n = reply ? strlen(reply) : 0, .repeat_last = f->httpd.repeat_last};
    httpd_start(&f->httpd);
    transport_answer_init(&f->answer);
    assert_int_equal(transport_curl_new(&f->t, f->httpd.url, NULL, NULL, f->watch.stop ? &f->watch : NULL, &f->e), 0);
}

static enum err ask(struct fixture *f, struct transport_request q)
{
    q.path = q.path ? q.path : "/v1/x";
    q.max = q.max ? q.max : 1000;
    return f->t->send(f->t, &q, &f->answer, &f->e);
}

static void end(struct fixture *f)
{
    transport_free(f->t);
    transport_answer_done(&f->answer);
    httpd_stop(&f->httpd);
}

static void test_transport__answer_is_read_whole(void **state)
{
    (void)state;
    struct fixture f = {0};
    begin(&f, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"abc\"\r\nck-signature: c2ln\r\n"
              "Date: Fri, 01 May 2026 10:00:00 GMT\r\n\r\nhello");
    assert_int_equal(ask(&f, (struct transport_request){.etag = "\"old\"", .past_caches = true}), ERR_NONE);
    assert_int_equal(f.answer.status, 200);
    assert_string_equal(f.answer.body.data, "hello");
    assert_string_equal(f.answer.etag, "\"abc\"");
    assert_string_equal(f.answer.signature, "c2ln");
    assert_int_equal(f.answer.date, 1777629600);
    assert_int_equal(f.answer.retry_after_s, -1);
    end(&f);
    assert_non_null(strstr(f.httpd.request, "GET /v1/x?again HTTP/1.1\r\n"));
    assert_non_null(strstr(f.httpd.request, "\r\nIf-None-Match: \"old\"\r\n"));
    assert_non_null(strstr(f.httpd.request, "\r\nCache-Control: no-cache\r\n"));
    assert_null(strstr(f.httpd.request, "\r\nCookie"));
}

static void test_transport__post_carries_body_and_signature(void **state)
{
    (void)state;
    struct fixture f = {0};
    begin(&f, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: 17\r\n\r\n");
    assert_int_equal(
        ask(&f, (struct transport_request){.body = "a\0b", .body_len = 3, .type = "application/x", .signature = "s1g"}),
        ERR_NONE);
    assert_int_equal(f.answer.status, 503);
    assert_int_equal(f.answer.retry_after_s, 17);
    end(&f);
    assert_non_null(strstr(f.httpd.request, "POST /v1/x HTTP/1.1\r\n"));
    assert_non_null(strstr(f.httpd.request, "\r\nCK-Signature: s1g\r\n"));
    assert_non_null(strstr(f.httpd.request, "\r\nContent-Type: application/x\r\n"));
    assert_null(strstr(f.httpd.request, "Expect:"));
    assert_memory_equal(strstr(f.httpd.request, "\r\n\r\n") + 4, "a\0b", 3);
}

static void test_transport__answers_are_bounded_and_whole(void **state)
{
    (void)state;
    const struct {
        const char *name, *reply;
        size_t more;
        enum err want;
    } rows[] = {
        {"length says too much", "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n", 100000, ERR_TOO_BIG},
        {"no length, never ends", "HTTP/1.1 200 OK\r\n\r\n", 5000000, ERR_TOO_BIG},
        {"chunk too big", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n", 5000000, ERR_TOO_BIG},
        {"cut body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhell", 0, ERR_NET},
        {"cut chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", 0, ERR_NET},
        {"cut head", "HTTP/1.1 200", 0, ERR_NET},
        {"nothing", "", 0, ERR_NET},
        {"not HTTP", "SSH-2.0-OpenSSH_9.2\r\n", 0, ERR_NET},
        {"headers without end", "HTTP/1.1 200 OK\r\nX: ", 2000000, ERR_NET},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture f = {.httpd.repeat_last = rows[i].more};
        print_message("%s\n", rows[i].name);
        begin(&f, rows[i].reply);
        assert_int_equal(ask(&f, (struct transport_request){0}), rows[i].want);
        assert_int_equal(f.answer.status, 0);
        assert_int_equal(f.answer.fault, rows[i].want == ERR_TOO_BIG ? FAULT_HUB : FAULT_NET);
        assert_true(f.answer.body.len <= 1000);
        end(&f);
    }
}

struct taken {
    char bytes[64];
    int64_t first, end;
    enum err say;
};

static enum err take(void *context, int64_t at, const void *bytes, size_t n, struct error *e)
{
    struct taken *t = context;
    (void)e;
    if (t->say)
        return t->say;
    assert_true(at >= 0 && (size_t)at + n < sizeof t->bytes);
    t->first = t->end ? t->first : at;
    t->end = at + (int64_t)n;
    memcpy(t->bytes + at, bytes, n);
    return ERR_NONE;
}

static void test_transport__a_range_goes_into_the_sink(void **state)
{
    (void)state;
    static const struct {
        const char *name, *reply;
        enum err say, want;
        int64_t first, end;
        enum fault fault;
    } rows[] = {
        {"a part", "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 7-10/11\r\nContent-Length: 4\r\n\r\nabcd", 0,
         0, 7, 11, 0},
        {"the whole", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd", 0, 0, 0, 4, 0},
        {"another part", "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2-5/11\r\nContent-Length: 4\r\n\r\nabcd",
         0, 0, 2, 6, 0},
        {"cut", "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 7-10/11\r\nContent-Length: 4\r\n\r\nab", 0,
         ERR_NET, 7, 9, FAULT_NET},
        {"no file", "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nabcd", 0, 0, 0, 0, 0},
        {"beyond the end", "HTTP/1.1 416 No\r\nContent-Range: bytes */11\r\nContent-Length: 0\r\n\r\n", 0, 0, 0, 0, 0},
        {"the disk is full", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd", ERR_FULL, ERR_FULL, 0, 0, FAULT_DISK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture f = {0};
        struct taken taken = {.say = rows[i].say};
        struct transport_sink sink = {take, &taken};
        print_message("%s\n", rows[i].name);
        begin(&f, rows[i].reply);
        assert_int_equal(ask(&f, (struct transport_request){.from = 7, .sink = &sink}), rows[i].want);
        assert_int_equal(taken.first, rows[i].first);
        assert_int_equal(taken.end, rows[i].end);
        assert_int_equal(f.answer.taken, rows[i].end - rows[i].first);
        assert_int_equal(f.answer.fault, rows[i].fault);
        end(&f);
        assert_non_null(strstr(f.httpd.request, "\r\nRange: bytes=7-\r\n"));
    }
}

static void test_transport__redirects_are_answers(void **state)
{
    (void)state;
    struct fixture f = {0};
    begin(&f, "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n");
    assert_int_equal(ask(&f, (struct transport_request){0}), ERR_NONE);
    assert_int_equal(f.answer.status, 302);
    assert_int_equal(f.answer.body.len, 0);
    end(&f);
}

static void test_transport__long_marks_count_as_none(void **state)
{
    (void)state;
    struct fixture f = {0};
    char reply[1000], value[400];
    memset(value, 'a', sizeof value - 1);
    value[sizeof value - 1] = 0;
    snprintf(reply, sizeof reply, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nETag: %s\r\nCK-Signature: %s\r\n\r\n", value,
             value);
    begin(&f, reply);
    assert_int_equal(ask(&f, (struct transport_request){0}), ERR_NONE);
    assert_string_equal(f.answer.etag, "");
    assert_string_equal(f.answer.signature, "");
    end(&f);
}

/* A kiosk that was started from a shell with http_proxy set sent its batches to that proxy. */
static void test_transport__environment_names_no_proxy(void **state)
{
    (void)state;
    struct fixture f = {0};
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    begin(&f, "HTTP/1.1 204 None\r\n\r\n");
    assert_int_equal(ask(&f, (struct transport_request){0}), ERR_NONE);
    assert_int_equal(f.answer.status, 204);
    end(&f);
    unsetenv("http_proxy");
    unsetenv("all_proxy");
}

static void test_transport__nobody_there_is_the_net(void **state)
{
    (void)state;
    struct fixture f = {0};
    begin(&f, "");
    httpd_stop(&f.httpd);
    assert_int_equal(ask(&f, (struct transport_request){0}), ERR_NET);
    assert_int_equal(f.answer.fault, FAULT_NET);
    transport_free(f.t);
    transport_answer_done(&f.answer);
}

static bool stop_once(void *context)
{
    char byte;
    return read(*(int *)context, &byte, 1) == 1;
}

static void test_transport__watch_ends_a_silent_transfer(void **state)
{
    (void)state;
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    struct fixture f = {.watch = {{-1, fds[0]}, stop_once, &fds[0]}};
    begin(&f, NULL);
    assert_int_equal(write(fds[1], "x", 1), 1);
    assert_int_equal(ask(&f, (struct transport_request){0}), ERR_BUSY);
    assert_true(f.answer.stopped);
    end(&f);
    close(fds[0]);
    close(fds[1]);
}

static void test_transport__addresses(void **state)
{
    (void)state;
    const struct {
        const char *url, *want; /* want NULL: refused */
        bool https, loopback;
    } rows[] = {
        {"https://hub.example", "https://hub.example", true, false},
        {"https://hub.example/", "https://hub.example", true, false},
        {"HTTPS://hub.example:8443//", "HTTPS://hub.example:8443", true, false},
        {"http://127.0.0.1:80", "http://127.0.0.1:80", false, true},
        {"http://127.9.9.9", "http://127.9.9.9", false, true},
        {"http://[::1]:9", "http://[::1]:9", false, true},
        {"http://localhost", "http://localhost", false, true},
        {"http://localhost.example", "http://localhost.example", false, false},
        {"http://127.0.0.1.example", "http://127.0.0.1.example", false, false},
        {"http://", NULL, false, false},
        {"https:///", NULL, true, false},
        {"ftp://hub.example", NULL, false, false},
        {"hub.example", NULL, false, false},
        {"https://user@hub.example", NULL, true, false},
        {"https://hub.example/path", NULL, true, false},
        {"https://hub.example?x", NULL, true, false},
        {"https://hub.example\nX: y", NULL, true, false},
        {"", NULL, false, false},
    };
    char out[256];
    struct error e;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("%s\n", rows[i].url);
        enum err code = transport_url_check(out, rows[i].url, &e);
        assert_int_equal(code, rows[i].want ? ERR_NONE : ERR_USAGE);
        if (rows[i].want)
            assert_string_equal(out, rows[i].want);
        assert_int_equal(transport_url_is_https(rows[i].url), rows[i].https);
        assert_int_equal(transport_url_is_loopback(rows[i].url), rows[i].loopback);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_transport__answer_is_read_whole),
        cmocka_unit_test(test_transport__post_carries_body_and_signature),
        cmocka_unit_test(test_transport__answers_are_bounded_and_whole),
        cmocka_unit_test(test_transport__a_range_goes_into_the_sink),
        cmocka_unit_test(test_transport__redirects_are_answers),
        cmocka_unit_test(test_transport__long_marks_count_as_none),
        cmocka_unit_test(test_transport__environment_names_no_proxy),
        cmocka_unit_test(test_transport__nobody_there_is_the_net),
        cmocka_unit_test(test_transport__watch_ends_a_silent_transfer),
        cmocka_unit_test(test_transport__addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
