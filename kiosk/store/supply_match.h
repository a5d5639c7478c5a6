/* Who could help whom: what one seeks against what another shares of the same kind. The comparison is pure; what is compared comes from
 * the replica in bounded numbers. */
#ifndef KIOSK_STORE_SUPPLY_MATCH_H
#define KIOSK_STORE_SUPPLY_MATCH_H

#include "kiosk/store/supply.h"

enum { SUPPLY_WORDS = 24, SUPPLY_WORD = 48, SUPPLY_THINGS = 80 };

/* A resource as it is told. */
struct supply_side {
    char id[CONTENT_ID], owner[CONTENT_ID]; /* owner: record_filter.owner */
    char name[208], owner_name[208], city[128];
    int kind; /* of marks_resources[], -1: none, fits nothing */
    bool wanted;
};
/* And as it is compared. */
struct supply_thing {
    struct supply_side is;
    int words, name_words; /* of word[] in all, of its name */
    char word[SUPPLY_WORDS][SUPPLY_WORD]; /* folded, 4 letters at least, none that says only "wanted" or "for" */
};
/* Adds the words of a text; is_name before the rest. */
void supply_thing_add_words(struct supply_thing *t, const char *text, bool is_name);

/* What speaks for a pair. */
struct supply_fit {
    int score; /* 0: does not fit. The same town counts most, then words in common */
    bool same_city;
    char word[SUPPLY_WORD]; /* in common, as the offer has it; "" none */
};
/* Rooms, transport and helpers fit any want of their kind; equipment and skills only with a word in common. Nobody helps himself. */
struct supply_fit supply_fit(const struct supply_thing *want, const struct supply_thing *offer);

struct supply_pair {
    struct supply_side want, offer;
    struct supply_fit fit;
};
/* The counterparts of one resource, best first: at most max of the SUPPLY_THINGS that are looked at, those of its town and with its words
 * among them. Returns how many, 0 too when the id is no resource's. */
int supply_pairs_of(struct replica *r, const char *id, struct supply_pair *out, int max);
/* Pairs of all, best first, at most three for each want; city: whose wants are looked at first. At most SUPPLY_THINGS wants and
 * offers of each kind are looked at. max > 0. */
int supply_pairs(struct replica *r, const char *city, struct supply_pair *out, int max);

#endif
