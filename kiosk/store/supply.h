/* What communities offer and want: the table of communities and kinds, and who could help whom. Read only; every call is bounded. */
#ifndef KIOSK_STORE_SUPPLY_H
#define KIOSK_STORE_SUPPLY_H

#include "kiosk/store/marks.h"
#include "kiosk/store/replica.h"

enum { SUPPLY_CELLS = 2 * MARK_RESOURCES };

/* A community that offers or wants something. */
struct supply_row {
    char id[CONTENT_ID]; /* record_filter.owner of its resources */
    bool has_card;       /* and the id of a community that can be opened */
    char name[208];      /* in the reader's language where it has one */
    char city[128];
    int times[SUPPLY_CELLS]; /* how many resources: 2 * kind offered, 2 * kind + 1 wanted */
};

/* Zeroed members mean "any". */
struct supply_filter {
    unsigned cells; /* has one of these at least, bit 2 * kind (+ 1 wanted) */
    char topic[24], city[96]; /* the community's */
    char text[96];            /* words of the community or of what it offers and wants */
};
/* Communities by name from an offset on; with text the first 200 of at most 500 matches among them and 500 among what they have.
 * Returns how many. */
int supply_rows(struct replica *r, const struct supply_filter *f, int offset, struct supply_row *rows, int max);
int supply_count(struct replica *r, const struct supply_filter *f, int limit);
/* Both in one walk: w->offset and w->max as in supply_rows, *count up to w->limit. */
int supply_rows_counted(struct replica *r, const struct supply_filter *f, const struct replica_window *w, struct supply_row *rows,
                        int *count);
/* Their ids alone, supply_row.id. */
int supply_ids(struct replica *r, const struct supply_filter *f, char (*ids)[CONTENT_ID], int max);
/* Topics and towns of communities that offer or want something, as replica_topics() and replica_cities() give them. */
int supply_topics(struct replica *r, struct row *rows, int max);
int supply_cities(struct replica *r, struct row *rows, int max);

#endif
