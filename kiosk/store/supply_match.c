/* Comparing what is sought with what is shared. */
#include "kiosk/store/supply_match.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/store/content_read.h"
#include "kiosk/store/replica_item.h"
#include "kiosk/store/replica_private.h"

enum {
    SUPPLY_LETTERS = 4,    /* a word has at least so many */
    SUPPLY_TAIL = 2,       /* so many at its end may differ: Russian words change there */
    SUPPLY_LONGER = 3,     /* one may be so much longer */
    SUPPLY_CITY_SCORE = 100,
    SUPPLY_WORD_SCORE = 10,
    SUPPLY_COMMON = 9,     /* words that count */
    SUPPLY_PER_WANT = 3,
    SUPPLY_OTHERS = 30,    /* of one resource: from anywhere, beside its town and its words */
    SUPPLY_QUERIES = 4,
    SUPPLY_OF_ONE = 12,    /* things of one community, or with one word */
    SUPPLY_TEXT = 16384
};

/* ---- words */

/* Words that are said of everything. */
static bool supply_is_empty_word(const char *word)
{
    static const char *const empty[] = {"ищем",   "ищут",    "нужн",  "нужен", "дадим", "даем",   "можно", "есть",  "очень",   "чтобы", "который", "когда",
                                        "после",  "только",  "также", "свои",  "наши",  "ваши",   "люди",  "людей", "человек", "дней",  "часов",   "один",
                                        "wanted", "needed",  "need",  "with",  "from",  "that",   "this",  "have",  "some",    "will",  "your",    "people",
                                        "любой",  "рабочий", "новый", "старый"};
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++)
        if (strncmp(word, empty[i], strlen(empty[i])) == 0)
            return true;
    return false;
}

static int supply_letters(const char *word)
{
    int n = 0;
    for (; *word; word++)
        n += ((unsigned char)*word & 0xC0) != 0x80;
    return n;
}

static void supply_add_word(struct supply_thing *t, const char *word, size_t n, bool is_name)
{
    char own[SUPPLY_WORD];
    if (t->words == SUPPLY_WORDS || n >= sizeof own)
        return;
    memcpy(own, word, n);
    own[n] = '\0';
    if (supply_letters(own) < SUPPLY_LETTERS || supply_is_empty_word(own))
        return;
    for (int i = 0; i < t->words; i++)
        if (strcmp(t->word[i], own) == 0)
            return;
    memcpy(t->word[t->words++], own, n + 1);
    if (is_name)
        t->name_words = t->words;
}

void supply_thing_add_words(struct supply_thing *t, const char *text, bool is_name)
{
    struct buf words;
    buf_init(&words, SUPPLY_TEXT);
    replica_search_words(&words, text);
    for (const char *s = words.len ? words.data : ""; *s;) {
        size_t n = strcspn(s, " ");
        supply_add_word(t, s, n, is_name);
        s += n;
        s += strspn(s, " ");
    }
    buf_done(&words);
}

/* "швейная" and "швейную" are one word, "машина" and "машинист" are not. */
static bool supply_same_word(const char *a, const char *b)
{
    int m = supply_letters(a), n = supply_letters(b), least = m < n ? m : n, same = 0;
    if (m - n > SUPPLY_LONGER || n - m > SUPPLY_LONGER)
        return false;
    size_t i = 0;
    for (; a[i] && a[i] == b[i]; i++)
        same += ((unsigned char)a[i] & 0xC0) != 0x80;
    /* the first bytes of two letters may be the same */
    if (a[i] != b[i] && ((unsigned char)a[i] & 0xC0) == 0x80)
        same--;
    int wanted = least - SUPPLY_TAIL > SUPPLY_LETTERS ? least - SUPPLY_TAIL : SUPPLY_LETTERS;
    return same >= wanted;
}

/* ---- comparing */

static bool supply_needs_word(int kind)
{
    const char *code = marks_resources[kind].code;
    return strcmp(code, "equipment") == 0 || strcmp(code, "skill") == 0;
}

/* A word in common counts when one of the two has it in its name. */
static int supply_common(const struct supply_thing *want, const struct supply_thing *offer, char word[SUPPLY_WORD])
{
    int common = 0;
    word[0] = '\0';
    for (int i = 0; i < want->words && common < SUPPLY_COMMON; i++) {
        int most = i < want->name_words ? offer->words : offer->name_words, k = 0;
        while (k < most && !supply_same_word(want->word[i], offer->word[k]))
            k++;
        if (k == most)
            continue;
        if (common++ == 0)
            memcpy(word, offer->word[k], SUPPLY_WORD);
    }
    return common;
}

struct supply_fit supply_fit(const struct supply_thing *want, const struct supply_thing *offer)
{
    struct supply_fit fit = {.score = 0};
    if (want->is.kind < 0 || want->is.kind != offer->is.kind || !want->is.wanted || offer->is.wanted ||
        strcmp(want->is.owner, offer->is.owner) == 0)
        return fit;
    int common = supply_common(want, offer, fit.word);
    if (common == 0 && supply_needs_word(want->is.kind))
        return fit;
    fit.same_city = want->is.city[0] && strcmp(want->is.city, offer->is.city) == 0;
    fit.score = 1 + (fit.same_city ? SUPPLY_CITY_SCORE : 0) + SUPPLY_WORD_SCORE * common;
    return fit;
}

/* ---- reading */

static void supply_read_owner(struct replica *r, struct supply_thing *t)
{
    struct sql_stmt *st = sql_get(r->db, "SELECT name, city FROM provider WHERE id = :id");
    sql_bind_text(st, ":id", t->is.owner);
    if (replica_step(r, st)) {
        if (!t->is.owner_name[0])
            content_text(t->is.owner_name, sizeof t->is.owner_name, sql_text(st, 0));
        if (!t->is.city[0])
            content_text(t->is.city, sizeof t->is.city, sql_text(st, 1));
    }
    sql_reset(st);
}

/* The words are those of all languages it is written in, the reader's first: that is the one which is told. */
static void supply_read_words(struct supply_thing *t, const struct json *d)
{
    supply_thing_add_words(t, t->is.name, true);
    supply_thing_add_words(t, json_str(d, "name", ""), true);
    for (const struct json *j = json_first(json_get(d, "translations")); j; j = json_next(j))
        supply_thing_add_words(t, json_str(j, "name", ""), true);
    supply_thing_add_words(t, json_str(d, "description", ""), false);
}

static int64_t supply_find(struct replica *r, const char *id)
{
    struct sql_stmt *st = sql_get(r->db, "SELECT ord FROM record WHERE id = :id");
    sql_bind_text(st, ":id", id);
    int64_t ord = replica_step(r, st) ? sql_int(st, 0) : 0;
    sql_reset(st);
    return ord;
}

static bool supply_read_thing(struct replica *r, int64_t ord, struct supply_thing *t)
{
    char kind[12], own[CONTENT_ID], room[CONTENT_ID];
    struct row row;
    *t = (struct supply_thing){.is = {.kind = -1}};
    struct json *d = ord ? replica_record(r, ord, kind, own) : NULL;
    int cell = d ? marks_resource_cell(d) : -1;
    if (cell >= 0 && content_row(&row, kind, own, d, r->lang)) {
        content_word(t->is.id, sizeof t->is.id, own);
        content_word(t->is.owner, sizeof t->is.owner, replica_item_owner(d, room));
        content_text(t->is.name, sizeof t->is.name, row.name);
        content_text(t->is.owner_name, sizeof t->is.owner_name, row.place);
        content_text(t->is.city, sizeof t->is.city, json_str(d, "addressLocality", ""));
        t->is.kind = cell / 2;
        t->is.wanted = cell % 2;
        supply_read_words(t, d);
        supply_read_owner(r, t);
    }
    json_free(d);
    return t->is.kind >= 0;
}

/* The owner's own record has its name in the reader's language. */
static void supply_name_owner(struct replica *r, struct supply_side *s)
{
    char kind[12], id[CONTENT_ID];
    struct row row;
    struct sql_stmt *st = sql_get(r->db, "SELECT ord FROM provider WHERE id = :id");
    sql_bind_text(st, ":id", s->owner);
    int64_t ord = replica_step(r, st) ? sql_int(st, 0) : 0;
    sql_reset(st);
    struct json *d = ord ? replica_record(r, ord, kind, id) : NULL;
    if (d && content_row(&row, kind, id, d, r->lang))
        content_text(s->owner_name, sizeof s->owner_name, row.name);
    json_free(d);
}

static int supply_name_owners(struct replica *r, struct supply_pair *out, int count)
{
    for (int i = 0; i < count; i++) {
        supply_name_owner(r, &out[i].want);
        supply_name_owner(r, &out[i].offer);
    }
    return count;
}

/* ---- collecting */

struct supply_pile {
    struct replica *r;
    int kind, count, max;
    bool wanted;
    struct supply_thing *thing;
    int64_t ord[SUPPLY_THINGS];
};

static void supply_pile_add(struct supply_pile *p, int64_t ord)
{
    for (int i = 0; i < p->count; i++)
        if (p->ord[i] == ord)
            return;
    if (p->count < p->max && supply_read_thing(p->r, ord, &p->thing[p->count]))
        p->ord[p->count++] = ord;
}

/* Of an owner, or with words wherever. */
static void supply_pile_records(struct supply_pile *p, const char *owner, const char *text)
{
    char query[REPLICA_SEARCH_QUERY];
    int64_t ord[SUPPLY_OF_ONE];
    int count = 0, kind = replica_kind("resource");
    struct replica_values v = {.kind = "resource", .topic = "", .city = "", .owner = owner, .query = query, .since = "",
                               .first = replica_ord_first(kind), .last = replica_ord_last(kind),
                               .marks = MARK_RESOURCE(p->kind) | (p->wanted ? MARK_WANT : MARK_OFFER)};
    if (text[0] && !replica_search_query(query, text))
        return;
    struct sql_stmt *st = replica_ask(p->r, text[0] ? REPLICA_RECORDS_TEXT : REPLICA_RECORDS_OWNER, &v);
    while (count < SUPPLY_OF_ONE && replica_step(p->r, st))
        ord[count++] = sql_int(st, 0);
    sql_reset(st);
    for (int i = 0; i < count; i++)
        supply_pile_add(p, ord[i]);
}

/* Of communities of a town, or of all when it is "": until there are `most` in the pile. */
static void supply_pile_city(struct supply_pile *p, const char *city, int most)
{
    struct supply_filter f = {.cells = 1u << (2 * p->kind + p->wanted)};
    char ids[SUPPLY_THINGS][CONTENT_ID];
    content_text(f.city, sizeof f.city, city);
    int n = supply_ids(p->r, &f, ids, SUPPLY_THINGS);
    for (int i = 0; i < n && p->count < most && p->count < p->max; i++)
        supply_pile_records(p, ids[i], "");
}

/* With a word of the thing's name, wherever. */
static void supply_pile_words(struct supply_pile *p, const struct supply_thing *t)
{
    for (int i = 0; i < t->name_words && i < SUPPLY_QUERIES; i++) {
        char text[SUPPLY_WORD] = "";
        int letters = supply_letters(t->word[i]) - SUPPLY_TAIL;
        size_t n = 0;
        for (int k = 0; t->word[i][n] && (k < letters || k < SUPPLY_LETTERS); k++)
            for (n++; ((unsigned char)t->word[i][n] & 0xC0) == 0x80;)
                n++;
        memcpy(text, t->word[i], n < sizeof text ? n : 0);
        supply_pile_records(p, "", text);
    }
}

/* ---- pairs */

/* Into its place of a list that is sorted by score; the first of equals stays first. Returns the new count. */
static int supply_insert(struct supply_pair *out, int count, int max, const struct supply_pair *pair)
{
    int at = count;
    while (at > 0 && out[at - 1].fit.score < pair->fit.score)
        at--;
    if (at == max)
        return count;
    int moved = count < max ? count - at : max - 1 - at;
    memmove(&out[at + 1], &out[at], (size_t)moved * sizeof *out);
    out[at] = *pair;
    return count < max ? count + 1 : max;
}

int supply_pairs_of(struct replica *r, const char *id, struct supply_pair *out, int max)
{
    struct supply_thing self;
    struct supply_pile pile = {.r = r, .max = SUPPLY_THINGS};
    int count = 0;
    if (!replica_is_open(r) || !supply_read_thing(r, supply_find(r, id), &self))
        return 0;
    pile.kind = self.is.kind;
    pile.wanted = !self.is.wanted;
    pile.thing = mem_new(SUPPLY_THINGS, sizeof *pile.thing);
    supply_pile_words(&pile, &self);
    if (self.is.city[0])
        supply_pile_city(&pile, self.is.city, pile.max - SUPPLY_OTHERS);
    supply_pile_city(&pile, "", pile.max);
    for (int i = 0; i < pile.count; i++) {
        const struct supply_thing *want = self.is.wanted ? &self : &pile.thing[i], *offer = self.is.wanted ? &pile.thing[i] : &self;
        struct supply_pair pair = {.want = want->is, .offer = offer->is, .fit = supply_fit(want, offer)};
        if (pair.fit.score > 0)
            count = supply_insert(out, count, max, &pair);
    }
    free(pile.thing);
    return supply_name_owners(r, out, count);
}

static int supply_pairs_kind(struct supply_pile *wants, struct supply_pile *offers, struct supply_pair *out, int count, int max)
{
    struct supply_pair *best = mem_new(SUPPLY_PER_WANT, sizeof *best);
    for (int i = 0; i < wants->count; i++) {
        int found = 0;
        for (int k = 0; k < offers->count; k++) {
            struct supply_fit fit = supply_fit(&wants->thing[i], &offers->thing[k]);
            if (fit.score == 0 || (found == SUPPLY_PER_WANT && fit.score <= best[found - 1].fit.score))
                continue;
            struct supply_pair pair = {.want = wants->thing[i].is, .offer = offers->thing[k].is, .fit = fit};
            found = supply_insert(best, found, SUPPLY_PER_WANT, &pair);
        }
        for (int k = 0; k < found; k++)
            count = supply_insert(out, count, max, &best[k]);
    }
    free(best);
    return count;
}

int supply_pairs(struct replica *r, const char *city, struct supply_pair *out, int max)
{
    int count = 0;
    if (!replica_is_open(r))
        return 0;
    struct supply_pile wants = {.r = r, .wanted = true, .max = SUPPLY_THINGS}, offers = {.r = r, .max = SUPPLY_THINGS};
    wants.thing = mem_new(SUPPLY_THINGS, sizeof *wants.thing);
    offers.thing = mem_new(SUPPLY_THINGS, sizeof *offers.thing);
    for (int kind = 0; kind < MARK_RESOURCES; kind++) {
        wants.kind = offers.kind = kind;
        wants.count = offers.count = 0;
        for (int own = city[0] ? 1 : 0; own >= 0; own--) {
            supply_pile_city(&wants, own ? city : "", SUPPLY_THINGS);
            supply_pile_city(&offers, own ? city : "", SUPPLY_THINGS);
        }
        count = supply_pairs_kind(&wants, &offers, out, count, max);
    }
    free(wants.thing);
    free(offers.thing);
    return supply_name_owners(r, out, count);
}
