/* kiosk --plain as a person with a braille terminal meets it: through a pipe and through a pseudo-terminal, in both languages. */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"
#include "kiosk/base/file.h"
#include "kiosk/base/json.h"
#include "kiosk/base/text.h"
#include "kiosk/store/replica_write.h"
#include "tests/support/desk.h"
#include "tests/support/feed.h"
#include "tests/support/hostile.h"

enum { TALK_WAIT_MS = 60000 };

/* The program and what it has said to the last line. */
struct talk {
    pid_t pid;
    int in, out; /* the test's ends */
    int slave;   /* of the pseudo-terminal; -1: pipes */
    struct buf said, all;
};

static void talk_exec(const struct desk *d, const char *lang, int in, int out)
{
    char self[4096], program[4096];
    file_program_dir(self);
    file_join(program, self, "../../bin/kiosk");
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    for (int fd = 3; fd < 64; fd++)
        close(fd);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("SOSEDI_CLOCK", DESK_CLOCK, 1);
    unsetenv("TERM"); /* none is needed */
    execl(program, program, "--plain", "--data", d->folder, "--lang", lang, (char *)NULL);
    _exit(127);
}

static bool talk_has_prompt(const struct buf *b)
{
    return (b->len == 2 || (b->len > 2 && b->data[b->len - 3] == '\n')) && strcmp(b->data + b->len - 2, "> ") == 0;
}

/* What is said up to the next prompt. */
static const char *talk_hear(struct talk *t)
{
    char bytes[4096];
    buf_clear(&t->said);
    while (!talk_has_prompt(&t->said)) {
        struct pollfd p = {.fd = t->out, .events = POLLIN};
        if (poll(&p, 1, TALK_WAIT_MS) <= 0)
            fail_msg("no answer; so far:\n%s", t->said.data);
        ssize_t n = read(t->out, bytes, sizeof bytes);
        if (n <= 0)
            fail_msg("the program has ended; so far:\n%s", t->all.data);
        for (ssize_t i = 0; i < n; i++)
            if (bytes[i] != '\r' || t->slave < 0) { /* a terminal makes CR LF of LF */
                buf_add_char(&t->said, bytes[i]);
                buf_add_char(&t->all, bytes[i]);
            }
    }
    return t->said.data;
}

static void talk_start(struct talk *t, const struct desk *d, const char *lang, bool terminal)
{
    int in[2], out[2];
    *t = (struct talk){.slave = -1};
    buf_init(&t->said, 1 << 20);
    buf_init(&t->all, 1 << 23);
    if (terminal && openpty(&in[1], &in[0], NULL, NULL, NULL) == 0) {
        t->slave = in[0];
        out[0] = in[1];
        out[1] = in[0];
    } else if (terminal || pipe(in) != 0 || pipe(out) != 0) {
        fail_msg("no pipe: %s", error_errno(errno));
    }
    t->pid = fork();
    if (t->pid == 0)
        talk_exec(d, lang, in[0], out[1]);
    t->in = in[1];
    t->out = out[0];
    if (!terminal) {
        close(in[0]);
        close(out[1]);
    }
    talk_hear(t);
}

static int talk_end(struct talk *t)
{
    int status = 0;
    kill(t->pid, SIGTERM);
    waitpid(t->pid, &status, 0);
    close(t->in);
    if (t->out != t->in)
        close(t->out);
    if (t->slave >= 0)
        close(t->slave);
    buf_done(&t->said);
    buf_done(&t->all);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static const char *talk_bytes(struct talk *t, const char *bytes, size_t n)
{
    assert_int_equal(write(t->in, bytes, n), n);
    return talk_hear(t);
}

static const char *talk_line(struct talk *t, const char *line)
{
    char text[600];
    int n = snprintf(text, sizeof text, "%s\n", line);
    return talk_bytes(t, text, (size_t)n);
}

static void talk_expects(const char *said, const char *part)
{
    if (!strstr(said, part))
        fail_msg("no \"%s\" in:\n%s", part, said);
}

static int plain_setup(void **state)
{
    static struct desk d;
    desk_new(&d, "[staff]\npin = 2468\n", true);
    *state = &d;
    return 0;
}

static int plain_teardown(void **state)
{
    desk_done(*state);
    return 0;
}

/* What a resident looks for in each answer. */
static const struct plain_words {
    const char *lang, *home, *sign_up, *no_name, *review, *booked, *done, *cancelled, *keep, *enter;
} plain_words[] = {
    {"ru", "Что вы хотите сделать?", "Записаться", "Пожалуйста, заполните эту строку.", "Всё верно?", "Вы записаны", "Готово",
     "Эта запись отменена", "Нет, оставить", "Просто Enter: "},
    {"en", "What would you like to do?", "Sign up", "Please fill this in.", "Is everything right?", "You are signed up", "Done",
     "This sign-up is cancelled", "No, keep it", "Enter alone: "},
};

/* "4 D X F 9 - 2 R V 7 3" as it is spelled. */
static void plain_spell(const char *code, char out[2 * CODE_SHOWN + 2])
{
    char shown[CODE_SHOWN + 1];
    size_t n = 0;
    code_show(shown, code);
    for (int i = 0; shown[i]; i++) {
        out[n++] = shown[i];
        out[n++] = ' ';
    }
    out[n - 1] = '\0';
}

static void plain_walk(struct desk *d, const struct plain_words *w, bool terminal)
{
    struct talk t;
    char id[CONTENT_ID], code[CODE_LEN + 1], spelled[2 * CODE_SHOWN + 2], cancel[8];
    talk_start(&t, d, w->lang, terminal);
    talk_expects(talk_line(&t, ""), w->home);
    talk_expects(talk_line(&t, "1"), "1. 15:00");
    talk_expects(talk_line(&t, "1"), w->sign_up);
    talk_expects(talk_line(&t, "1"), w->enter + strlen(w->enter) - 1);
    talk_expects(talk_line(&t, ""), w->no_name);
    talk_expects(talk_line(&t, "Анна_1 Петрова"), "Анна_1 Петрова\n");
    talk_expects(talk_line(&t, "8 912 345-67-89"), "+7 912 345-67-89");
    talk_line(&t, "");
    talk_line(&t, "2");
    talk_line(&t, "1");
    const char *review = talk_line(&t, "");
    talk_expects(review, w->review);
    talk_expects(review, "Анна_1 Петрова\n"); /* everything once more, though it was said before */
    talk_expects(review, "+7 912 345-67-89");
    const char *ticket = talk_line(&t, "");
    talk_expects(ticket, w->booked);
    assert_true(desk_last(d, id, code));
    plain_spell(code, spelled);
    talk_expects(ticket, spelled);
    talk_expects(ticket, w->done);
    talk_expects(talk_line(&t, ""), w->home);
    talk_expects(talk_line(&t, "9"), "4DXF9-2RV73"); /* my ticket, with an example of a code */
    ticket = talk_line(&t, code);
    talk_expects(ticket, spelled);
    const char *at = strstr(ticket, w->lang[0] == 'r' ? ". Отменить запись" : ". Cancel the sign-up");
    assert_non_null(at);
    snprintf(cancel, sizeof cancel, "%c", at[-1]);
    talk_expects(talk_line(&t, cancel), w->keep);
    talk_expects(talk_line(&t, "2"), w->cancelled);
    talk_expects(talk_line(&t, ""), w->home);
    talk_line(&t, ".esc");
    assert_null(strchr(t.all.data, 033));
    assert_int_equal(talk_end(&t), 0);
}

static void test_plain__from_the_programme_to_a_ticket_and_back_through_a_pipe(void **state)
{
    plain_walk(*state, &plain_words[0], false);
    plain_walk(*state, &plain_words[1], false);
}

static void test_plain__the_same_on_a_terminal(void **state)
{
    plain_walk(*state, &plain_words[0], true);
    plain_walk(*state, &plain_words[1], true);
}

/* Keys that end or stop other programs do nothing, a PIN is not echoed, and the terminal is as before when it is over. */
static void test_plain__terminal_is_safe_and_restored(void **state)
{
    struct talk t;
    struct termios before, during, after;
    int master, slave;
    assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
    assert_int_equal(tcgetattr(slave, &before), 0);
    close(master);
    close(slave);
    talk_start(&t, *state, "en", true);
    talk_expects(talk_bytes(&t, "\003\032\034\004\023\n", 6), "What would you like to do?");
    talk_expects(talk_line(&t, "f12"), "PIN");
    assert_int_equal(tcgetattr(t.slave, &during), 0);
    assert_false(during.c_lflag & ECHO);
    assert_null(strstr(talk_line(&t, "9753"), "9753"));
    talk_line(&t, ".esc");
    assert_int_equal(tcgetattr(t.slave, &during), 0);
    assert_true(during.c_lflag & ECHO);
    kill(t.pid, SIGTERM);
    waitpid(t.pid, NULL, 0);
    assert_int_equal(tcgetattr(t.slave, &after), 0);
    assert_int_equal(after.c_lflag, before.c_lflag);
    assert_int_equal(after.c_iflag, before.c_iflag);
    assert_memory_equal(after.c_cc, before.c_cc, sizeof after.c_cc);
    t.pid = fork(); /* something for talk_end to end */
    if (t.pid == 0)
        _exit(0);
    talk_end(&t);
}

/* Bytes that are no line of any person, in all sizes. */
static void test_plain__odd_input_is_survived(void **state)
{
    static const char *const rows[] = {"\033[A\033[6~\n", "\377\376\300\257\n", "\033]52;c;AAAA\007\n", "\001\002\003\177\n", "\r\n",
                                       "0\n", ".\n", "..\n", "-1\n", "99999999999999999999\n", "007\n", "\342\200\256abc\n"};
    struct talk t;
    char *long_line = mem_new(1, 100001);
    memset(long_line, 'x', 100000);
    long_line[99999] = '\n';
    talk_start(&t, *state, "ru", false);
    for (int at = 0; at < 4; at++) { /* the first screen, the start page, events, an event */
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
            talk_bytes(&t, rows[i], strlen(rows[i]));
        for (size_t sent = 0; sent < 100000; sent += 50000)
            assert_int_equal(write(t.in, long_line + sent, 50000), 50000);
        talk_hear(&t);
        talk_bytes(&t, "a\0b\n", 4);
        talk_line(&t, "1");
    }
    assert_null(strchr(t.all.data, 033));
    assert_int_equal(talk_end(&t), 0);
    free(long_line);
}

static void test_plain__end_of_input_ends_it(void **state)
{
    struct talk t;
    int status;
    talk_start(&t, *state, "en", false);
    close(t.in);
    waitpid(t.pid, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 1);
    close(t.out);
    buf_done(&t.said);
    buf_done(&t.all);
}

/* Numbers above nine, portions of a long list, rows leafed to. */
static void test_plain__long_lists_come_in_portions(void **state)
{
    struct desk d;
    struct talk t;
    struct replica_writer *w;
    struct error e;
    char path[4096], id[37], hex[16], json[300];
    bool damaged;
    (void)state;
    desk_new(&d, NULL, true);
    assert_int_equal(replica_writer_open(&w, file_join(path, d.folder, "replica.db"), d.zone, false, &damaged, &e), ERR_NONE);
    for (int i = 1; i <= 60; i++) {
        snprintf(hex, sizeof hex, "5%04x", (unsigned)i);
        snprintf(json, sizeof json, "{\"name\":\"Кружок %03d\",\"inLanguage\":\"ru\",\"description\":\"Текст\"}", i);
        assert_int_equal(item_put(w, "community", item_id(id, hex), 1000 + i, json), 0);
    }
    replica_writer_close(w);
    talk_start(&t, &d, "ru", false);
    talk_line(&t, "");
    const char *list = talk_line(&t, "4");
    talk_expects(list, "10. Кружок 010");
    talk_expects(list, " из 60.");
    assert_null(strstr(list, "Кружок 020"));
    list = talk_line(&t, "ещё");
    talk_expects(list, "20. Кружок 020");
    assert_null(strstr(list, "Кружок 010"));
    talk_expects(talk_line(&t, "57"), "Кружок 057");
    talk_line(&t, "н");
    talk_expects(talk_line(&t, "2"), "Кружок 002");
    assert_int_equal(talk_end(&t), 0);
    desk_done(&d);
}

/* ---- hostile texts */

static bool plain_is_safe(const char *s, size_t n)
{
    uint32_t cp;
    for (size_t used; n > 0; s += used, n -= used) {
        used = text_decode(s, n, &cp);
        if ((cp < 0x20 && cp != '\n') || (cp >= 0x7F && cp < 0xA0) || (cp == 0xFFFD && used == 1))
            return false;
        if (cp == 0x200E || cp == 0x200F || (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069))
            return false;
    }
    return true;
}

static void test_plain__hostile_texts_are_only_text(void **state)
{
    const struct hostile_texts *texts = hostile_texts_get();
    struct desk d;
    struct talk t;
    struct replica_writer *w;
    struct error e;
    struct buf text;
    char path[4096], id[37], hex[16], row[16];
    bool damaged;
    (void)state;
    if (!texts)
        skip();
    desk_new(&d, NULL, true);
    buf_init(&text, 1 << 16);
    assert_int_equal(replica_writer_open(&w, file_join(path, d.folder, "replica.db"), d.zone, false, &damaged, &e), ERR_NONE);
    for (int i = 1; i <= 120; i++) {
        struct json *o = json_new_object();
        snprintf(hex, sizeof hex, "5%04x", (unsigned)i);
        json_put_str(o, "name", hostile_texts_at(texts, (size_t)i * 37));
        json_put_str(o, "description", hostile_texts_at(texts, (size_t)i * 41));
        json_put_str(o, "inLanguage", "ru");
        buf_clear(&text);
        json_write(o, &text);
        item_put(w, "community", item_id(id, hex), 1000 + i, text.data); /* one of which nothing is left is refused */
        json_free(o);
    }
    replica_writer_close(w);
    talk_start(&t, &d, "ru", false);
    talk_line(&t, "");
    talk_line(&t, "4");
    for (int i = 1; i <= 40; i++) {
        snprintf(row, sizeof row, "%d", i);
        talk_line(&t, row);
        talk_line(&t, ".esc");
    }
    assert_true(plain_is_safe(t.all.data, t.all.len));
    assert_int_equal(talk_end(&t), 0);
    buf_done(&text);
    desk_done(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain__from_the_programme_to_a_ticket_and_back_through_a_pipe),
        cmocka_unit_test(test_plain__the_same_on_a_terminal),
        cmocka_unit_test(test_plain__terminal_is_safe_and_restored),
        cmocka_unit_test(test_plain__odd_input_is_survived),
        cmocka_unit_test(test_plain__end_of_input_ends_it),
        cmocka_unit_test(test_plain__long_lists_come_in_portions),
        cmocka_unit_test(test_plain__hostile_texts_are_only_text),
    };
    return cmocka_run_group_tests(tests, plain_setup, plain_teardown);
}
