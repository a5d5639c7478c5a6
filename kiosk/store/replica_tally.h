/* Inside the store: what is counted of events as they come and go: how much there is on a day, where events take place. */
#ifndef KIOSK_STORE_REPLICA_TALLY_H
#define KIOSK_STORE_REPLICA_TALLY_H

#include "kiosk/store/replica_item.h"
#include "kiosk/store/replica_writer.h"

/* An event's times, as they stand in occurrence, are counted (sign 1) or no longer (-1): in all, and for each topic. */
struct replica_tally {
    int64_t ord;
    const char (*topic)[24];
    int topic_count, sign;
};
enum err replica_tally_days(struct replica_writer *w, const struct replica_tally *t, struct error *e) MUST_CHECK;
/* One event more (sign 1) or less (-1) takes place there. */
enum err replica_tally_venue(struct replica_writer *w, const struct replica_venue *v, int sign,
                             struct error *e) MUST_CHECK;
/* Computes marks, places, shifts and counts of the whole replica anew when they are of another version of the program. Each part of
 * it is a transaction; one that ends half-way is begun again by the next. */
enum err replica_tally_anew(struct replica_writer *w, struct error *e) MUST_CHECK;

#endif
