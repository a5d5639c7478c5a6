/* A small town for pictures of screens: six communities and a dozen events around 12 May 2026, each there for one thing that a screen
 * has to say; and a kiosk that is enrolled, so that sign-ups are open. */
#ifndef TESTS_SUPPORT_TOWN_H
#define TESTS_SUPPORT_TOWN_H

/* Fills the data folder: replica.db, ledger.db, kiosk.key, kiosk.conf. Dies when it cannot. Times are meant to be looked at from
 * 2026-05-12T10:30:00Z (Tuesday, 13:30 in Moscow). */
void town_fill(const char *data);

#endif
