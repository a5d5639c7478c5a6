/* The settings of a kiosk: one file (DATA/kiosk.conf), one table, read alike by kiosk, kiosk-sync and kiosk-print. Each
 * program takes what concerns it and leaves the rest; a name that is not in the table is a mistake all three report. */
#ifndef KIOSK_BASE_SETTINGS_H
#define KIOSK_BASE_SETTINGS_H

#include "kiosk/base/config.h"

/* Ends with an entry whose section is NULL. Texts with a fixed choice name it in `help`; who uses one checks it. */
extern const struct config_key settings_kiosk[];

/* Loads path, or DIR/kiosk.conf when path is NULL or "". A missing DIR/kiosk.conf is all defaults; a missing file that
 * was asked for by name is ERR_NOT_FOUND. *out is the caller's: config_free. */
enum err settings_load(struct config **out, const char *dir, const char *path, struct error *e) MUST_CHECK;

#endif
