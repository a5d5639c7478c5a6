/* The exchange by USB stick, as the staff page sees it. kiosk-sync does it; here it is asked for and told of. */
#ifndef SCREENS_STAFF_STICK_H
#define SCREENS_STAFF_STICK_H

#include <stdbool.h>

#include "screens/staff_facts.h"

struct ledger;

/* Fills *f when a stick is in: 1, else 0. */
int staff_say_stick(struct ledger *l, struct staff_fact *f);
/* Asks for the exchange when a stick was put in since the last one. True: it is done, and may be asked for again. */
bool staff_use_stick(struct ledger *l);
void staff_ask_stick(struct ledger *l);

#endif
