/* What a kiosk says: an envelope and the operations of its log (PROTOCOL.md, 4). A batch is the envelope's line and then the
 * operations' lines, each ended by LF. Operations are kept, hashed and sent as the very same bytes; wire_op_write gives them once,
 * and wire_op_parse + a new n + wire_op_write renumbers them after a reset. */
#ifndef SYNC_WIRE_BATCH_H
#define SYNC_WIRE_BATCH_H

#include "kiosk/ticket/code.h"
#include "sync/wire_proof.h"

struct wire_envelope {
    int64_t inc, epoch;
    char nonce[WIRE_NONCE + 1];
    int64_t part;          /* on a stick: the how many-th batch with this nonce, 1 ..; else 0 */
    int64_t first;         /* number of the first operation, or the one that would be next when there is none */
    char h0[WIRE_HEX + 1]; /* h(first - 1) */
    int64_t seen_epoch, seen_seq;
    int64_t inbox; /* last decision stored */
    bool anchor_lost;
    char proof[WIRE_PROOF + 1]; /* the newest that the hub gave (wire_proof.h), "" none */
    char mark[WIRE_PROOF + 1];  /* that of the newest head */
    int held_count;
    int64_t held[WIRE_HELD]; /* leases of which the kiosk still has seats */
};

/* Appends the line with its LF. */
void wire_envelope_write(const struct wire_envelope *v, struct buf *out);
enum err wire_envelope_parse(struct wire_envelope *out, const char *line, size_t n, struct error *e) MUST_CHECK;

enum wire_op_kind { WIRE_OP_SIGNUP, WIRE_OP_CANCEL, WIRE_OP_RETURN, WIRE_OP_WANT, WIRE_OP_FIND, WIRE_OP_COUNT };

/* One operation. Members that a kind does not have are zero or "". */
struct wire_op {
    enum wire_op_kind kind;
    int64_t n;                    /* 1 .. */
    char id[WIRE_UUID + 1];       /* signup, cancel: the sign-up */
    char code[CODE_LEN + 1];      /* signup, cancel, find */
    char ev[WIRE_UUID + 1];       /* signup, return, want: the occurrence */
    int64_t lease;                /* signup: 0 without seats; return */
    int block_first, block_last;  /* signup with seats: the lease's block, terms and signature, so that a hub that was */
    int64_t block_terms;          /* restored can see that it gave it; block_sig "" when they are not there */
    char block_sig[WIRE_SIG + 1];
    bool proven;                  /* not on the wire: the hub found that signature to be its own */
    int64_t terms;                /* signup, >= 0 */
    int party;                    /* signup, 1 .. WIRE_PARTY_MAX */
    int want;                     /* want: seats asked for, 1 .. WIRE_PARTY_MAX */
    int seat_count;               /* signup: 0 or party; return: 1 .. WIRE_PARTY_MAX */
    int seats[WIRE_PARTY_MAX];    /* >= 1, rising */
    char form[49];                /* signup: "f1@2" or "" */
    char box_key[13];             /* signup: "x1" */
    size_t box_len;               /* signup: CRYPTO_SEAL_EXTRA + 1 .. WIRE_BOX_MAX */
    uint8_t box[WIRE_BOX_MAX];    /* signup */
    char at[WIRE_TIME + 1];       /* signup: the kiosk's idea of the time, "" when it has none */
    char quality[8];              /* signup: "ok", "suspect", "unset" */
    char boot[41];                /* signup: names the boot that mono counts from */
    int64_t mono;                 /* signup: milliseconds since that boot */
};

/* Appends the line without LF: the bytes that are hashed and stored. */
void wire_op_write(const struct wire_op *op, struct buf *out);
/* ERR_INVALID names what is wrong, never a value. */
enum err wire_op_parse(struct wire_op *out, const char *line, size_t n, struct error *e) MUST_CHECK;
const char *wire_op_name(enum wire_op_kind kind); /* "signup" */

/* h becomes the log's hash after this line. False when h is not a hash. */
bool wire_chain(char h[WIRE_HEX + 1], const char *line, size_t n);

/* "/v1/kiosks/KID/sync" and what the signature of a batch covers before the body: "POST\n" and that path. */
void wire_batch_path(char out[WIRE_PATH], const char *kid);
void wire_batch_before(char out[WIRE_PATH], const char *kid);

#endif
