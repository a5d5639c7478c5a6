/* A hub in memory behind the transport's struct of functions: serves heads, keys, pages and tails made with the wire's
 * own code, takes batches, and lets a test spoil any answer on its way. It is honest and simple: one kiosk, no seats.
 */
#ifndef TESTS_SUPPORT_FAKEHUB_H
#define TESTS_SUPPORT_FAKEHUB_H

#include "sync/transport.h"
#include "sync/wire_batch.h"
#include "sync/wire_enrol.h"
#include "sync/wire_page.h"
#include "sync/wire_reply.h"

enum { FAKEHUB_FILES = 64, FAKEHUB_ASKED = 400, FAKEHUB_SAID = 400 };

struct fakehub_file {
    char path[WIRE_PATH];
    struct buf packed;
};

struct fakehub {
    struct transport base; /* first: give &hub->base to what is tested */

    /* keys */
    uint8_t root_sk[CRYPTO_SIGN_SECRET], feed_sk[CRYPTO_SIGN_SECRET], lease_sk[CRYPTO_SIGN_SECRET];
    uint8_t seal_pk[CRYPTO_SEAL_PUBLIC], seal_sk[CRYPTO_SEAL_SECRET];
    struct wire_keys doc;
    struct buf doc_body[4]; /* document n is [n] */
    char doc_sig[4][WIRE_SIG + 1];

    /* feed */
    struct wire_head head; /* what the next head says; seq, sealed, chain and index are kept up by fakehub_put */
    struct buf *items;     /* [seq - 1]: its line without LF */
    struct wire_index index;
    struct fakehub_file files[FAKEHUB_FILES];
    int file_count;

    /* kiosk */
    uint8_t kiosk_sk[CRYPTO_SIGN_SECRET], kiosk_pk[CRYPTO_SIGN_PUBLIC];
    int64_t inc, log_n, opseq, safe_opseq;
    char log_h[WIRE_HEX + 1];
    char said[FAKEHUB_SAID][WIRE_UUID + 1]; /* ids of sign-ups taken, each once when all is well */
    int said_count;
    int batches;
    struct wire_envelope envelope; /* of the last batch */
    int envelope_ops;
    char code16[ENROL_LEN + 1]; /* of the enrolment it awaits; "" none */
    uint8_t enrolled_pk[CRYPTO_SIGN_PUBLIC];
    int enrolments;
    struct buf extra; /* lines to be added to the next replies */

    /* Before a batch is worked on (its envelope is read, its operations counted): a status other than 0 refuses it. */
    int (*gate)(struct fakehub *h, const struct transport_request *q);

    /* Spoils the answer, which is complete: its body, status or marks. ERR_NONE: it travels on as it now is; another
     * code: the question fails so, although the hub has worked on it (a lost reply). */
    enum err (*tamper)(struct fakehub *h, const struct transport_request *q, struct transport_answer *a);
    int tampered; /* for the hook's own use */
    bool no_ranges;   /* answers 200 whole when a range is asked for */
    size_t cut_after; /* a transfer into a sink breaks off after about so many bytes, 0: never */

    char asked[FAKEHUB_ASKED][WIRE_PATH + 8]; /* paths in order; past_caches adds " again" */
    int asked_count;
};

/* Makes a snapshot up to the last sealed page and names it in the head; made in dir, which is left as it was. spoil may
 * be NULL: it is given the unpacked file before it is packed. */
void fakehub_snapshot(struct fakehub *h, const char *dir, void (*spoil)(const char *db));
struct fakehub *fakehub_new(void); /* epoch 1, scope "all", no items; a fresh kiosk key */
void fakehub_free(struct fakehub *h);
/* Publishes community i under a name, or takes it back. */
void fakehub_put(struct fakehub *h, int i, const char *name);
void fakehub_del(struct fakehub *h, int i);
void fakehub_publish(struct fakehub *h, const char *line_without_seq); /* any item: "\"k\":..,\"d\":..}" */
void fakehub_fill(struct fakehub *h, int n);                           /* puts communities 1..n, each once */
void fakehub_new_epoch(struct fakehub *h);                             /* forgets all items, epoch + 1 */
void fakehub_rotate_keys(struct fakehub *h);                           /* key document n + 1: new feed and seal keys */
void fakehub_id(char out[WIRE_UUID + 1], int i);                       /* of community i */
/* The answer becomes this body with its signature as a reply. */
void fakehub_answer_signed(struct fakehub *h, struct transport_answer *a, int status, const char *body);
int fakehub_asked(const struct fakehub *h, const char *part); /* how many paths hold this text */

#endif
