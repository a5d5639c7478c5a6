/* One writer's files on a stick: a folder ("hub", "kiosks/KID/up", "kiosks/KID/down") with a MANIFEST.txt that names
 * each with its length and hash (sync/PROTOCOL.md, 10). The manifest is written last, so a part without one, or with
 * files that are not as it says, is a copy that was not finished: it is refused and the file named. It proves nothing
 * about who wrote it; the signatures of what the files hold do. */
#ifndef SYNC_STICK_PART_H
#define SYNC_STICK_PART_H

#include <stdint.h>

#include "sync/stick.h"
#include "sync/wire.h"

enum {
    STICK_FILES = 100000,
    STICK_NAME = 112,
    STICK_WORDS = 96,
    STICK_FILE_MAX = 1 << 30,
    STICK_MANIFEST_MAX = 32 << 20
};

struct stick_file {
    char name[STICK_NAME]; /* below the part's folder */
    int64_t bytes;
    char hash[WIRE_HEX + 1];
    char what[STICK_WORDS]; /* for people */
};

struct stick_manifest {
    char part[48];
    char from[48], to[144]; /* "kiosk abcdefghij", "hub hub.example" */
    char made[WIRE_TIME + 1];
    struct stick_file *files; /* by name */
    size_t count, cap;
};

/* The name, below the part "hub", of the file that answers a GET: "/v1/keys/1" is "v1/keys/1", a tail's "?after=" is
 * "-". False: no file can. */
bool stick_name_of_url(char out[STICK_NAME], const char *path);

void stick_manifest_init(struct stick_manifest *m, const char *part, const char *from, const char *to, int64_t now);
void stick_manifest_done(struct stick_manifest *m); /* takes zeroed memory */
/* A name that is there is replaced. */
void stick_manifest_add(struct stick_manifest *m, const char *name, const void *bytes, size_t n, const char *what);
const struct stick_file *stick_manifest_find(const struct stick_manifest *m, const char *name); /* or NULL */
void stick_manifest_write(struct stick_manifest *m, struct buf *out);
/* *out is to be ended by stick_manifest_done whatever comes of it. ERR_CORRUPT: cut off or changed, ERR_INVALID. */
enum err stick_manifest_parse(struct stick_manifest *out, const char *bytes, size_t n, struct error *e) MUST_CHECK;

/* The manifest of a part. ERR_NOT_FOUND: there is none, so the part is not finished or not there at all. */
enum err stick_part_load(struct stick *s, const char *part, struct stick_manifest *m, struct error *e) MUST_CHECK;
/* Appends a file of the part. ERR_NOT_FOUND: the manifest does not name it; ERR_CORRUPT: it is not the one that the
 * manifest names, or is missing. */
enum err stick_part_read(struct stick *s, const struct stick_manifest *m, const char *name, struct buf *out,
                         struct error *e) MUST_CHECK;
/* Writes a file, unless the very same bytes lie there already, and names it in m. */
enum err stick_part_write(struct stick *s, struct stick_manifest *m, const char *name, const struct buf *bytes,
                          const char *what, struct error *e) MUST_CHECK;
/* The same of a large file whose hash is known, read from fd. */
enum err stick_part_copy(struct stick *s, struct stick_manifest *m, const struct stick_file *f, int fd,
                         struct error *e) MUST_CHECK;
/* A large file of the part, from an offset on. Its hash is for whoever takes it to check: the manifest's length is. */
enum err stick_part_pour(struct stick *s, const struct stick_manifest *m, const char *name, int64_t from,
                         const struct stick_sink *sink, struct error *e) MUST_CHECK;
/* Writes the manifest, then removes what the manifest before it (NULL: none) named and this one does not. */
enum err stick_part_finish(struct stick *s, struct stick_manifest *m, const struct stick_manifest *before,
                           struct error *e) MUST_CHECK;
/* README.txt beside the parts, for people who find the stick. */
enum err stick_write_readme(struct stick *s, struct error *e) MUST_CHECK;

#endif
