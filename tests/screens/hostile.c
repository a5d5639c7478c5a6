/* Texts made to break screens, in every text of events, communities, topics and towns, in the centre's name and typed
 * at the keyboard: each screen is drawn beside its twin, which has harmless texts in the same places, and what is
 * around the texts has to be the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
#include "tests/support/picture.h"

enum { HOSTILE_ROWS = 24, HOSTILE_COLS = 80, HOSTILE_EVENTS = 100, HOSTILE_COMMUNITIES = 60, HOSTILE_TOPICS = 8 };
#define HOSTILE_MARK "Соседняя строка"

/* One is shown to residents, its twin is what it is compared with. */
struct hostile {
    const struct hostile_texts *texts; /* NULL: harmless ones */
    size_t next;
    struct desk desk;
    struct picture *picture;
};

/* ---- what the hub published */

static const char *hostile_text(struct hostile *h)
{
    return h->texts ? hostile_texts_at(h->texts, h->next++) : "Обычный текст";
}

static const char *hostile_long(struct hostile *h, struct buf *out)
{
    buf_clear(out);
    for (int i = 0; i < 30 && out->len < 3500; i++)
        buf_addf(out, "%s\n", hostile_text(h));
    return out->data;
}

static void hostile_put(struct hostile *h, struct replica_writer *w, const char *kind, const char *id, struct json *d)
{
    struct replica_position at;
    struct error e;
    struct buf text;
    buf_init(&text, 1 << 17);
    assert_int_equal(replica_writer_position(w, &at, &e), ERR_NONE);
    json_write(d, &text);
    if (item_put(w, kind, id, at.seq + 1, text.data) != 0) { /* a name of which nothing is left */
        json_put_str(d, "name", "Без имени");
        buf_clear(&text);
        json_write(d, &text);
        item_put(w, kind, id, at.seq + 2, text.data);
    }
    (void)h;
    buf_done(&text);
    json_free(d);
}

static struct json *hostile_question(struct hostile *h, const char *id, const char *type)
{
    struct json *q = json_new_object(), *options = json_new_array();
    json_put_str(q, "id", id);
    json_put_str(q, "type", type);
    json_put_str(q, "label", hostile_text(h));
    json_put_bool(q, "required", false);
    for (int i = 0; i < 3; i++)
        json_put_str(options, NULL, hostile_text(h));
    json_put(q, "options", options);
    return q;
}

static struct json *hostile_form(struct hostile *h)
{
    struct json *form = json_new_object(), *fields = json_new_array();
    json_put_str(form, "id", "f1");
    json_put_int(form, "version", 1);
    json_put(fields, NULL, hostile_question(h, "q1", "text"));
    json_put(fields, NULL, hostile_question(h, "q2", "choice"));
    json_put(form, "fields", fields);
    return form;
}

static void hostile_time(struct json *d, int i)
{
    struct json *occurrences = json_new_array(), *o = json_new_object();
    char id[37], hex[16], start[40], end[40];
    snprintf(hex, sizeof hex, "7%04x", (unsigned)i);
    snprintf(start, sizeof start, "2026-05-%02dT%02d:00:00+03:00", 13 + i / 10, 8 + i % 10);
    snprintf(end, sizeof end, "2026-05-%02dT%02d:30:00+03:00", 13 + i / 10, 8 + i % 10);
    json_put_str(o, "id", item_id(id, hex));
    json_put_str(o, "startDate", start);
    json_put_str(o, "endDate", end);
    json_put(occurrences, NULL, o);
    json_put(d, "subEvent", occurrences);
}

static void hostile_put_event(struct hostile *h, struct replica_writer *w, int i)
{
    static const char *const texts[] = {"organizerName", "addressLocality", "price", "typicalAgeRange", "url", "rrule"};
    struct json *d = json_new_object(), *place = json_new_object();
    struct hostile quiet = {.texts = NULL};
    struct hostile *from = i % 2 ? h : &quiet;
    struct buf text;
    char id[37], hex[16];
    buf_init(&text, 1 << 16);
    snprintf(hex, sizeof hex, "6%04x", (unsigned)i);
    json_put_str(d, "name", i % 2 ? hostile_text(h) : HOSTILE_MARK);
    json_put_str(d, "inLanguage", "ru");
    json_put_str(d, "tz", "Europe/Moscow");
    json_put_str(d, "description", hostile_long(from, &text));
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
        json_put_str(d, texts[k], hostile_text(from));
    json_put_str(place, "name", i % 2 ? hostile_text(h) : HOSTILE_MARK);
    json_put_str(place, "address", hostile_text(from));
    json_put(d, "location", place);
    json_put(d, "form", hostile_form(from));
    hostile_time(d, i);
    hostile_put(h, w, "event", item_id(id, hex), d);
    buf_done(&text);
}

static void hostile_put_community(struct hostile *h, struct replica_writer *w, int i)
{
    static const char *const texts[] = {"address",         "telephone", "email", "audience",
                                        "typicalAgeRange", "joining",   "meets", "url"};
    struct json *d = json_new_object();
    struct hostile quiet = {.texts = NULL};
    struct hostile *from = i % 2 ? h : &quiet;
    struct buf text;
    char id[37], hex[16];
    buf_init(&text, 1 << 16);
    snprintf(hex, sizeof hex, "5%04x", (unsigned)i);
    buf_addf(&text, "К%03d %s", i, i % 2 ? hostile_text(h) : HOSTILE_MARK); /* in a known order */
    json_put_str(d, "name", text.data);
    json_put_str(d, "inLanguage", "ru");
    json_put_str(d, "addressLocality", i % 2 == 0 ? HOSTILE_MARK : i < 20 ? hostile_text(h) : "Город");
    json_put_str(d, "description", hostile_long(from, &text));
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
        json_put_str(d, texts[k], hostile_text(from));
    hostile_put(h, w, "community", item_id(id, hex), d);
    buf_done(&text);
}

static void hostile_put_topics(struct hostile *h, struct replica_writer *w)
{
    static const char *const topics[HOSTILE_TOPICS] = {"health",   "education", "culture", "sport",
                                                       "children", "elderly",   "it",      "ecology"};
    for (int i = 0; i < HOSTILE_TOPICS; i++) {
        struct json *d = json_new_object();
        json_put_str(d, "name", hostile_text(h));
        json_put_str(d, "inLanguage", "ru");
        json_put_int(d, "position", i);
        hostile_put(h, w, "topic", topics[i], d);
    }
}

static void hostile_publish(struct hostile *h)
{
    struct replica_writer *w;
    struct error e;
    char path[4096];
    bool damaged;
    if (replica_writer_open(&w, file_join(path, h->desk.folder, "replica.db"), h->desk.zone, false, &damaged, &e))
        fail_msg("%s", e.text);
    hostile_put_topics(h, w);
    for (int i = 0; i < HOSTILE_EVENTS; i++)
        hostile_put_event(h, w, i);
    for (int i = 0; i < HOSTILE_COMMUNITIES; i++)
        hostile_put_community(h, w, i);
    replica_writer_close(w);
}

static void hostile_new(struct hostile *h, const struct hostile_texts *texts)
{
    *h = (struct hostile){.texts = texts};
    desk_new(&h->desk, "[staff]\npin = 2468\n", true);
    hostile_publish(h);
    h->picture = picture_start(&(struct picture_setup){.data = h->desk.folder, .lang = "ru", .clock = DESK_CLOCK});
}

static void hostile_done(struct hostile *h)
{
    assert_int_equal(picture_stop(h->picture), 0);
    desk_done(&h->desk);
}

/* ---- what has to be the same */

static const char *hostile_line(const char *text, int row)
{
    while (row-- > 0)
        text += strcspn(text, "\n") + 1;
    return text;
}

static bool hostile_is_marked(struct picture *p, int row)
{
    const char *line = hostile_line(picture_text(p), row), *mark = strstr(line, HOSTILE_MARK);
    return mark && mark < line + strcspn(line, "\n");
}

static void hostile_fail(struct picture *p, struct picture *twin, const char *where, int row)
{
    fprintf(stderr, "%s, row %d\n%s", where, row, picture_text(p));
    fprintf(stderr, "---- its twin\n%s", picture_text(twin));
    fail_msg("%s: row %d is not what its twin has", where, row);
}

static void hostile_compare(struct picture *p, struct picture *twin, const char *where, bool marks)
{
    int row, col;
    picture_cursor(p, &row, &col);
    assert_in_range(row, 0, HOSTILE_ROWS - 1);
    assert_in_range(col, 0, HOSTILE_COLS - 1);
    for (row = 0; row < HOSTILE_ROWS; row++) {
        bool frame =
            row < 2 || row >= HOSTILE_ROWS - 2 || (marks && hostile_is_marked(twin, row) && hostile_is_marked(p, row));
        bool margins = picture_same(p, twin, row, 0, 2) && picture_same(p, twin, row, HOSTILE_COLS - 2, 2);
        if (!margins || (frame && !picture_same(p, twin, row, 0, HOSTILE_COLS)))
            hostile_fail(p, twin, where, row);
    }
}

static void hostile_same(struct picture *p, struct picture *twin, const char *where)
{
    hostile_compare(p, twin, where, true);
}

/* Of a box over the screen: how many of its sides are there, from its upper corner to the lower one. */
static int hostile_box_rows(struct picture *p)
{
    int rows = 0, left = -1, right = -1;
    for (int row = 0; row < HOSTILE_ROWS; row++) {
        const char *line = hostile_line(picture_text(p), row), *end = line + strcspn(line, "\n");
        int at = 0, first = -1, last = -1;
        for (size_t bytes; line < end; line += bytes) {
            bool side = strncmp(line, "┌", 3) == 0 || strncmp(line, "│", 3) == 0 || strncmp(line, "└", 3) == 0 ||
                        strncmp(line, "┐", 3) == 0 || strncmp(line, "┘", 3) == 0;
            first = side && first < 0 ? at : first;
            last = side ? at : last;
            at += text_cluster(line, &bytes);
        }
        if (row < 2 || first < 0)
            continue;
        left = left < 0 ? first : left;
        right = right < 0 ? last : right;
        rows += first == left && last == right ? 1 : -100;
    }
    return rows;
}

static int hostile_marks(struct picture *p)
{
    int n = 0;
    for (int row = 0; row < HOSTILE_ROWS; row++)
        n += hostile_is_marked(p, row);
    return n;
}

static void hostile_press(struct hostile *h, struct hostile *twin, const char *keys)
{
    picture_press(h->picture, keys);
    picture_press(twin->picture, keys);
    hostile_same(h->picture, twin->picture, keys);
}

/* A dialog: a whole box, and the frame around. */
static void hostile_press_dialog(struct hostile *h, struct hostile *twin, const char *keys)
{
    picture_press(h->picture, keys);
    picture_press(twin->picture, keys);
    hostile_compare(h->picture, twin->picture, keys, false);
    if (hostile_box_rows(h->picture) < 5)
        hostile_fail(h->picture, twin->picture, "a whole box", 0);
}

/* A list: the rows between the hostile ones are there, all of them, at the same places. */
static void hostile_press_list(struct hostile *h, struct hostile *twin, const char *keys)
{
    hostile_press(h, twin, keys);
    if (hostile_marks(h->picture) != hostile_marks(twin->picture))
        hostile_fail(h->picture, twin->picture, "the rows between", 0);
}

static const struct hostile_texts *hostile_load(void)
{
    const struct hostile_texts *texts = hostile_texts_get();
    if (!texts) {
        print_message("../shared/data/hostile-text is absent\n");
        skip();
    }
    return texts;
}

/* ---- screens */

static void test_hostile__texts_stay_in_their_rows_and_pages(void **state)
{
    struct hostile h, twin;
    (void)state;
    hostile_new(&h, hostile_load());
    hostile_new(&twin, NULL);
    hostile_press_list(&h, &twin, "enter");
    hostile_press_list(&h, &twin, "1 right right right right");
    for (int i = 0; i < 17; i++)
        hostile_press_list(&h, &twin, "pgdn");
    hostile_press_dialog(&h, &twin, "f3");
    hostile_press_list(&h, &twin, "esc home");
    hostile_press_list(&h, &twin, "4");
    for (int i = 0; i < 8; i++)
        hostile_press_list(&h, &twin, "pgdn");
    hostile_press_dialog(&h, &twin, "f4");
    hostile_done(&h);
    hostile_done(&twin);
}

/* Each hostile page in turn, down to its end; the twin stays at its own first one. */
static void hostile_pages(const char *open, int first, int count)
{
    struct hostile h, twin;
    hostile_new(&h, hostile_load());
    hostile_new(&twin, NULL);
    hostile_press(&h, &twin, open);
    for (int i = 0; i < first; i++)
        hostile_press(&h, &twin, "down");
    hostile_press(&h, &twin, "enter");
    for (int i = 1; i < count; i++) {
        picture_press(h.picture, "esc down down enter");
        hostile_same(h.picture, twin.picture, open);
        picture_press(h.picture, "pgdn");
        hostile_same(h.picture, twin.picture, open);
    }
    hostile_done(&h);
    hostile_done(&twin);
}

static void test_hostile__event_pages_keep_their_frame(void **state)
{
    (void)state;
    hostile_pages("enter 1 right right right right", 5, HOSTILE_EVENTS / 2);
}

static void test_hostile__community_pages_keep_their_frame(void **state)
{
    (void)state;
    hostile_pages("enter 4", 1, HOSTILE_COMMUNITIES / 2);
}

/* Questions, answers, review, ticket; and the code on the ticket can be read whatever stands beside it. */
static void test_hostile__sign_ups_keep_their_frame(void **state)
{
    static const char *const steps[] = {
        "f5", "'Анна' enter '8 912 345-67-89' enter enter enter", "'x' enter", "1", "enter", "enter", "pgdn", "space"};
    struct hostile h, twin;
    char seen[200];
    (void)state;
    hostile_new(&h, hostile_load());
    hostile_new(&twin, NULL);
    hostile_press(&h, &twin, "enter 1 right right right right down down down down down");
    for (int i = 0; i < 6; i++) {
        hostile_press(&h, &twin, "enter");
        for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++)
            hostile_press(&h, &twin, steps[k]);
        if (!picture_has(h.picture, "Вы записаны"))
            hostile_fail(h.picture, twin.picture, "signed up", 0);
        assert_string_not_equal(picture_qr(h.picture, seen, sizeof seen), "");
        hostile_press(&h, &twin, "esc 1 right right right right down down down down down");
        for (int k = 0; k <= i; k++)
            hostile_press(&h, &twin, "down down");
    }
    hostile_done(&h);
    hostile_done(&twin);
}

/* ---- the centre's name, and what the hub is called */

static void hostile_rename(struct desk *d, const char *name)
{
    struct error e;
    struct ledger_enrolment x = {.hub = "https://hub.example",
                                 .kid = "desk234567",
                                 .scope = "all",
                                 .host = "hub.example",
                                 .root_b64 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                 .epoch = 1,
                                 .inc = 1};
    char *clean = text_dup_clean(name, strlen(name), 3 * strlen(name), TEXT_LINE);
    x.name = clean;
    if (ledger_enrol(d->ledger, &x, &e) != ERR_NONE)
        fail_msg("%s", e.text);
    free(clean);
}

/* Its name may take what it takes of the title line; the clock, and every other line, stay. */
static void test_hostile__name_of_the_centre_leaves_the_clock_alone(void **state)
{
    enum { CLOCK_COL = HOSTILE_COLS - 34 };
    const struct hostile_texts *texts = hostile_load();
    struct hostile h, twin;
    (void)state;
    hostile_new(&twin, NULL);
    picture_press(twin.picture, "enter f12 2468 enter");
    for (size_t i = 0; i < 12; i++) {
        h = (struct hostile){.texts = NULL};
        desk_new(&h.desk, "[staff]\npin = 2468\n", true);
        hostile_rename(&h.desk, hostile_texts_at(texts, i * (hostile_texts_count(texts) / 13) + 7));
        h.picture = picture_start(&(struct picture_setup){.data = h.desk.folder, .lang = "ru", .clock = DESK_CLOCK});
        picture_press(h.picture, "enter f12 2468 enter");
        if (!picture_same(h.picture, twin.picture, 0, CLOCK_COL, HOSTILE_COLS - CLOCK_COL) ||
            !picture_same(h.picture, twin.picture, HOSTILE_ROWS - 2, 0, HOSTILE_COLS))
            hostile_fail(h.picture, twin.picture, "the centre's name", 0);
        hostile_done(&h);
    }
    hostile_done(&twin);
}

/* ---- the keyboard */

/* Without the bytes that are keys which lead away, or end a line; NULL when nothing is left. */
static const char *hostile_typed(char *out, size_t size, const char *text)
{
    size_t n = 0;
    for (; *text && n + 1 < size; text++)
        if ((unsigned char)*text >= ' ' && *text != 127)
            out[n++] = *text;
    out[n] = '\0';
    return n ? out : NULL;
}

static void test_hostile__typed_texts_stay_in_their_line(void **state)
{
    static const char *const fields[] = {"name", "phone", "email", "people", "question"};
    const struct hostile_texts *texts = hostile_load();
    struct hostile h, twin;
    char typed[120];
    (void)state;
    hostile_new(&h, NULL);
    hostile_new(&twin, NULL);
    hostile_press(&h, &twin, "enter 1 right right right right down down down down enter f5");
    for (size_t field = 0; field < sizeof fields / sizeof fields[0]; field++) {
        bool counts = strcmp(fields[field], "people") == 0; /* no line to move in: there Home leaves */
        for (size_t i = field; i < hostile_texts_count(texts); i += 197) {
            const char *bytes = hostile_typed(typed, sizeof typed, hostile_texts_at(texts, i));
            if (bytes)
                picture_send(h.picture, bytes, strlen(bytes));
            hostile_same(h.picture, twin.picture, fields[field]);
            for (int k = 0; bytes && k < 3; k++)
                picture_press(h.picture, counts ? "backspace" : "backspace home delete end");
            hostile_same(h.picture, twin.picture, fields[field]);
        }
        hostile_press(&h, &twin, "down");
    }
    hostile_done(&h);
    hostile_done(&twin);
}

/* All bytes, those of keys too: wherever they lead, the clock is where it was and the program lives. */
static void test_hostile__any_bytes_from_the_keyboard_leave_the_kiosk_whole(void **state)
{
    const struct hostile_texts *texts = hostile_load();
    struct hostile h;
    int row, col;
    (void)state;
    hostile_new(&h, NULL);
    picture_press(h.picture, "enter 1 right right right right down down down down enter f5");
    for (size_t i = 0; i < hostile_texts_count(texts); i += 29) {
        const char *bytes = hostile_texts_at(texts, i);
        picture_send(h.picture, bytes, strlen(bytes));
        picture_cursor(h.picture, &row, &col);
        assert_in_range(row, 0, HOSTILE_ROWS - 1);
        assert_in_range(col, 0, HOSTILE_COLS - 1);
    }
    picture_press(h.picture, "esc esc esc esc esc home");
    assert_true(picture_has(h.picture, "13:30"));
    hostile_done(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile__texts_stay_in_their_rows_and_pages),
        cmocka_unit_test(test_hostile__event_pages_keep_their_frame),
        cmocka_unit_test(test_hostile__community_pages_keep_their_frame),
        cmocka_unit_test(test_hostile__sign_ups_keep_their_frame),
        cmocka_unit_test(test_hostile__name_of_the_centre_leaves_the_clock_alone),
        cmocka_unit_test(test_hostile__typed_texts_stay_in_their_line),
        cmocka_unit_test(test_hostile__any_bytes_from_the_keyboard_leave_the_kiosk_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
