/* Configuration files (INI). The only user of inih. A missing file is an empty configuration; a bad line, an unknown
 * section or an unknown name is ERR_INVALID naming file and line. */
#ifndef KIOSK_BASE_CONFIG_H
#define KIOSK_BASE_CONFIG_H

#include <stdint.h>

#include "kiosk/base/error.h"

struct config;

/* One permitted setting. kind: 's' text, 'i' whole number in min..max, 'b' yes/no. */
struct config_key {
    const char *section, *name;
    char kind;
    int64_t min, max;
    const char *def;  /* default, as it would be written in the file */
    const char *help; /* one line for --help and the man page */
};

/* keys ends with an entry whose section is NULL; it must outlive the config. */
enum err config_load(struct config **out, const char *path, const struct config_key *keys, struct error *e) MUST_CHECK;
void config_free(struct config *c);
const char *config_str(const struct config *c, const char *section, const char *name); /* borrowed, never NULL */
int64_t config_int(const struct config *c, const char *section, const char *name);
int config_bool(const struct config *c, const char *section, const char *name);

#endif
