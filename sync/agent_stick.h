/* kiosk-sync run and the stick: notices that one was put in or taken out, says so for the staff page, and does the
 * exchange when the page asks. For agent.c alone. */
#ifndef SYNC_AGENT_STICK_H
#define SYNC_AGENT_STICK_H

#include "sync/agent.h"

/* Looks where a stick is mounted, and at what the staff page asks. True: an exchange by stick is to be done. Cheap
 * enough for every turn; writes to the ledger only when something changed. */
bool agent_stick_look(struct agent *a);
/* The exchange: import, then export. What came of it is in the ledger for the staff page. A run of the feed must not be
 * under way. */
void agent_stick_do(struct agent *a);

#endif
