/* The settings of a kiosk: one file (DATA/kiosk.conf), one table, read alike by kiosk, kiosk-sync and kiosk-print. Each
 * program takes what concerns it and leaves the rest; a name that is not in the table is a mistake all three report. */
#ifndef KIOSK_BASE_SETTINGS_H
#define KIOSK_BASE_SETTINGS_H

#include "kiosk/base/config.h"

/* Ends with an entry whose section is NULL. Texts with a fixed choice name it in `help`; who uses one checks it. */
extern const struct config_key settings_kiosk[];

/* Those that staff set at the terminal; they stand in DIR/staff.conf, which goes before the other file. */
extern const char *const settings_staff[][2];

/* Loads path, or DIR/kiosk.conf when path is NULL or "", then DIR/staff.conf (one that is
 * spoilt is logged and passed over). A missing DIR/kiosk.conf is all defaults; a missing file that
 * was asked for by name is ERR_NOT_FOUND. *out is the caller's: config_free. */
enum err settings_load(struct config **out, const char *dir, const char *path, struct error *e) MUST_CHECK;

/* Writes the settings of settings_staff to DIR/staff.conf, whole or not at all. */
enum err settings_save(const struct config *c, const char *dir, struct error *e) MUST_CHECK;

#endif
