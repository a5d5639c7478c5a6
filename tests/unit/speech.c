/* The voice: what is sent to a speech server, and what is said of the screens. The server is a socket of the test. */
#include "kiosk/ui/speech.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/ui/talk.h"
#include "screens/screens.h"
#include "tests/support/folder.h"
#include "tests/support/stand.h"

struct server {
    char folder[FOLDER_PATH], path[FOLDER_FILE];
    int listener, fd;
    struct buf got;
    size_t read; /* of got: lines answered */
    bool text;   /* the lines of a text, up to a dot */
    const char *refuse; /* commands that begin so get an error */
};

static void server_open(struct server *v)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    *v = (struct server){.fd = -1};
    folder_new(v->folder);
    folder_file(v->path, v->folder, "s");
    snprintf(at.sun_path, sizeof at.sun_path, "%.107s", v->path);
    v->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(v->listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(v->listener, 4), 0);
    buf_init(&v->got, 1 << 16);
}

static void server_close(struct server *v)
{
    close(v->listener);
    if (v->fd >= 0)
        close(v->fd);
    buf_done(&v->got);
    unlink(v->path);
    folder_remove(v->folder);
}

static void server_reply(const struct server *v, const char *line)
{
    char all[200];
    int n = snprintf(all, sizeof all, "%s\r\n", line);
    assert_int_equal(send(v->fd, all, (size_t)n, MSG_NOSIGNAL), n);
}

static void server_answer(struct server *v, const char *line)
{
    bool ends = v->text && strcmp(line, ".") == 0;
    if (v->text && !ends)
        return;
    if (v->refuse && strncmp(line, v->refuse, strlen(v->refuse)) == 0) {
        server_reply(v, "409 ERR RETURNED ERROR");
        return;
    }
    if (strcmp(line, "SPEAK") == 0) {
        v->text = true;
        server_reply(v, "230 OK RECEIVING DATA");
    } else if (ends) {
        v->text = false;
        server_reply(v, "225-21");
        server_reply(v, "225 OK MESSAGE QUEUED");
    } else {
        server_reply(v, "208 OK CLIENT NAME SET");
    }
}

/* Takes what has come and answers each line. */
static bool server_turn(struct server *v)
{
    char bytes[512], line[3000];
    ssize_t n = v->fd < 0 ? 0 : recv(v->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (v->fd < 0)
        v->fd = accept(v->listener, NULL, NULL);
    if (n > 0)
        buf_add(&v->got, bytes, (size_t)n);
    bool any = n > 0;
    for (char *end; (end = strstr(v->got.data + v->read, "\r\n")); any = true) {
        snprintf(line, sizeof line, "%.*s", (int)(end - v->got.data - (long)v->read), v->got.data + v->read);
        v->read = (size_t)(end - v->got.data) + 2;
        server_answer(v, line);
    }
    return any;
}

static const char *server_talks(struct server *v, struct speech *s)
{
    bool more = true;
    for (int quiet = 0; quiet < 3; quiet = more ? 0 : quiet + 1) {
        more = server_turn(v);
        if (speech_fd(s) >= 0)
            speech_ready(s);
    }
    return v->got.data;
}

static void test_speech__sends_what_ssip_wants(void **state)
{
    struct server v;
    (void)state;
    server_open(&v);
    struct speech *s = speech_new(v.path);
    speech_say(s, "ru", "Афиша. 1 из 5", 1000);
    assert_string_equal(server_talks(&v, s), "SET SELF CLIENT_NAME sosedi:kiosk:main\r\nCANCEL SELF\r\nSET SELF LANGUAGE ru\r\nSPEAK\r\n"
                                             "Афиша. 1 из 5\r\n.\r\n");
    buf_clear(&v.got);
    v.read = 0;
    speech_say(s, "en", ".dot\r\n.\r\nSET SELF RATE 100", 2000); /* no line of its own, whatever is in it */
    assert_string_equal(server_talks(&v, s), "CANCEL SELF\r\nSET SELF LANGUAGE en\r\nSPEAK\r\n..dot . SET SELF RATE 100\r\n.\r\n");
    buf_clear(&v.got);
    v.read = 0;
    speech_say(s, "en", "", 3000);
    assert_string_equal(server_talks(&v, s), "CANCEL SELF\r\n");
    speech_free(s);
    server_close(&v);
}

static void test_speech__the_newest_words_replace_the_older(void **state)
{
    struct server v;
    (void)state;
    server_open(&v);
    struct speech *s = speech_new(v.path);
    for (int i = 0; i < 1000; i++) {
        char text[40];
        snprintf(text, sizeof text, "row %d.", i);
        speech_say(s, "en", text, 1000);
    }
    const char *got = server_talks(&v, s);
    assert_non_null(strstr(got, "row 999."));
    assert_null(strstr(got, "row 500."));
    speech_free(s);
    server_close(&v);
}

static void test_speech__survives_every_server(void **state)
{
    static const struct {
        const char *name, *refuse;
    } rows[] = {{"no name", "SET SELF CLIENT"}, {"no cancel", "CANCEL"}, {"no language", "SET SELF LANG"}, {"no speaking", "SPEAK"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct server v;
        server_open(&v);
        v.refuse = rows[i].refuse;
        struct speech *s = speech_new(v.path);
        speech_say(s, "en", "one", 1000);
        server_talks(&v, s);
        speech_say(s, "en", "two", 2000);
        const char *got = server_talks(&v, s);
        if ((strstr(got, "two\r\n") != NULL) != (strcmp(rows[i].refuse, "SPEAK") != 0))
            fail_msg("%s: %s", rows[i].name, got);
        speech_free(s);
        server_close(&v);
    }
}

/* Silence: nobody listens, the other end goes away, is deaf, or talks nonsense. Nothing waits for it, and it is tried again. */
static void test_speech__comes_back_after_silence(void **state)
{
    struct server v;
    (void)state;
    struct speech *s = speech_new("/nonexistent/socket");
    speech_say(s, "en", "one", 1000);
    assert_int_equal(speech_fd(s), -1);
    speech_free(s);
    server_open(&v);
    s = speech_new(v.path);
    for (int i = 0; i < 20000; i++) /* a server that reads nothing */
        speech_say(s, "en", "a rather long text that fills whatever room there is for it in the socket", 1000);
    assert_true(speech_fd(s) >= 0);
    server_turn(&v);
    static const char nonsense[] = "\377\0200 \r\n999 x\r\n12\r\n\r\n";
    assert_int_equal(send(v.fd, nonsense, sizeof nonsense, 0), sizeof nonsense);
    speech_ready(s);
    close(v.fd);
    v.fd = -1;
    speech_ready(s);
    assert_int_equal(speech_fd(s), -1);
    speech_say(s, "en", "too soon", 1100);
    assert_int_equal(speech_fd(s), -1);
    buf_clear(&v.got);
    v.read = 0;
    speech_say(s, "en", "again", 1000 + SPEECH_AGAIN_MS);
    assert_non_null(strstr(server_talks(&v, s), "again\r\n"));
    speech_free(s);
    server_close(&v);
}

/* ---- what is said of the screens */

struct ear {
    struct stand stand;
    struct talk talk;
    char text[TALK_TEXT];
};

static const char *ear_hears(struct ear *e)
{
    talk_look(&e->talk, e->stand.shell, e->text, sizeof e->text);
    return e->text;
}

static void test_talk__says_screens_focus_letters_and_messages(void **state)
{
    struct ear e;
    (void)state;
    memset(&e, 0, sizeof e);
    stand_open(&e.stand);
    assert_non_null(strstr(ear_hears(&e), "Start page. 1 of "));
    assert_string_equal(ear_hears(&e), ""); /* nothing is new */
    stand_press(&e.stand, K_DOWN);
    assert_non_null(strstr(ear_hears(&e), ". 2 of "));
    assert_null(strstr(e.text, "Start page"));
    stand_press(&e.stand, K_F8);
    assert_non_null(strstr(ear_hears(&e), "Strong contrast is on"));
    stand_press(&e.stand, '9');
    assert_non_null(strstr(ear_hears(&e), "My ticket"));
    stand_press(&e.stand, '4');
    assert_string_equal(ear_hears(&e), "4");
    stand_press(&e.stand, 'x');
    assert_string_equal(ear_hears(&e), "X");
    stand_press(&e.stand, K_F1);
    assert_non_null(strstr(ear_hears(&e), "Move the mark to another row")); /* a page to read is read */
    stand_close(&e.stand);
}

static void test_talk__hidden_letters_are_not_said(void **state)
{
    struct ear e;
    char id[CONTENT_ID];
    (void)state;
    memset(&e, 0, sizeof e);
    stand_open(&e.stand);
    desk_event_id(id, DESK_PLAIN);
    shell_open(&e.stand.ui, SCREEN_SIGNUP, id);
    stand_wait(&e.stand, 1);
    stand_press(&e.stand, K_F6);
    ear_hears(&e);
    for (const char *c = "Evdokia"; *c; c++) {
        stand_press(&e.stand, *c);
        assert_string_equal(ear_hears(&e), "");
    }
    stand_press(&e.stand, K_ENTER);
    assert_non_null(strstr(ear_hears(&e), "Phone"));
    stand_wait(&e.stand, STAND_IDLE_MS);
    assert_non_null(strstr(ear_hears(&e), "Are you still here?"));
    stand_wait(&e.stand, STAND_GONE_MS);
    assert_string_equal(ear_hears(&e), "");
    assert_string_equal(e.talk.last.focus, ""); /* nothing of the person is kept */
    stand_close(&e.stand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_speech__sends_what_ssip_wants),
        cmocka_unit_test(test_speech__the_newest_words_replace_the_older),
        cmocka_unit_test(test_speech__survives_every_server),
        cmocka_unit_test(test_speech__comes_back_after_silence),
        cmocka_unit_test(test_talk__says_screens_focus_letters_and_messages),
        cmocka_unit_test(test_talk__hidden_letters_are_not_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
