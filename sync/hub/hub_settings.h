/* The settings of a hub's server: DATA/hub.conf. */
#ifndef SYNC_HUB_HUB_SETTINGS_H
#define SYNC_HUB_HUB_SETTINGS_H

#include "kiosk/base/config.h"

extern const struct config_key hub_settings[]; /* ends with an entry whose section is NULL */

/* Loads path, or DIR/hub.conf when path is NULL. A missing DIR/hub.conf is all defaults, a missing path ERR_NOT_FOUND.
 */
enum err hub_settings_load(struct config **out, const char *dir, const char *path, struct error *e) MUST_CHECK;

#endif
