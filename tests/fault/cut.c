/* The power goes at every position of an act: what was written and not synced is kept, lost, torn, in any mixture. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/sql.h"
#include "tests/support/diskvfs.h"
#include "tests/support/enrolled.h"

enum { CUT_ROUNDS = 4, CUT_MOST = 400 };

/* xorshift: the same in every run. */
static uint32_t cut_random(void *context, uint32_t bound)
{
    uint32_t *x = context;
    *x ^= *x << 13;
    *x ^= *x >> 17;
    *x ^= *x << 5;
    return *x % bound;
}

static enum err cut_sign_up(struct enrolled *x, struct error *e)
{
    struct ticket t;
    x->draft.party = 2;
    return ledger_sign_up(x->l, &x->draft, &t, e);
}

/* An acknowledgement and a lease. */
static enum err cut_reply(struct enrolled *x, struct error *e)
{
    struct ledger_grant g = {.lease = 9, .event = ENROLLED_EVENT, .first = 21, .last = 24, .terms = 1, .sig = "sig"};
    enum err code = ledger_reply_begin(x->l, e);
    if (!code)
        code = ledger_reply_ack(x->l, 1, 50, 0, e);
    if (!code)
        code = ledger_reply_grant(x->l, &g, e);
    if (!code)
        return ledger_reply_commit(x->l, e);
    ledger_reply_abort(x->l);
    return code;
}

static enum err cut_incarnation(struct enrolled *x, struct error *e)
{
    return ledger_new_incarnation(x->l, 2, 1, true, e);
}

static const struct cut_act {
    const char *name;
    enum err (*act)(struct enrolled *x, struct error *e);
    const char *done; /* 1 when it is there */
    /* Each gives one number before and one after: anything else is half an act. */
    const char *query[4];
    int before[4], after[4];
} cut_acts[] = {
    {"sign-up",
     cut_sign_up,
     "SELECT count(*) = 2 FROM signup",
     {"SELECT count(*) FROM signup", "SELECT count(*) FROM op WHERE kind = 'signup'", "SELECT count(*) FROM job",
      "SELECT count(*) FROM stock"},
     {1, 1, 1, 6},
     {2, 2, 2, 4}},
    {"reply",
     cut_reply,
     "SELECT count(*) = 2 FROM lease",
     {"SELECT count(*) FROM lease", "SELECT count(*) FROM stock", "SELECT count(*) FROM op WHERE opseq = 50",
      "SELECT CAST(coalesce(max(value), '0') AS INTEGER) FROM meta WHERE name = 'ack_n'"},
     {1, 6, 0, 0},
     {2, 10, 1, 1}},
    {"incarnation",
     cut_incarnation,
     "SELECT count(*) = 1 FROM meta WHERE name = 'inc' AND value = '2'",
     {"SELECT count(*) FROM stock", "SELECT count(*) FROM lease WHERE held = 1", "SELECT count(*) FROM signup",
      "SELECT count(*) FROM op WHERE kind = 'signup'"},
     {6, 1, 1, 1},
     {0, 0, 1, 1}},
};

static void cut_check(struct enrolled *x, const struct cut_act *a, bool told, int64_t n)
{
    struct error e = {0};
    if (ledger_open(&x->l, x->folder, &x->clock, true, &e))
        fail_msg("%s, cut at %d: %s", a->name, (int)n, e.text);
    if (enrolled_count(x, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'") != 0 ||
        enrolled_count(x, "SELECT count(*) FROM meta WHERE name = 'anchor_lost' AND value = '1'") != 0)
        fail_msg("%s, cut at %d: damaged", a->name, (int)n);
    bool done = enrolled_count(x, a->done) == 1;
    if (told && !done)
        fail_msg("%s, cut at %d: what was told is lost", a->name, (int)n);
    for (size_t i = 0; i < sizeof a->query / sizeof a->query[0]; i++) {
        int64_t got = enrolled_count(x, a->query[i]);
        if (got != (done ? a->after[i] : a->before[i]))
            fail_msg("%s, cut at %d, %s: %s is %d", a->name, (int)n, done ? "done" : "not done", a->query[i], (int)got);
    }
    enrolled_sign_up(x);
    ledger_close(x->l);
}

/* A cut at the nth change; true: the act was over before it. */
static bool cut_at(struct enrolled *x, struct disk *disk, const struct cut_act *a, int64_t n, enum disk_loss loss,
                   uint32_t *seed)
{
    struct error e;
    bool told = false;
    disk_crash_after(disk, n);
    if (ledger_open(&x->l, x->folder, &x->clock, true, &e) == ERR_NONE) {
        told = a->act(x, &e) == ERR_NONE;
        ledger_close(x->l);
    }
    bool untouched = !disk_is_dead(disk);
    disk_crash_after(disk, 0);
    disk_reboot(disk, loss, cut_random, seed);
    cut_check(x, a, told, n);
    return untouched;
}

static void cut_everywhere(const struct cut_act *a, struct enrolled *x, struct disk *disk,
                           const struct disk_image *image, uint32_t *seed)
{
    int64_t n = 1;
    for (bool over = false; !over; n++) {
        assert_in_range(n, 1, CUT_MOST);
        for (int round = 0; round < CUT_ROUNDS; round++) {
            disk_image_put(disk, image);
            over = cut_at(x, disk, a, n, round == 0 ? DISK_LOSES : round == 1 ? DISK_KEEPS : DISK_GAMBLES, seed);
        }
    }
    print_message("%s: %d positions, each %d times\n", a->name, (int)n, CUT_ROUNDS);
}

static void test_cut__an_act_survives_the_power_or_never_was(void **state)
{
    const char *given = getenv("SOSEDI_SEED");
    uint32_t seed = given ? (uint32_t)strtoul(given, NULL, 10) | 1 : 20261123;
    struct enrolled x;
    struct error e;
    char folder[FOLDER_PATH];
    (void)state;
    /* The disk begins before the first file: enrolled_new makes the ledger on it, in a folder of its own. */
    folder_new(folder);
    assert_int_equal(setenv("TMPDIR", folder, 1), 0);
    struct disk *disk = disk_new(folder);
    enrolled_new(&x);
    x.event.capacity = 40;
    enrolled_sign_up(&x);
    enrolled_grant(&x, 7, 11, 16, 1);
    ledger_close(x.l);
    struct disk_image *image = disk_image_take(disk);
    for (size_t i = 0; i < sizeof cut_acts / sizeof cut_acts[0]; i++)
        cut_everywhere(&cut_acts[i], &x, disk, image, &seed);
    /* A second cut while the first is recovered from. */
    for (int64_t n = 1; n <= 12; n++) {
        disk_image_put(disk, image);
        disk_crash_after(disk, 4 + n);
        if (ledger_open(&x.l, x.folder, &x.clock, true, &e) == ERR_NONE) {
            bool told = cut_sign_up(&x, &e) == ERR_NONE;
            ledger_close(x.l);
            assert_false(told && !disk_is_dead(disk) && n < 3);
        }
        disk_reboot(disk, DISK_GAMBLES, cut_random, &seed);
        cut_at(&x, disk,
               &(struct cut_act){.name = "twice",
                                 .act = cut_sign_up,
                                 .done = "SELECT count(*) > 1 FROM signup",
                                 .query = {"SELECT 0", "SELECT 0", "SELECT 0", "SELECT 0"}},
               n, DISK_GAMBLES, &seed);
    }
    disk_image_free(image);
    disk_free(disk);
    folder_remove(x.folder);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut__an_act_survives_the_power_or_never_was),
    };
    diskvfs_register();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
