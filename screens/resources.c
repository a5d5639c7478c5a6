/* What communities share and seek, as a list: of one community and kind out of the table, or all. */
#include "screens/resources.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/store/marks.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "screens/browse.h"
#include "screens/screens.h"

enum resources_filter { RESOURCES_OWNER, RESOURCES_KIND, RESOURCES_ONLY, RESOURCES_TOPIC, RESOURCES_CITY };

int resources_kind(const char *type)
{
    for (int i = 0; i < MARK_RESOURCES; i++)
        if (strcmp(marks_resources[i].code, type) == 0)
            return i;
    return -1;
}

char *resources_what(char *out, size_t size, const char *type, bool wanted)
{
    int kind = resources_kind(type);
    snprintf(out, size, wanted ? _("%s: sought") : _("%s: shared"), kind < 0 ? "" : _(marks_resources[kind].word));
    return out;
}

void resources_open(struct ui *ui, const char *owner, int kind, int only)
{
    struct record_filter f = {.kind = "resource",
                              .marks = (kind < 0 ? 0 : MARK_RESOURCE(kind)) | (only == 1 ? MARK_OFFER : only == 2 ? MARK_WANT : 0)};
    struct row rows[2];
    char arg[200];
    snprintf(f.owner, sizeof f.owner, "%s", owner);
    if (replica_records(ui->replica, &f, 0, rows, 2) == 1) {
        shell_open(ui, SCREEN_RESOURCE, rows[0].id);
        return;
    }
    snprintf(arg, sizeof arg, "%s %s %d", owner, kind < 0 ? "-" : marks_resources[kind].code, only);
    shell_open(ui, SCREEN_RESOURCES, arg);
}

/* ---- filters */

static void resources_apply_owner(struct record_filter *f, const char *value)
{
    snprintf(f->owner, sizeof f->owner, "%.36s", value);
}

/* Its name: that of its record, else the one its things give. */
static void resources_owner_words(char *out, size_t size, struct ui *ui, const char *value)
{
    struct record_filter f = {.kind = "resource"};
    struct content c;
    struct row row;
    out[0] = '\0';
    resources_apply_owner(&f, value);
    if (replica_get(ui->replica, value, &c, NULL) == ERR_NONE) {
        snprintf(out, size, "%s", c.name);
        content_done(&c);
    } else if (replica_records(ui->replica, &f, 0, &row, 1) == 1) {
        snprintf(out, size, "%s", row.place);
    }
}

static void resources_apply_kind(struct record_filter *f, const char *value)
{
    int kind = resources_kind(value);
    f->marks |= kind < 0 ? 0 : MARK_RESOURCE(kind);
}

static void resources_kind_words(char *out, size_t size, struct ui *ui, const char *value)
{
    int kind = resources_kind(value);
    (void)ui;
    snprintf(out, size, "%s", kind < 0 ? "" : _(marks_resources[kind].word));
}

static void resources_apply_only(struct record_filter *f, const char *value)
{
    f->marks |= value[0] == '1' ? MARK_OFFER : MARK_WANT;
}

static void resources_only_words(char *out, size_t size, struct ui *ui, const char *value)
{
    (void)ui;
    snprintf(out, size, "%s", value[0] == '1' ? _("only what is shared") : _("only what is sought"));
}

static const struct browse_filter resources_by_owner = {"owner", false, resources_apply_owner, resources_owner_words};
static const struct browse_filter resources_by_kind = {"resource", false, resources_apply_kind, resources_kind_words};
static const struct browse_filter resources_by_only = {"only", false, resources_apply_only, resources_only_words};

static const struct browse_filter *const resources_filters[] = {
    [RESOURCES_OWNER] = &resources_by_owner, [RESOURCES_KIND] = &resources_by_kind, [RESOURCES_ONLY] = &resources_by_only,
    [RESOURCES_TOPIC] = &browse_by_topic,    [RESOURCES_CITY] = &browse_by_city,    NULL,
};

/* ---- the list */

static void resources_heading(char *out, size_t size, int count)
{
    snprintf(out, size, i18n_plural("%d thing shared or sought", "%d things shared or sought", (unsigned long)count), count);
}

static void resources_below(char *out, size_t size, const struct browse *b, const struct row *row)
{
    char what[120];
    resources_what(what, sizeof what, row->type, row->marks & MARK_WANT);
    bool name = row->place[0] && !b->value[RESOURCES_OWNER][0];
    snprintf(out, size, "%s%s%s", what, name ? " · " : "", name ? row->place : "");
}

static const struct browse_kind resources_list = {
    .kind = "resource",
    .screen = SCREEN_RESOURCE,
    .filters = resources_filters,
    .heading = resources_heading,
    .below = resources_below,
    .fill = resource_page_fill,
    .not_found = N_("Nothing was found for these letters. Esc empties the search."),
    .none_like = N_("There is nothing like this at the moment. Press Delete to see all."),
    .none_yet = N_("Nothing is shared or sought yet. It appears here by itself."),
};

/* arg: "" or "OWNER TYPE ONLY" of resources_open. */
static void resources_enter(struct ui *ui, void *state, const char *arg)
{
    struct browse *b = state;
    char owner[CONTENT_ID] = "", type[16] = "";
    int only = 0;
    (void)ui;
    browse_enter(b, &resources_list, "");
    if (sscanf(arg, "%36s %15s %d", owner, type, &only) < 2)
        return;
    snprintf(b->value[RESOURCES_OWNER], BROWSE_VALUE, "%s", owner);
    snprintf(b->value[RESOURCES_KIND], BROWSE_VALUE, "%s", resources_kind(type) < 0 ? "" : type);
    snprintf(b->value[RESOURCES_ONLY], BROWSE_VALUE, "%s", only == 1 ? "1" : only == 2 ? "2" : "");
}

static const struct screen_key resources_keys[] = {
    {K_ENTER, N_("Open"), 0, N_("Choose what is marked with >")},
    {K_F3, N_("Topic"), BROWSE_FILTER + RESOURCES_TOPIC, N_("Only one topic")},
    {K_F4, N_("Town"), BROWSE_FILTER + RESOURCES_CITY, N_("Only one town or district")},
    {K_F5, N_("Kind"), BROWSE_FILTER + RESOURCES_KIND, N_("Only one kind: rooms, equipment, skills, transport, helpers")},
    {K_F6, N_("Share/seek"), BROWSE_FILTER + RESOURCES_ONLY, N_("Only what is shared, or only what is sought")},
    {K_DELETE, N_("See all"), BROWSE_ALL, N_("See everything again: all topics, all towns, all kinds")},
    {0},
};

const struct screen screen_resources = {
    .name = "resources",
    .title = N_("Shared and sought"),
    .state_size = sizeof(struct browse),
    .flags = SCREEN_UNTYPES,
    .keys = resources_keys,
    .enter = resources_enter,
    .refresh = browse_refresh,
    .draw = browse_draw,
    .act = browse_act,
    .key = browse_key,
    .later = browse_later,
    .can = browse_can,
    .leave = browse_leave,
};
