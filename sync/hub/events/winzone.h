/* Time zones by the names Microsoft's programs write. Source: Unicode CLDR windowsZones, territory 001, and older
 * names. */
#ifndef SYNC_HUB_EVENTS_WINZONE_H
#define SYNC_HUB_EVENTS_WINZONE_H

/* "Russian Standard Time" gives "Europe/Moscow"; case does not matter; NULL when it is none of theirs. */
const char *winzone_find(const char *name);

#endif
