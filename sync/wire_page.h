/* What the hub publishes (PROTOCOL.md, 1 and 3): key documents, heads, pages, indexes, tails and their names. */
#ifndef SYNC_WIRE_PAGE_H
#define SYNC_WIRE_PAGE_H

#include "kiosk/base/json.h"
#include "sync/wire.h"

/* ---- keys */
enum { WIRE_SEALS = 8, WIRE_SEAL_ID = 12 };
struct wire_seal {
    char id[WIRE_SEAL_ID + 1];
    uint8_t pk[CRYPTO_SEAL_PUBLIC];
};
struct wire_keys {
    int64_t n;
    uint8_t root[CRYPTO_SIGN_PUBLIC], feed[CRYPTO_SIGN_PUBLIC], lease[CRYPTO_SIGN_PUBLIC];
    /* Those before, still good under this document; all zero: none are. */
    uint8_t old_feed[CRYPTO_SIGN_PUBLIC], old_lease[CRYPTO_SIGN_PUBLIC];
    int seal_count;            /* 1 .. WIRE_SEALS; seal to the last */
    struct wire_seal seal[WIRE_SEALS];
};
void wire_keys_write(const struct wire_keys *k, struct buf *out);
enum err wire_keys_parse(struct wire_keys *out, const char *bytes, size_t n, struct error *e) MUST_CHECK;
/* A signature by the feed key, or by the one before it while that is still good. */
bool wire_keys_verify(const struct wire_keys *k, const char *sig, enum wire_domain domain, const char *before,
                      const struct wire_line *bytes);
/* The same of a lease and the lease keys. */
struct wire_grant;
bool wire_keys_verify_grant(const struct wire_keys *k, const struct wire_grant *g, const char *kid);

/* ---- head */
/* The whole replica up to a sealed page as one compressed SQLite file. */
struct wire_snapshot {
    char path[97];             /* below /v1/feed/SCOPE/EPOCH/: "snap/{seq}-{hash16}.zst"; "" when there is none */
    char hash[WIRE_HEX + 1];   /* of the compressed file */
    int64_t seq, page;         /* it holds the changes 1..seq, which are pages 1..page */
    char chain[WIRE_HEX + 1];  /* hash of that page */
    int64_t bytes, size;       /* of the compressed and of the uncompressed file */
    int64_t pages_bytes;       /* of pages 1..page as they are served: what the log would cost instead */
    int64_t schema;            /* user_version of the file */
    char zone[WIRE_ZONE];      /* the centre's zone in which its days were reckoned */
};
struct wire_head {
    char scope[17];
    int64_t epoch, seq, per, sealed; /* sealed: pages 1..sealed exist */
    char chain[WIRE_HEX + 1];        /* hash of page `sealed`, zeros for none */
    int64_t index_n;                 /* newest index, -1: none */
    char index_hash[WIRE_HEX + 1];
    int64_t min_page;
    struct wire_snapshot snapshot;
    int64_t safe_opseq, keys;
    char min_client[17];
    char time[WIRE_TIME + 1];        /* when this head was made; an idle hub makes one an hour */
    char mark[WIRE_SIG + 1];         /* signature of a proof that epoch and seq were (wire_proof.h), "" none */
};
void wire_head_write(const struct wire_head *h, struct buf *out);
enum err wire_head_parse(struct wire_head *out, const char *bytes, size_t n, struct error *e) MUST_CHECK;
/* Compares "1.10" and "1.9" as numbers: < 0, 0, > 0. */
int wire_version_compare(const char *a, const char *b);

/* ---- names; scope "all" */
void wire_head_path(char out[WIRE_PATH], const char *scope);
void wire_tail_path(char out[WIRE_PATH], const char *scope, int64_t epoch, int64_t after); /* with its query: what is signed */
enum wire_file { WIRE_PAGE, WIRE_INDEX };
void wire_file_path(char out[WIRE_PATH], const char *scope, int64_t epoch, enum wire_file what, int64_t n, const char *hash);
/* Reads "{n}-{hash16}.zst". */
bool wire_file_name_read(const char *name, int64_t *n, char hash16[WIRE_HASH16 + 1]);
void wire_snapshot_path(char out[WIRE_PATH], const char *scope, int64_t epoch, const struct wire_snapshot *s);

/* ---- pages and tails: a first line, then items */
struct wire_page {
    int64_t page, first, last;
    char prev[WIRE_HEX + 1];
};
struct wire_tail {
    int64_t after, epoch, last;
};
void wire_page_write(const struct wire_page *p, struct buf *out); /* the first line with LF; item lines follow */
void wire_tail_write(const struct wire_tail *t, struct buf *out);
/* The first line of whole, uncompressed bytes; *pos is where the items begin (for wire_next_line). */
enum err wire_page_parse(struct wire_page *out, const char *bytes, size_t n, size_t *pos, struct error *e) MUST_CHECK;
enum err wire_tail_parse(struct wire_tail *out, const char *bytes, size_t n, size_t *pos, struct error *e) MUST_CHECK;

struct wire_item {
    int64_t seq;
    char kind[17];
    char id[WIRE_WORD + 1];
    bool put;
    const struct json *d; /* of a put, borrowed from json */
    struct json *json;    /* the whole item: wire_item_done */
};
enum err wire_item_parse(struct wire_item *out, const char *line, size_t n, struct error *e) MUST_CHECK;
void wire_item_done(struct wire_item *it); /* takes zeroed memory */
/* Appends the item's line without LF; d (compact JSON of an object) NULL: a del. */
void wire_item_write(struct buf *out, int64_t seq, const char *kind, const char *id, const char *d);

/* ---- indexes: a first line, then one page hash per line */
struct wire_index {
    int64_t n;
    char prev[WIRE_HEX + 1];
    int count;                                   /* 1 .. WIRE_INDEX_PAGES */
    char hash[WIRE_INDEX_PAGES][WIRE_HEX + 1];   /* of page 1000n + 1 + i */
};
void wire_index_write(const struct wire_index *x, struct buf *out);
enum err wire_index_parse(struct wire_index *out, const char *bytes, size_t n, struct error *e) MUST_CHECK;

#endif
