/* A transport whose network is a stick: what the hub published is read from its files (sync/PROTOCOL.md, 10), so that
 * the pull is the same code as over HTTP. A question that cannot be answered by a file is 404; posts are ERR_STATE:
 * they go by carry.h. A damaged file is ERR_CORRUPT and FAULT_SIGN, one that cannot be read ERR_IO and FAULT_NET. */
#ifndef SYNC_TRANSPORT_STICK_H
#define SYNC_TRANSPORT_STICK_H

#include "sync/stick_part.h"
#include "sync/transport.h"

/* Both are borrowed; hub is the manifest of the part "hub". */
void transport_stick_new(struct transport **out, struct stick *s, const struct stick_manifest *hub);

#endif
