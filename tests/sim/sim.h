/* A town in one process: a hub, its organiser and operator, kiosks, the people before them, and the lines between, all
 * driven by one number. The product's code runs as it is; disks, network, time and chance are the simulation's. */
#ifndef TESTS_SIM_SIM_H
#define TESTS_SIM_SIM_H

#include "kiosk/store/ledger.h"
#include "kiosk/store/ledger_anchor.h"
#include "kiosk/store/replica.h"
#include "kiosk/store/replica_write.h"
#include "sync/exchange.h"
#include "sync/feed.h"
#include "sync/hub/serve/api.h"
#include "sync/wire_reply.h"
#include "tests/support/diskvfs.h"
#include "tests/support/folder.h"

enum {
    SIM_KIOSKS = 4,
    SIM_EVENTS = 5,
    SIM_PEOPLE = 400,
    SIM_SEATS = 48,
    SIM_FLYING = 16,
    SIM_STICKS = 2,
    SIM_STEPS = 150,
    SIM_OLD = 6, /* answers that a line remembers, to give them again at the wrong time */
    SIM_FAULT = 400
};

/* A sign-up from the person's side. */
struct sim_person {
    char id[CONTENT_ID], code[CODE_LEN + 1];
    int kiosk, ev, party;
    enum ticket_state word; /* what the kiosk says now */
    int seat_count, seats[LEDGER_SEATS_MAX];
    int64_t lease;
    int paper_count, paper[LEDGER_SEATS_MAX]; /* seats that were printed, of a lease */
    int64_t paper_lease;
    bool promised;    /* was ever told that it is confirmed */
    bool cancelled;   /* by the person, durably */
    bool maybe;       /* a cancellation that broke in the middle */
    bool wiped;       /* an older image took its record from the kiosk */
    bool stale;       /* sold by a kiosk that an older image had made forgetful */
    bool gone;        /* its kiosk was destroyed */
    bool unproven;    /* confirmed by the hub's word alone, and the hub forgot */
    bool cancel_lost; /* the cancellation was in what an older image or a destroyed kiosk forgot */
    int cancel_kiosk;
    bool asked;  /* at every kiosk, in the end */
    bool here;   /* the kiosk's ledger has it */
    bool queued; /* ... and its operation, with its body */
    bool at_hub;
    enum wire_state state; /* at the hub */
    int hub_party, passed, hub_count, hub_seats[WIRE_PARTY_MAX];
};

struct sim_answer {
    char path[WIRE_PATH];
    int status;
    struct buf body;
    char etag[TRANSPORT_ETAG], signature[TRANSPORT_SIGNATURE];
};

struct sim_line {
    struct transport base;
    struct sim *sim;
    int kiosk;
    bool cut;
    struct sim_answer old[SIM_OLD];
    int next_old;
};

struct sim_stock {
    int ev, seat;
    int64_t lease;
};

struct sim_kiosk {
    int number;
    char dir[FOLDER_FILE], kid[CRYPTO_KID + 1];
    uint8_t sk[CRYPTO_SIGN_SECRET];
    struct disk *disk;
    struct disk_image *start, *image; /* as prepared; a copy made on the way, may be NULL */
    bool open, destroyed, written_off;
    bool seen;      /* what the watcher knows of it is as it is */
    int64_t looked; /* changes of its disk when the watcher looked */
    int off;        /* steps that it stays off */
    struct clock clock;
    struct ledger *ui, *sync; /* two programs, two connections */
    struct replica *replica;
    struct replica_writer *writer;
    struct keyring keys;
    struct feed feed;
    struct exchange exchange;
    struct sim_line line;
    bool tainted;  /* an older image was put back, and the hub has not answered it yet */
    bool anchored; /* its log has an anchor: an older image shows at once */
    bool anchor_in;
    int anchor_medium, anchor_fd;
    char anchor[40];
    uint8_t anchor_start[LEDGER_ANCHOR_BYTES];
    struct sim_stock stock[SIM_EVENTS * SIM_SEATS];
    int stock_count;
};

struct sim_flying {
    int kiosk;
    char path[WIRE_PATH], signature[TRANSPORT_SIGNATURE];
    struct buf body; /* data NULL: an empty place */
};

struct sim_seat {
    char state; /* 'f' free, 'h' held, 's' sold, 'q' quarantined, 0 none */
    int64_t lease;
    int person; /* sold: whose; -1 */
};

struct sim_hub {
    char dir[FOLDER_FILE];
    struct disk *disk;
    struct disk_image *start;
    bool up;
    int off;
    int64_t looked;
    struct hub hub;
    struct keys keys;
    struct api api;
    void *backup; /* bytes of the newest one, NULL: none */
    size_t backup_size;
    struct sim_seat seats[SIM_EVENTS][SIM_SEATS + 1];
};

struct sim_event {
    char id[CONTENT_ID];
    int64_t start_at;
    int capacity, terms;
    bool cancelled;
    int allowed; /* people who may be confirmed: the capacity, or more after a cut (L9) */
};

struct sim_odds { /* of 1,000 */
    uint32_t lost, late, twice, reply_lost, reply_cut, reply_old, meanwhile;
};

struct sim {
    uint64_t seed, random;
    uint64_t trace; /* of all that happened in this seed: the same seed, the same number */
    int by_stick;   /* the kiosk whose line stays dead: it heals by stick alone; -1: none */
    bool calm;      /* the phase of healing: no faults */
    bool silent;    /* the hub was restored and nobody told it: seats are not guaranteed (PROTOCOL.md, 5: L8) */
    int hub_restores;
    int64_t taken[SIM_EVENTS]
                 [SIM_SEATS + 1]; /* leases under which seats were in some hand in a restored copy; -1: any */
    int64_t now_ms;
    int kiosk_count;
    char root[FOLDER_PATH];
    struct zone *zone; /* of the kiosks */
    struct sim_hub hub;
    struct sim_kiosk kiosks[SIM_KIOSKS];
    struct sim_event events[SIM_EVENTS];
    struct sim_person people[SIM_PEOPLE];
    int person_count;
    struct sim_flying flying[SIM_FLYING];
    struct sim_odds odds;
    uint32_t weights[48];
    bool tell; /* print every step */
    int step, serial;
    char fault[SIM_FAULT]; /* what was broken, "": nothing */
    const char *kind;      /* its format: the same for the same kind of fault */
    int64_t steps_run, signups, promised, crashes, restores, receipts;
};

/* ---- chance.c */
void chance_install(struct sim *s); /* libsodium's randomness is s->random from now on */
void chance_set(struct sim *s, uint64_t a, uint64_t b);
uint32_t chance_below(struct sim *s, uint32_t bound);
uint32_t chance_disk(void *sim, uint32_t bound);
bool chance(struct sim *s, uint32_t of_1000);

/* ---- town.c: preparing, opening, crashing */
void town_build(struct sim *s); /* once: everything every seed begins with */
void town_free(struct sim *s);
void town_begin(struct sim *s, uint64_t seed);
void town_end(struct sim *s);
void kiosk_open(struct sim *s, struct sim_kiosk *k);
void kiosk_close(struct sim_kiosk *k);
/* Closes, loses what a crash loses, and opens again. */
void kiosk_restart(struct sim *s, struct sim_kiosk *k, enum disk_loss loss);
void hub_start(struct sim *s, enum disk_loss loss);
void hub_stop(struct sim *s);
/* Machines whose disk died are started again, at once or some steps later. */
void town_revive(struct sim *s);
bool town_command(struct hub *h, int (*run)(struct hub *, int, char **), const char *const words[]);
/* The organiser's word. */
void town_organise(struct sim *s, int ev, int capacity, bool cancelled, int terms);
void sim_fault(struct sim *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* ---- line.c */
void line_init(struct sim *s, struct sim_kiosk *k);
void line_forget(struct sim_kiosk *k);
void line_land(struct sim *s);            /* a late message arrives */
void line_drop(struct sim *s, int kiosk); /* what is on its way from a kiosk, -1: from all, is lost */

/* ---- stick.c */
void folder_drop(const char *dir); /* with all that is in it; one that is not there is fine */
void folder_copy(const char *from, const char *to);
void sticks_new(struct sim *s); /* empty ones */
/* What the kiosk put on any stick is lost: it was of a life that an older image overwrote. */
void sticks_forget(struct sim *s, const struct sim_kiosk *k);
void act_stick_kiosk(struct sim *s, struct sim_kiosk *k);
void act_stick_hub(struct sim *s, struct sim_kiosk *k);
void act_stick_trouble(struct sim *s, struct sim_kiosk *k);
void stick_trip(struct sim *s, struct sim_kiosk *k); /* there, and back with the answer */

/* ---- anchor.c */
void anchor_build(struct sim_kiosk *k);
void anchor_keep(struct sim_kiosk *k); /* what was written is where every seed begins */
void anchor_begin(struct sim *s, struct sim_kiosk *k);
void anchor_free(struct sim_kiosk *k);
void anchor_tear(struct sim *s, struct sim_kiosk *k); /* maybe, in a crash */
void anchor_heal(struct sim_kiosk *k);
void act_anchor(struct sim *s, struct sim_kiosk *k);

/* ---- acts.c */
struct sim_act {
    const char *name;
    uint32_t weight;
    void (*run)(struct sim *s, struct sim_kiosk *k);
    bool hub; /* not at a kiosk */
};
extern const struct sim_act sim_acts[];
int acts_count(void);
void act_push(struct sim *s, struct sim_kiosk *k);
void act_pull(struct sim *s, struct sim_kiosk *k);
void act_person(struct sim *s, struct sim_kiosk *k);
int person_new(struct sim *s, const char *id, const char *code, int kiosk);
int person_find(const struct sim *s, const char *id); /* -1 */
void act_purge(struct sim *s, struct sim_kiosk *k);
bool act_backup_made(struct sim *s);
void act_write_off(struct sim *s, struct sim_kiosk *k);

/* ---- watch.c: what must hold */
void watch_step(struct sim *s);
void watch_kiosk(struct sim *s, struct sim_kiosk *k); /* reads what its ledger says */
void watch_hub(struct sim *s);
void watch_end(struct sim *s);

/* ---- heal.c */
void heal(struct sim *s);

#endif
