/* The days of the week that a text speaks of: "по вторникам и четвергам", "понедельник — пятница", "Mondays", "ежедневно, кроме
 * среды", in Russian, English and Tatar. Pure. */
#ifndef SYNC_HUB_IMPORT_WEEKDAYS_H
#define SYNC_HUB_IMPORT_WEEKDAYS_H

#include <stdbool.h>

#include "kiosk/base/json.h"

/* Bit 0 is Monday, bit 6 Sunday; 0 when the text speaks of none. codes: also "MO", "we", "1" .. "7", which in running text
 * may be words and numbers of other kinds. */
unsigned weekdays_of(const char *text, bool codes);
/* Puts them as ["MO","TU"] under name; nothing for 0. */
void weekdays_put(struct json *d, const char *name, unsigned days);

#endif
