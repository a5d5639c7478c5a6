/* What a hub that was restored believes: its own signed word, kept by the kiosks (PROTOCOL.md, 4: proof). */
#ifndef SYNC_HUB_SERVE_INTAKE_PROOF_H
#define SYNC_HUB_SERVE_INTAKE_PROOF_H

#include "sync/hub/serve/intake_ops.h"

/* Whether the hub's own word, which the kiosk kept, tells of more than the hub knows: the epoch of that word, 0: it does
 * not. Words of a kiosk alone would let any one of them stop all the others. */
int64_t intake_forgotten_epoch(const struct intake *b, int64_t epoch);
/* What this kiosk may show a hub that has forgotten it: its log as it stands, n 0: nothing of it. */
void intake_prove(const struct intake *b, char out[WIRE_PROOF + 1], int64_t inc, int64_t n, const char *h);

#endif
