/* The passing of days, and events whose seats ran out: what has to be published again without anybody's import. */
#ifndef SYNC_HUB_SERVE_ROLL_H
#define SYNC_HUB_SERVE_ROLL_H

#include "sync/hub/serve/api.h"

/* Moves the published window when the hub's day is not the one it was last moved on; meta "rolled" remembers the day.
 * Failures are logged, and tried again with the next call. *changed: the feed gained something. */
void roll_day(struct hub *h, bool *changed);
/* Publishes the events of a->full again and empties the list. */
void roll_full(struct api *a);

#endif
