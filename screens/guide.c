/* "Find your community": five plain questions, one on a page, then at most five suggestions, each with its reason. "All the same to
 * me" is an answer to each; Esc goes to the question before. The answers live in the screen's state, which the shell wipes. */
#include "screens/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/store/marks.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/list.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "screens/find.h"
#include "screens/guide_find.h"
#include "screens/pick.h"

enum { GUIDE_CHOICES = 40, GUIDE_HEAD = 4, GUIDE_COLS = 74, GUIDE_MARK = 5, GUIDE_FOUND_ROWS = 3, GUIDE_WAYS = 3, GUIDE_SAID = 160 };
enum guide_step { GUIDE_TOPIC, GUIDE_AGE, GUIDE_WHEN, GUIDE_WHERE, GUIDE_NEEDS, GUIDE_STEPS };
enum guide_action { GUIDE_ANY = 1, GUIDE_AGAIN, GUIDE_ALL, GUIDE_CITY_IS };
enum guide_place { GUIDE_OWN_TOWN = 1, GUIDE_OTHER_TOWN, GUIDE_ONLINE };

/* One answer to the question on the page. */
struct guide_choice {
    char text[GUIDE_SAID];
    char topic[24];  /* of GUIDE_TOPIC */
    uint64_t value;  /* marks, or enum guide_place; 0: all the same */
};

/* A line of what was found, and where it leads. */
struct guide_result {
    const char *text; /* NULL: found[i] */
    int screen;
    const char *arg;
};

struct guide {
    int step; /* GUIDE_STEPS: the suggestions */
    struct list list;
    struct guide_choice *choice; /* GUIDE_CHOICES, owned */
    int choices;
    char topic[24], city[96];
    uint64_t ages, days, needs; /* needs: of all kinds together */
    enum match_where where;
    char said[GUIDE_STEPS][GUIDE_SAID]; /* the answers in words, "" not yet or all the same */
    struct guide_found found[MATCH_BEST];
    int found_count;
    bool wide;
};

static const struct guide_question {
    const char *text, *any;
} guide_questions[GUIDE_STEPS] = {
    [GUIDE_TOPIC] = {N_("What are you interested in?"), N_("All the same to me: show me what there is")},
    [GUIDE_AGE] = {N_("How old is the person who will come?"), N_("All the same to me")},
    [GUIDE_WHEN] = {N_("When does it suit you?"), N_("Any day, all the same to me")},
    [GUIDE_WHERE] = {N_("Where?"), N_("Anywhere, all the same to me")},
    [GUIDE_NEEDS] = {N_("With whom, and what matters to you?"), N_("Show me what suits me")},
};

/* ---- the answers to choose from */

static void guide_choice(struct guide *s, const char *text, uint64_t value)
{
    if (s->choices == GUIDE_CHOICES)
        return;
    struct guide_choice *c = &s->choice[s->choices++];
    *c = (struct guide_choice){.value = value};
    snprintf(c->text, sizeof c->text, "%.159s", text);
    text_capitalize(c->text);
}

static void guide_fill_topics(struct ui *ui, struct guide *s)
{
    struct row *rows = mem_new(FIND_TOPICS, sizeof *rows);
    int n = replica_topics(ui->replica, "community", rows, FIND_TOPICS);
    for (int i = 0; i < n; i++) {
        if (rows[i].start == 0)
            continue;
        guide_choice(s, rows[i].name, 0);
        snprintf(s->choice[s->choices - 1].topic, sizeof s->choice[0].topic, "%.23s", rows[i].id);
    }
    free(rows);
}

static void guide_fill_ages(struct guide *s)
{
    guide_choice(s, _("A child, up to 11"), MARK_CHILDREN);
    guide_choice(s, _("A teenager, 12 to 17"), MARK_TEENAGERS);
    guide_choice(s, _("18 to 59"), MARK_ADULTS);
    guide_choice(s, _("60 or older"), MARK_ELDERLY);
}

static void guide_fill_days(struct guide *s)
{
    guide_choice(s, _("On working days"), MARK_WEEKDAYS & ~(MARK_WEEKDAY(6) | MARK_WEEKDAY(7)));
    guide_choice(s, _("At the weekend"), MARK_WEEKDAY(6) | MARK_WEEKDAY(7));
    for (const struct mark *m = marks_table; m->word; m++)
        if (m->bit & MARK_WEEKDAYS)
            guide_choice(s, _(m->word), m->bit);
}

static void guide_fill_places(struct ui *ui, struct guide *s)
{
    char text[GUIDE_SAID];
    const char *own = find_city(ui);
    snprintf(text, sizeof text, _("In my town: %.60s"), own);
    if (own[0])
        guide_choice(s, text, GUIDE_OWN_TOWN);
    guide_choice(s, own[0] ? _("In another town") : _("In a town that I choose"), GUIDE_OTHER_TOWN);
    guide_choice(s, _("On the internet, from home"), GUIDE_ONLINE);
}

static void guide_fill_needs(struct ui *ui, struct guide *s)
{
    uint64_t languages[GUIDE_LANGUAGES];
    char text[GUIDE_SAID];
    int n = guide_languages(ui, languages);
    guide_choice(s, _("I come alone and know nobody there"), MARK_ALONE);
    guide_choice(s, _("There are two or more of us"), MARK_TOGETHER);
    guide_choice(s, _("I come with a child"), MARK_WITH_CHILD);
    guide_choice(s, _("Without steps: a wheelchair, a stick, a pram"), MARK_ACCESSIBLE);
    guide_choice(s, _("Free of charge"), MARK_FREE);
    for (int i = 0; i < n; i++) {
        snprintf(text, sizeof text, _("They speak: %s"), find_mark_word(languages[i]));
        guide_choice(s, text, languages[i]);
    }
}

/* ---- steps */

static void guide_wish(const struct guide *s, struct guide_wish *w)
{
    *w = (struct guide_wish){.match = {.topic = s->topic[0] != '\0', .where = s->where, .ages = s->ages, .days = s->days,
                                       .company = s->needs & MARK_COMPANY, .free = s->needs & MARK_FREE,
                                       .access = s->needs & MARK_ACCESSIBLE,
                                       .languages = s->needs & MARK_SPOKEN}};
    snprintf(w->topic, sizeof w->topic, "%s", s->topic);
    if (s->where == MATCH_TOWN)
        snprintf(w->city, sizeof w->city, "%s", s->city);
}

/* Where nothing was found, there is always something to do. */
static struct guide_result guide_result(const struct guide *s, int index)
{
    if (index < s->found_count)
        return (struct guide_result){NULL, SCREEN_COMMUNITY, s->found[index].row.id};
    static const struct guide_result ways[GUIDE_WAYS] = {
        {N_("See all communities"), SCREEN_COMMUNITIES, ""},
        {N_("See what takes place in the next seven days"), SCREEN_EVENTS, "week"},
        {N_("Answer the questions anew"), -1, ""},
    };
    return ways[index - s->found_count];
}

static void guide_fill(struct ui *ui, struct guide *s)
{
    s->choices = 0;
    switch (s->step) {
    case GUIDE_TOPIC:
        guide_fill_topics(ui, s);
        break;
    case GUIDE_AGE:
        guide_fill_ages(s);
        break;
    case GUIDE_WHEN:
        guide_fill_days(s);
        break;
    case GUIDE_WHERE:
        guide_fill_places(ui, s);
        break;
    default:
        guide_fill_needs(ui, s);
        break;
    }
    guide_choice(s, _(guide_questions[s->step].any), 0);
}

int guide_cols(const struct ui *ui)
{
    return (find_is_wide(ui->cols) && GUIDE_COLS < ui->cols ? GUIDE_COLS : ui->cols) - GUIDE_MARK;
}

static void guide_place_list(struct ui *ui, struct guide *s)
{
    bool results = s->step == GUIDE_STEPS && s->found_count > 0;
    int count = s->step < GUIDE_STEPS ? s->choices : results ? s->found_count : GUIDE_WAYS, rows = ui->rows - GUIDE_HEAD;
    int item_rows = !results ? 1 : (GUIDE_FOUND_ROWS + 1) * count <= rows ? GUIDE_FOUND_ROWS + 1 : GUIDE_FOUND_ROWS;
    s->list.gap = !results && 2 * count - 1 <= rows;
    list_place(&s->list, GUIDE_HEAD, rows, item_rows);
    list_set_count(&s->list, count);
}

static void guide_refresh(struct ui *ui, void *state)
{
    struct guide *s = state;
    struct guide_wish wish;
    s->wide = find_is_wide(ui->cols);
    if (s->step < GUIDE_STEPS) {
        guide_fill(ui, s);
    } else {
        guide_wish(s, &wish);
        s->found_count = guide_find(ui, &wish, s->found);
    }
    guide_place_list(ui, s);
}

static void guide_go(struct ui *ui, struct guide *s, int step)
{
    s->step = step;
    s->list.cursor = s->list.top = 0;
    guide_refresh(ui, s);
}

static void guide_enter(struct ui *ui, void *state, const char *arg)
{
    struct guide *s = state;
    (void)ui;
    (void)arg;
    s->choice = mem_new(GUIDE_CHOICES, sizeof *s->choice);
}

/* ---- answers */

static void guide_say(struct guide *s, const struct guide_choice *c)
{
    bool any = c->value == 0 && !c->topic[0];
    snprintf(s->said[s->step], sizeof s->said[0], "%.159s", any ? "" : c->text);
}

static void guide_needs_say(struct guide *s)
{
    size_t n = 0;
    s->said[GUIDE_NEEDS][0] = '\0';
    for (int i = 0; i < s->choices && n < GUIDE_SAID; i++)
        if (s->needs & s->choice[i].value)
            n += (size_t)snprintf(s->said[GUIDE_NEEDS] + n, GUIDE_SAID - n, "%s%s", n ? ", " : "", s->choice[i].text);
}

/* Where another town is wished for, the town is asked for first. */
static bool guide_take_place(struct ui *ui, struct guide *s, uint64_t place)
{
    s->where = place == GUIDE_ONLINE ? MATCH_ONLINE : place == GUIDE_OWN_TOWN ? MATCH_TOWN : MATCH_ANYWHERE;
    s->city[0] = '\0';
    if (place == GUIDE_OWN_TOWN)
        snprintf(s->city, sizeof s->city, "%s", find_city(ui));
    if (place == GUIDE_OTHER_TOWN)
        pick_open(ui, "city", "community", GUIDE_CITY_IS);
    return place != GUIDE_OTHER_TOWN;
}

static void guide_answer(struct ui *ui, struct guide *s, const struct guide_choice *c)
{
    bool done = true;
    switch (s->step) {
    case GUIDE_TOPIC:
        snprintf(s->topic, sizeof s->topic, "%s", c->topic);
        break;
    case GUIDE_AGE:
        s->ages = c->value;
        break;
    case GUIDE_WHEN:
        s->days = c->value;
        break;
    case GUIDE_WHERE:
        done = guide_take_place(ui, s, c->value);
        break;
    default:
        s->needs ^= c->value;
        guide_needs_say(s);
        done = c->value == 0;
        break;
    }
    if (s->step != GUIDE_NEEDS)
        guide_say(s, c);
    if (s->step == GUIDE_WHERE && s->city[0])
        snprintf(s->said[GUIDE_WHERE], sizeof s->said[0], "%s", s->city);
    if (done)
        guide_go(ui, s, s->step + 1);
}

static void guide_again(struct ui *ui, struct guide *s)
{
    struct guide_choice *choice = s->choice;
    memset(s, 0, sizeof *s);
    s->choice = choice;
    guide_go(ui, s, GUIDE_TOPIC);
}

static void guide_act(struct ui *ui, void *state, int action)
{
    struct guide *s = state;
    if (action == GUIDE_AGAIN)
        guide_again(ui, s);
    if (action == GUIDE_ALL)
        shell_open(ui, SCREEN_COMMUNITIES, "");
    if (action == GUIDE_ANY && s->step < GUIDE_STEPS)
        guide_answer(ui, s, &s->choice[s->choices - 1]);
    if (action != GUIDE_CITY_IS)
        return;
    s->where = ui->answer[0] ? MATCH_TOWN : MATCH_ANYWHERE;
    snprintf(s->city, sizeof s->city, "%.95s", ui->answer);
    snprintf(s->said[GUIDE_WHERE], sizeof s->said[0], "%.95s", ui->answer);
    guide_go(ui, s, GUIDE_NEEDS);
}

static bool guide_can(const struct ui *ui, const void *state, int action)
{
    const struct guide *s = state;
    (void)ui;
    if (action == GUIDE_ANY)
        return s->step < GUIDE_STEPS;
    return s->step == GUIDE_STEPS || (action == GUIDE_AGAIN && s->step > 0);
}

static void guide_choose(struct ui *ui, struct guide *s)
{
    if (s->step < GUIDE_STEPS) {
        guide_answer(ui, s, &s->choice[s->list.cursor]);
        return;
    }
    struct guide_result result = guide_result(s, s->list.cursor);
    if (result.screen < 0)
        guide_again(ui, s);
    else
        shell_open(ui, result.screen, result.arg);
}

static bool guide_key(struct ui *ui, void *state, const struct key *k)
{
    struct guide *s = state;
    if ((k->code == K_ESC || k->code == K_LEFT || k->code == K_BACKSPACE) && s->step > 0) {
        guide_go(ui, s, s->step - 1);
        return true;
    }
    if (s->step == GUIDE_NEEDS && k->code == K_CHAR && k->ch == ' ') {
        guide_choose(ui, s);
        return true;
    }
    switch (list_key(&s->list, k)) {
    case LIST_CHOSEN:
        guide_choose(ui, s);
        return true;
    case LIST_MOVED:
        return true;
    default:
        return false;
    }
}

/* ---- drawing */

static void guide_draw_choice(struct canvas area, int index, enum style style, const void *ctx)
{
    const struct guide *s = ctx;
    const struct guide_choice *c = &s->choice[index];
    if (s->step != GUIDE_NEEDS || c->value == 0)
        canvas_text(area, 0, 0, style == STYLE_TEXT && index == s->choices - 1 ? STYLE_STRONG : style, c->text);
    else
        canvas_textf(area, 0, 0, style, "[%c] %s", s->needs & c->value ? 'x' : ' ', c->text);
}

static void guide_draw_result(struct canvas area, int index, enum style style, const void *ctx)
{
    const struct guide *s = ctx;
    struct guide_result result = guide_result(s, index);
    if (result.text) {
        canvas_text(area, 0, 0, style, _(result.text));
        return;
    }
    const struct guide_found *f = &s->found[index];
    int rows = canvas_wrap(canvas_area(area, 0, 0, area.rows - 1, area.cols), 0, STYLE_STRONG, f->row.name);
    canvas_wrap(canvas_area(area, rows, 0, area.rows - rows, area.cols), 0, style, f->why);
}

static const char *guide_heading(const struct guide *s)
{
    if (s->step < GUIDE_STEPS)
        return _(guide_questions[s->step].text);
    if (s->found_count == 0)
        return _("Nothing like this is listed yet. You can do this:");
    return match_is_whole(&s->found[0].match) ? _("This may suit you") : _("Nothing has everything you wish for. This comes closest:");
}

/* The answers so far: in a line, or beside the question where there is room. */
static void guide_draw_said(const struct guide *s, struct canvas c)
{
    char text[GUIDE_STEPS * (GUIDE_SAID + 4)] = "";
    size_t n = 0;
    for (int i = 0; i < GUIDE_STEPS; i++)
        if (s->said[i][0])
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", n ? " · " : "", s->said[i]);
    canvas_text(c, 0, 0, STYLE_DIM, text);
}

static void guide_draw_aside(const struct guide *s, struct canvas c)
{
    int row = 0;
    canvas_text(c, row, 0, STYLE_HEADING, _("Your answers"));
    row += 2;
    for (int i = 0; i < GUIDE_STEPS && i <= s->step; i++) {
        canvas_text(c, row++, 0, STYLE_DIM, _(guide_questions[i].text));
        if (i < s->step)
            row += canvas_wrap(c, row, STYLE_TEXT, s->said[i][0] ? s->said[i] : _("All the same to me"));
        row++;
    }
    canvas_wrap(c, row, STYLE_DIM, _("Nobody keeps your answers: they are gone when you leave."));
}

static void guide_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct guide *s = state;
    int cols = guide_cols(ui) + GUIDE_MARK;
    struct list_look look = {.item = s->step < GUIDE_STEPS ? guide_draw_choice : guide_draw_result, .ctx = s,
                             .numbers = true, .no_count = s->list.count <= list_page(&s->list)};
    const char *why = find_why_empty(ui);
    if (why) {
        canvas_wrap(body, 1, STYLE_TEXT, why);
        return;
    }
    canvas_text(canvas_area(body, 1, 0, 2, cols), 0, 0, STYLE_HEADING, guide_heading(s));
    if (s->step < GUIDE_STEPS)
        canvas_textf(body, 0, 0, STYLE_DIM, _("Question %d of %d"), s->step + 1, GUIDE_STEPS);
    if (s->wide)
        guide_draw_aside(s, canvas_area(body, 1, cols + 6, body.rows - 1, body.cols - cols - 6));
    else
        guide_draw_said(s, canvas_area(body, 2, 0, 1, cols));
    list_draw(canvas_area(body, GUIDE_HEAD, 0, body.rows - GUIDE_HEAD, cols), &s->list, &look);
}

static void guide_leave(struct ui *ui, void *state)
{
    struct guide *s = state;
    (void)ui;
    free(s->choice);
}

static const struct screen_key guide_keys[] = {
    {K_ENTER, N_("Choose"), 0, N_("Choose what is marked with >; Esc goes to the question before")},
    {'0', N_("All the same"), GUIDE_ANY, N_("All the same to me: to the next question")},
    {K_F5, N_("See all"), GUIDE_ALL, N_("All communities, to look for oneself")},
    {K_DELETE, N_("Anew"), GUIDE_AGAIN, N_("Forget the answers and begin anew")},
    {0},
};

const struct screen screen_guide = {
    .name = "guide",
    .title = N_("Find your community"),
    .state_size = sizeof(struct guide),
    .keys = guide_keys,
    .enter = guide_enter,
    .refresh = guide_refresh,
    .draw = guide_draw,
    .act = guide_act,
    .key = guide_key,
    .can = guide_can,
    .leave = guide_leave,
};
