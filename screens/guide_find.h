/* The answers of somebody who looks for a community, what suits them, and why, in words. */
#ifndef SCREENS_GUIDE_FIND_H
#define SCREENS_GUIDE_FIND_H

#include "kiosk/store/content.h"
#include "kiosk/store/match.h"

struct ui;

struct guide_wish {
    char topic[24]; /* "": all the same */
    char city[96];  /* of MATCH_TOWN */
    struct match_wish match;
};

struct guide_found {
    struct row row;
    struct match match;
    char why[600]; /* a sentence or two */
};

/* At most MATCH_BEST communities, the best first; returns how many. Looks through a few thousand records at most. */
int guide_find(struct ui *ui, const struct guide_wish *wish, struct guide_found *out);
/* Languages (marks) that communities here speak beside the reader's own, those of most communities first; returns how many. */
enum { GUIDE_LANGUAGES = 3 };
int guide_languages(struct ui *ui, uint64_t *out);
/* Columns of a suggestion, without what stands left of it. */
int guide_cols(const struct ui *ui);
/* In guide_words.c: why this one, and what is not as wished. */
void guide_words(struct ui *ui, const struct guide_wish *wish, struct guide_found *found);

#endif
