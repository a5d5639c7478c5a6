/* act: does at a kiosk's ledger what people do at its screen, from a command line. For tests of whole processes.
 *   act DIR events                                  occurrence TAB title, soonest first
 *   act DIR count                                   how many events there are; "damaged" when the replica is
 *   act DIR signup OCCURRENCE NAME PHONE [PARTY]    prints code TAB id TAB state
 *   act DIR resources                               id TAB name
 *   act DIR request RESOURCE NAME PHONE MESSAGE     prints the same
 *   act DIR cancel CODE | ticket CODE | find CODE   prints state TAB seats TAB id TAB place in the queue
 *   act DIR status                                  unsent=N unsafe=N fault=WORD contact=0|1
 *   act DIR stock OCCURRENCE                        seats that may be sold here
 *   act DIR kid                                     the kiosk's name on the wire
 *   act DIR digest                                  hash over all that the replica says, its own numbers left out
 *   act DIR stick [ask]                             what is said of a USB stick: STATE FAULT; ask: by the staff page
 * Exit: 0 done, 1 refused (the reason on standard error), 2 usage. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/sql.h"
#include "kiosk/store/ledger_carry.h"
#include "kiosk/store/replica.h"
#include "kiosk/ticket/key.h"

struct act {
    const char *dir;
    int argc;
    char **argv; /* after the verb */
    struct clock clock;
    struct ledger *ledger;
    struct replica *replica;
};

static const char *const act_states[] = {
    [TICKET_ASKING] = "asking",
    [TICKET_CONFIRMED] = "confirmed",
    [TICKET_WAITING] = "waiting",
    [TICKET_DISPLACED] = "displaced",
    [TICKET_EVENT_CANCELLED] = "event_cancelled",
    [TICKET_TERMS_CHANGED] = "terms_changed",
    [TICKET_CONFLICT] = "conflict",
    [TICKET_QUARANTINED] = "quarantined",
    [TICKET_CANCELLED] = "cancelled",
};

static void act_print_ticket(const struct ticket *t)
{
    printf("%s\t", act_states[t->state]);
    for (int i = 0; i < t->seat_count; i++)
        printf("%s%d", i ? "," : "", t->seats[i]);
    printf("\t%s\t%d\n", t->id, t->pos);
}

static enum err act_count(struct act *a, struct error *e)
{
    struct event_filter filter = {0};
    (void)e;
    int n = replica_count_events(a->replica, &filter, 1000000);
    if (replica_state(a->replica) == REPLICA_DAMAGED)
        printf("damaged\n");
    else
        printf("%d\n", n);
    return ERR_NONE;
}

static enum err act_events(struct act *a, struct error *e)
{
    struct row rows[200];
    struct event_filter filter = {0};
    (void)e;
    int n = replica_events(a->replica, &filter, 0, rows, 200);
    for (int i = 0; i < n; i++)
        printf("%s\t%s\n", rows[i].occurrence, rows[i].name);
    return ERR_NONE;
}

static enum err act_signup(struct act *a, struct error *e)
{
    struct row row;
    struct content event = {0};
    struct ticket t;
    uint8_t sk[CRYPTO_SIGN_SECRET];
    enum err code = replica_get_occurrence(a->replica, a->argv[0], &row, &event, e);
    if (!code)
        code = key_load(sk, a->dir, e);
    if (!code) {
        struct signup_draft d = {
            .occurrence = &row, .event = &event, .party = 1, .name = a->argv[1], .email = "", .lang = "ru"};
        d.telephone = a->argv[2];
        d.party = a->argc > 3 ? (int)strtol(a->argv[3], NULL, 10) : 1;
        d.sign_sk = sk;
        code = ledger_sign_up(a->ledger, &d, &t, e);
    }
    if (!code)
        printf("%s\t%s\t%s\n", t.code, t.id, act_states[t.state]);
    content_done(&event);
    return code;
}

static enum err act_resources(struct act *a, struct error *e)
{
    struct row rows[200];
    struct record_filter filter = {.kind = "resource"};
    (void)e;
    int n = replica_records(a->replica, &filter, 0, rows, 200);
    for (int i = 0; i < n; i++)
        printf("%s\t%s\n", rows[i].id, rows[i].name);
    return ERR_NONE;
}

static enum err act_request(struct act *a, struct error *e)
{
    struct content resource = {0};
    struct ticket t;
    const struct signup_answer answer = {"message", a->argv[3]};
    enum err code = replica_get(a->replica, a->argv[0], &resource, e);
    if (!code) {
        const struct signup_draft d = {.event = &resource, .party = 1, .name = a->argv[1], .telephone = a->argv[2], .email = "",
                                       .answers = &answer, .answer_count = 1, .lang = "ru"};
        code = ledger_sign_up(a->ledger, &d, &t, e);
    }
    if (!code)
        printf("%s\t%s\t%s\n", t.code, t.id, act_states[t.state]);
    content_done(&resource);
    return code;
}

static enum err act_ticket(struct act *a, struct error *e)
{
    struct ticket t;
    enum err code = ledger_ticket_by_code(a->ledger, a->argv[0], &t, e);
    if (!code)
        act_print_ticket(&t);
    return code;
}

static enum err act_cancel(struct act *a, struct error *e)
{
    struct ticket t;
    enum err code = ledger_ticket_by_code(a->ledger, a->argv[0], &t, e);
    if (!code)
        code = ledger_cancel(a->ledger, t.id, e);
    return code ? code : act_ticket(a, e);
}

static enum err act_find(struct act *a, struct error *e)
{
    char state;
    enum err code = ledger_find(a->ledger, a->argv[0], &state, e);
    if (!code)
        printf("%s\n", state == 'a' ? "asked" : state == 't' ? "ticket" : "unknown");
    return code;
}

static enum err act_status(struct act *a, struct error *e)
{
    struct ledger_status s;
    enum err code = ledger_status(a->ledger, &s, e);
    if (!code)
        printf("unsent=%d unsafe=%d fault=%s contact=%d\n", s.unsent, s.unsafe, s.contact_fault, s.contact_at != 0);
    return code;
}

static enum err act_stock(struct act *a, struct error *e)
{
    (void)e;
    printf("%d\n", ledger_stock(a->ledger, a->argv[0]));
    return ERR_NONE;
}

static enum err act_kid(struct act *a, struct error *e)
{
    struct ledger_identity id;
    enum err code = ledger_identity(a->ledger, &id, e);
    if (!code)
        puts(id.kid);
    return code;
}

/* ord is a number of this file alone. */
static const char act_content[] =
    "SELECT quote(seq), id, kind, quote(d), '', '' FROM record UNION ALL SELECT quote(o.start_at), o.id, r.id, "
    "quote(o.end_at), quote(o.cancelled), quote(o.marks) FROM occurrence o JOIN record r ON r.ord = o.ord ORDER BY 2, 1";

static enum err act_digest(struct act *a, struct error *e)
{
    char path[4096], hex[2 * CRYPTO_HASH + 1];
    uint8_t h[CRYPTO_HASH] = {0};
    struct sql *db = NULL;
    bool row = true;
    enum err code = sql_open(&db, file_join(path, a->dir, "replica.db"), SQL_READ, e);
    struct sql_stmt *st = code ? NULL : sql_get(db, act_content);
    while (!code && !(code = sql_step(st, &row, e)) && row)
        for (int i = 0; i < 6; i++)
            crypto_digest2(h, h, sizeof h, sql_text(st, i), strlen(sql_text(st, i)));
    sql_close(db);
    crypto_hex(hex, h, sizeof h);
    if (!code)
        puts(hex);
    return code;
}

static enum err act_stick(struct act *a, struct error *e)
{
    static const char *const words[] = {"none", "found", "busy", "done"};
    struct ledger_stick s;
    enum err code = a->argc > 0 ? ledger_stick_ask(a->ledger, e) : ERR_NONE;
    if (!code)
        code = ledger_stick(a->ledger, &s, e);
    if (!code)
        printf("%s %s\n", words[s.state], s.fault);
    return code;
}

static const struct {
    const char *verb;
    int least, most;
    enum err (*run)(struct act *a, struct error *e);
} act_verbs[] = {
    {"events", 0, 0, act_events}, {"count", 0, 0, act_count}, {"signup", 3, 4, act_signup}, {"cancel", 1, 1, act_cancel},
    {"ticket", 1, 1, act_ticket}, {"find", 1, 1, act_find},     {"status", 0, 0, act_status},
    {"stock", 1, 1, act_stock},   {"kid", 0, 0, act_kid},       {"digest", 0, 0, act_digest},
    {"stick", 0, 1, act_stick},   {"resources", 0, 0, act_resources}, {"request", 4, 4, act_request},
};

static enum err act_open(struct act *a, struct error *e)
{
    char path[4096];
    enum err code = crypto_init(e);
    a->clock = clock_system();
    if (!code)
        code = ledger_open(&a->ledger, a->dir, &a->clock, false, e);
    a->replica = replica_open(file_join(path, a->dir, "replica.db"));
    return code;
}

int main(int argc, char **argv)
{
    struct error e = {0};
    struct act a = {.dir = argv[1], .argc = argc - 3, .argv = argv + 3};
    for (size_t i = 0; argc > 2 && i < sizeof act_verbs / sizeof act_verbs[0]; i++) {
        if (strcmp(argv[2], act_verbs[i].verb) != 0 || a.argc < act_verbs[i].least || a.argc > act_verbs[i].most)
            continue;
        enum err code = act_open(&a, &e);
        if (!code)
            code = act_verbs[i].run(&a, &e);
        ledger_close(a.ledger);
        replica_close(a.replica);
        if (code)
            fprintf(stderr, "act: %s\n", e.text);
        return code ? 1 : 0;
    }
    fprintf(stderr, "act: what to do? See the head of act.c\n");
    return 2;
}
