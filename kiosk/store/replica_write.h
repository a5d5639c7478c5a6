/* The replica as kiosk-sync writes it. One page or tail is one transaction, the new position in it. */
#ifndef KIOSK_STORE_REPLICA_WRITE_H
#define KIOSK_STORE_REPLICA_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/base/error.h"

struct replica_writer;
struct zone;
struct json;

/* Where the replica stands in the feed (PROTOCOL.md, 3). */
struct replica_position {
    char scope[32];
    uint32_t epoch;
    int64_t seq;    /* last applied change, 0: none */
    int64_t page;   /* last sealed page applied, 0: none */
    char chain[65]; /* its hash, hex; 64 zeros before the first */
};

/* Opens or creates. check: run quick_check too (at the start of kiosk-sync). A damaged file is renamed to
 * replica.db.damaged and an empty one made; *was_damaged says so. zone: the centre's, for days. */
enum err replica_writer_open(struct replica_writer **out, const char *path, const struct zone *zone, bool check,
                             bool *was_damaged, struct error *e) MUST_CHECK;
void replica_writer_close(struct replica_writer *w);
/* The same for one whose file is about to be replaced while readers have it open: what lies in its WAL goes into the
 * file first, so that it is whole at every moment. */
void replica_writer_retire(struct replica_writer *w);
enum err replica_writer_position(struct replica_writer *w, struct replica_position *out, struct error *e) MUST_CHECK;

/* begin; put/del any number of times; commit stores the position with them. Anything else rolls back. */
enum err replica_begin(struct replica_writer *w, struct error *e) MUST_CHECK;
/* kind, id and seq of an item and its "d"; texts are sanitised here. An item not newer than the row is skipped. An item
 * that breaks the format is skipped and counted (*bad is raised), never an error: one bad record must not stop the
 * others. */
enum err replica_put(struct replica_writer *w, const char *kind, const char *id, int64_t seq, const struct json *d,
                     int *bad, struct error *e) MUST_CHECK;
enum err replica_del(struct replica_writer *w, const char *id, int64_t seq, struct error *e) MUST_CHECK;
enum err replica_commit(struct replica_writer *w, const struct replica_position *at, struct error *e) MUST_CHECK;
void replica_abort(struct replica_writer *w);
/* Empties everything and starts at position zero of scope and epoch (chain broken, new epoch). */
enum err replica_reset(struct replica_writer *w, const char *scope, uint32_t epoch, struct error *e) MUST_CHECK;
/* Puts a whole replica (a snapshot: closed, without a WAL of its own) in the place of path, whose writer has retired.
 * Readers go over to it by themselves. A plain rename would leave the old file's WAL to be played into the new one. A
 * death or power cut at any moment leaves the old one or the new one, whole. */
enum err replica_replace(const char *path, const char *with, struct error *e) MUST_CHECK;
/* The hub was heard of (head or 304): "as of" on the screens. */
enum err replica_set_checked(struct replica_writer *w, int64_t at, const char *etag, struct error *e) MUST_CHECK;
int64_t replica_writer_checked_at(const struct replica_writer *w); /* what was set last, 0: never */
enum err replica_get_etag(struct replica_writer *w, char out[80], struct error *e) MUST_CHECK;

#endif
