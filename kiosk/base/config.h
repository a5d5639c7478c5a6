/* Configuration files (INI). The only user of inih. A missing file is an empty configuration; a bad line, an unknown
 * section or name, a name set twice, or a value that does not fit is ERR_INVALID naming file and line. Lines begin with
 * [section], name = value, # or ; (a comment after a value begins with " ;"), are UTF-8, at most 198 bytes; files at
 * most 64 KiB. */
#ifndef KIOSK_BASE_CONFIG_H
#define KIOSK_BASE_CONFIG_H

#include <stdint.h>

#include "kiosk/base/error.h"

struct config;

/* One permitted setting. kind: 's' text, 'i' whole number in min..max, 'b' "yes" or "no". */
struct config_key {
    const char *section, *name;
    char kind;
    int64_t min, max;
    const char *def;  /* default, as it would be written in the file */
    const char *help; /* one line for --help and the man page */
};

/* keys ends with an entry whose section is NULL; it must outlive the config. path NULL: the defaults alone. A default
 * that does not fit is a bug: dies, as does asking for a setting that is not in keys or is of another kind (config_str
 * takes any). */
enum err config_load(struct config **out, const char *path, const struct config_key *keys, struct error *e) MUST_CHECK;
/* The settings of one more file stand before those of c; a missing file changes nothing. On a fault c is unchanged. */
enum err config_overlay(struct config *c, const char *path, struct error *e) MUST_CHECK;
/* Sets one. ERR_INVALID when the value does not fit or could not stand in a file. */
enum err config_set(struct config *c, const char *section, const char *name, const char *value, struct error *e) MUST_CHECK;
/* "[section]" and "name = value" of what is set, for config_load. Appends to out. */
struct buf;
void config_write(const struct config *c, const char *section, const char *name, struct buf *out);
void config_free(struct config *c);
const char *config_str(const struct config *c, const char *section, const char *name); /* borrowed, never NULL */
int64_t config_int(const struct config *c, const char *section, const char *name);
int config_bool(const struct config *c, const char *section, const char *name);

#endif
