/* Inside the store: who offers or wants something, kept as resources and communities come and go (tables provider and
 * provider_cell of replica.sql). */
#ifndef KIOSK_STORE_REPLICA_PROVIDER_H
#define KIOSK_STORE_REPLICA_PROVIDER_H

#include "kiosk/base/json.h"
#include "kiosk/store/replica_writer.h"

/* One resource more (sign 1) or less (-1); d is cleaned. What is none, or nobody's, changes nothing. */
enum err replica_provider_count(struct replica_writer *w, const struct json *d, int sign, struct error *e) MUST_CHECK;
/* A community was written: name, town and place in the order are its own from now on. */
enum err replica_provider_come(struct replica_writer *w, const char *id, struct error *e) MUST_CHECK;
/* The community of this ord goes: its resources may stay, under the name they know. */
enum err replica_provider_leave(struct replica_writer *w, int64_t ord, struct error *e) MUST_CHECK;

#endif
