/* Inside the store: changes of day_count gathered in memory while a page is applied, so that the five hundred events of a
 * page cost one row for each day and topic they touch, not one for each event. */
#ifndef KIOSK_STORE_REPLICA_DAYS_SUM_H
#define KIOSK_STORE_REPLICA_DAYS_SUM_H

#include "kiosk/base/sql.h"

struct replica_days_sum;

struct replica_days_sum *replica_days_sum_new(void);
void replica_days_sum_free(struct replica_days_sum *s); /* takes NULL */
/* One time more (sign 1) or less (-1) on that day, of that topic, "" for all. May write what was gathered before. */
enum err replica_days_sum_add(struct replica_days_sum *s, struct sql *db, const char *topic, int64_t day, int sign,
                              struct error *e) MUST_CHECK;
/* Writes what was gathered: before each commit. */
enum err replica_days_sum_write(struct replica_days_sum *s, struct sql *db, struct error *e) MUST_CHECK;
void replica_days_sum_drop(struct replica_days_sum *s); /* with each roll-back */

#endif
