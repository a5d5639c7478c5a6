/* What the next person, or who stands behind one, must not see: hidden fields, the question that counts down, tickets that are over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "screens/screens.h"
#include "tests/support/stand.h"

static const char *const privacy_name = "Evdokia", *const privacy_phone = "777-66-55", *const privacy_mail = "evdokia@mail.ru";

/* At the form of the first event, or at its review, or at the ticket. */
static void privacy_fill(struct stand *s)
{
    char id[CONTENT_ID];
    desk_event_id(id, DESK_PLAIN);
    shell_open(&s->ui, SCREEN_SIGNUP, id);
    stand_press(s, K_UP);
}

static void privacy_type_all(struct stand *s)
{
    stand_type(s, privacy_name);
    stand_press(s, K_ENTER);
    stand_type(s, "8 912 777-66-55");
    stand_press(s, K_ENTER);
    stand_type(s, privacy_mail);
    stand_press(s, K_ENTER);
    stand_press(s, K_ENTER);
    stand_press(s, K_ENTER);
}

static bool privacy_is_seen(struct stand *s, const char *text) { return strstr(stand_text(s), text) != NULL; }

static void privacy_sign_up(struct stand *s, char id[CONTENT_ID], char shown[CODE_SHOWN + 1])
{
    char code[CODE_LEN + 1];
    privacy_fill(s);
    privacy_type_all(s);
    stand_press(s, K_ENTER); /* to the review */
    stand_wait(s, 1000);
    stand_press(s, K_ENTER);
    assert_string_equal(shell_top_name(s->shell), "ticket");
    assert_true(desk_last(&s->d, id, code));
    code_show(shown, code);
    stand_wait(s, 1000);
}

static void test_privacy__hidden_answers_are_stars_until_the_review(void **state)
{
    struct stand s;
    (void)state;
    stand_open(&s);
    privacy_fill(&s);
    stand_type(&s, "Evd");
    stand_sees(&s, "Evd");
    stand_press(&s, K_F6);
    assert_false(privacy_is_seen(&s, "Evd"));
    stand_sees(&s, "***");
    stand_sees(&s, "F6 Show");
    stand_press(&s, K_BACKSPACE);
    stand_press(&s, K_BACKSPACE);
    stand_press(&s, K_BACKSPACE);
    privacy_type_all(&s);
    stand_sees(&s, "filled in, hidden");
    assert_false(privacy_is_seen(&s, privacy_name) || privacy_is_seen(&s, privacy_phone) || privacy_is_seen(&s, privacy_mail));
    stand_press(&s, K_ENTER);
    assert_true(privacy_is_seen(&s, privacy_name) && privacy_is_seen(&s, privacy_phone) && privacy_is_seen(&s, privacy_mail));
    stand_press(&s, K_ESC); /* back in the form they are hidden again */
    assert_false(privacy_is_seen(&s, privacy_name) || privacy_is_seen(&s, privacy_phone) || privacy_is_seen(&s, privacy_mail));
    stand_press(&s, K_F6);
    assert_true(privacy_is_seen(&s, privacy_name) && privacy_is_seen(&s, privacy_phone) && privacy_is_seen(&s, privacy_mail));
    stand_close(&s);
}

static void test_privacy__question_counts_down_in_words(void **state)
{
    struct stand s;
    (void)state;
    stand_open(&s);
    privacy_fill(&s);
    stand_type(&s, privacy_name);
    stand_wait(&s, STAND_IDLE_MS);
    stand_sees(&s, "In 20 seconds everything");
    stand_wait(&s, 1000);
    stand_sees(&s, "In 19 seconds everything");
    stand_wait(&s, 18000);
    stand_sees(&s, "In 1 second everything");
    stand_press(&s, K_UP); /* still here: nothing is lost */
    stand_sees(&s, privacy_name);
    stand_wait(&s, STAND_IDLE_MS + STAND_GONE_MS);
    assert_string_equal(shell_top_name(s.shell), "attract");
    stand_close(&s);
}

/* Everything a next person may press, in an order that repeats with the seed; the code itself is nothing they know. */
static void privacy_press_on(struct stand *s, unsigned seed, const char *const secrets[], int count)
{
    static const int keys[] = {K_ENTER, K_ESC, K_UP, K_DOWN, K_LEFT, K_RIGHT, K_HOME, K_END, K_PAGE_UP, K_PAGE_DOWN, K_TAB,
                               K_BACKTAB, K_BACKSPACE, K_DELETE, K_F1, K_F2, K_F3, K_F4, K_F5, K_F6, K_F7, K_F8, K_F9, K_F10, K_F11,
                               K_F12, ' ', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'p', 'c', '?'};
    for (int i = 0; i < 400; i++) {
        seed = seed * 1103515245u + 12345u;
        stand_press(s, keys[(seed >> 16) % (sizeof keys / sizeof keys[0])]);
        const char *text = stand_text(s);
        for (int k = 0; k < count; k++)
            if (strstr(text, secrets[k]))
                fail_msg("seed %u, key %d: %s is on the screen:\n%s", seed, i, secrets[k], text);
    }
}

static void test_privacy__last_ticket_cannot_be_reached(void **state)
{
    static const struct {
        const char *name;
        int key; /* 0: the person just walks away */
    } rows[] = {{"Done", K_ENTER}, {"Esc", K_ESC}, {"start page", K_HOME}, {"walks away", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct stand s;
        char id[CONTENT_ID], shown[CODE_SHOWN + 1];
        stand_open(&s);
        privacy_sign_up(&s, id, shown);
        stand_sees(&s, "You are signed up");
        if (rows[i].key)
            stand_press(&s, rows[i].key);
        else
            stand_wait(&s, STAND_IDLE_MS + STAND_GONE_MS + 1000);
        const char *const secrets[] = {shown, "You are signed up", privacy_name, privacy_phone, privacy_mail};
        for (unsigned seed = 1; seed <= 5; seed++)
            privacy_press_on(&s, seed * 7919u + (unsigned)i, secrets, sizeof secrets / sizeof secrets[0]);
        stand_close(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_privacy__hidden_answers_are_stars_until_the_review),
        cmocka_unit_test(test_privacy__question_counts_down_in_words),
        cmocka_unit_test(test_privacy__last_ticket_cannot_be_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
