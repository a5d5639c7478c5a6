/* Opening and closing what kiosk-sync works with. For agent.c alone. */
#ifndef SYNC_AGENT_OPEN_H
#define SYNC_AGENT_OPEN_H

#include "sync/agent.h"

/* After agent_open: identity, key, keyring, transport, feed and exchange. ERR_STATE: not enrolled. */
enum err agent_connect(struct agent *a, const char *hub, struct error *e) MUST_CHECK;
/* Checks the replica's file as at a start; a damaged one is moved aside and an empty one begun. */
enum err agent_reopen_replica(struct agent *a, bool *damaged, struct error *e) MUST_CHECK;
/* feed.aside, with the agent as its context: DIR/replica.next. */
enum err agent_open_aside(void *context, struct replica_writer **out, struct error *e) MUST_CHECK;
/* feed.install, with the agent as its context. */
enum err agent_install(void *context, const char *file, bool aside, struct replica_writer **out,
                       struct error *e) MUST_CHECK;
/* The one aside, if there is one, takes the replica's place; or is left for the next run to go on with. */
enum err agent_take_aside(struct agent *a, struct error *e) MUST_CHECK;
void agent_leave_aside(struct agent *a);
/* transport_watch.stop, with the agent as its context. */
bool agent_while_sending(void *context);

#endif
