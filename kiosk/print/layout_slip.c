/* The paper to take along: an article, or what not to miss. */
#include "kiosk/print/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/markup.h"
#include "kiosk/base/text.h"
#include "kiosk/print/words.h"
#include "kiosk/store/slip.h"

/* Of an article: lines of the narrowest paper, letters in one of them, and blocks that leave room for what follows. */
enum { SLIP_LINES = 140, SLIP_COLUMNS = 24, SLIP_BLOCKS = LAYOUT_BLOCKS - 50, SLIP_LEAD_LINES = 12 };

static const struct block slip_plain = {.size = SIZE_NORMAL}, slip_small = {.size = SIZE_SMALL},
                          slip_strong = {.size = SIZE_NORMAL, .bold = true};

static void slip_begin(struct layout *out, const struct layout_where *where)
{
    layout_init(out);
    layout_add(out, (struct block){.size = SIZE_SMALL, .centred = true, .lines = 3}, where->centre);
    layout_rule(out);
}

/* The address as a code and in letters, with a line above that says what it is for. */
static void slip_url(struct layout *out, const char *url, const char *what, const struct layout_where *where)
{
    if (!url[0])
        return;
    layout_rule(out);
    layout_add(out, (struct block){.size = SIZE_NORMAL, .centred = true}, what);
    layout_add_qr(out, url, where->module, where->width);
    layout_add(out, (struct block){.size = SIZE_SMALL, .centred = true, .lines = 6}, url);
}

/* ---- an article */

static int slip_lines_of(const struct markup_block *b)
{
    bool heading = b->kind == MARKUP_HEADING || b->kind == MARKUP_SUBHEADING;
    return text_width(b->text) / SLIP_COLUMNS + 1 + (heading || b->apart);
}

static void slip_add_block(struct layout *out, const struct markup_block *b, int lines)
{
    char mark[8], *text;
    struct block plain = slip_plain;
    if (b->apart || b->kind == MARKUP_HEADING || b->kind == MARKUP_SUBHEADING)
        layout_gap(out, SIZE_SMALL);
    plain.lines = lines;
    plain.bold = b->kind == MARKUP_HEADING || b->kind == MARKUP_SUBHEADING;
    if (b->kind != MARKUP_ENTRY) {
        layout_add(out, plain, b->text);
        return;
    }
    if (b->number)
        snprintf(mark, sizeof mark, "%d. ", b->number % 1000);
    else
        snprintf(mark, sizeof mark, "– ");
    plain.hang = text_width(mark);
    if (asprintf(&text, "%s%s", mark, b->text) < 0)
        return;
    layout_add(out, plain, text);
    free(text);
}

/* Returns whether all of it is on the paper. */
static bool slip_blocks(struct layout *out, const struct markup *m)
{
    int left = SLIP_LINES;
    for (int i = 0; i < m->count; i++) {
        int lines = slip_lines_of(&m->block[i]);
        if (left <= 0 || out->count >= SLIP_BLOCKS)
            return false;
        slip_add_block(out, &m->block[i], lines > left ? left : 0);
        if (lines > left)
            return false;
        left -= lines;
    }
    return true;
}

static void slip_links(struct layout *out, const struct markup *m)
{
    char line[MARKUP_URL + 16];
    if (m->links)
        layout_gap(out, SIZE_SMALL);
    for (int i = 0; i < m->links; i++) {
        snprintf(line, sizeof line, "[%d] %s", i + 1, m->link[i].url);
        layout_add(out, (struct block){.size = SIZE_SMALL, .lines = 4}, line);
    }
}

static void slip_article(struct layout *out, const struct slip *s, const struct layout_where *where)
{
    struct markup m;
    struct block lead = slip_small;
    lead.lines = SLIP_LEAD_LINES;
    layout_add(out, (struct block){.size = SIZE_LARGE, .bold = true, .lines = 6}, s->title);
    layout_gap(out, SIZE_SMALL);
    layout_add(out, lead, s->lead);
    layout_rule(out);
    markup_parse(&m, s->body);
    bool whole = slip_blocks(out, &m);
    if (!whole) {
        layout_gap(out, SIZE_SMALL);
        layout_add(out, slip_strong, _("This is the beginning. Any kiosk shows the rest."));
    }
    slip_links(out, &m);
    markup_done(&m);
    slip_url(out, s->url, _("This article on the internet:"), where);
}

/* ---- a reminder */

static void slip_fact(struct layout *out, const char *label, const char *text)
{
    if (!text[0])
        return;
    layout_add(out, slip_small, label);
    layout_add(out, (struct block){.size = SIZE_NORMAL, .bold = true, .lines = 6}, text);
    layout_gap(out, SIZE_SMALL);
}

static void slip_until(struct layout *out, const char *until)
{
    struct date d;
    char day[128];
    if (!date_parse(until, &d))
        return;
    words_date(day, sizeof day, (int64_t)date_to_days(d) * 86400, NULL);
    layout_add(out, slip_small, _("Apply no later than"));
    layout_add(out, (struct block){.kind = BLOCK_FRAME, .size = SIZE_LARGE, .bold = true, .centred = true}, day);
    layout_gap(out, SIZE_SMALL);
}

static void slip_reminder(struct layout *out, const struct slip *s, const struct layout_where *where)
{
    layout_add(out, (struct block){.kind = BLOCK_BANNER, .size = SIZE_LARGE, .bold = true, .centred = true},
               _("Not to be missed"));
    layout_gap(out, SIZE_SMALL);
    layout_add(out, (struct block){.size = SIZE_LARGE, .bold = true, .lines = 6}, s->title);
    layout_gap(out, SIZE_SMALL);
    slip_until(out, s->until);
    slip_fact(out, _("Who is asking"), s->organiser);
    slip_fact(out, _("How to apply"), s->joining);
    slip_fact(out, _("Telephone"), s->telephone);
    slip_fact(out, _("E-mail"), s->email);
    slip_fact(out, _("Where"), s->address);
    struct block lead = slip_plain;
    lead.lines = SLIP_LEAD_LINES;
    layout_add(out, lead, s->lead);
    slip_url(out, s->url, _("To apply, point your telephone's camera here:"), where);
}

void layout_slip(struct layout *out, const struct slip *slip, const struct layout_where *where)
{
    struct slip s = slip_whole(slip);
    slip_begin(out, where);
    if (s.kind == SLIP_REMINDER)
        slip_reminder(out, &s, where);
    else
        slip_article(out, &s, where);
    layout_printed(out, where);
}
