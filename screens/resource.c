/* One thing that is shared or sought: what is told about it, whose it is, who could help with it. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/store/supply_match.h"
#include "kiosk/ui/ui.h"
#include "screens/card.h"
#include "screens/find.h"
#include "screens/resources.h"

enum { RESOURCE_PAIRS = 4, RESOURCE_REASONS = 3 };

/* ---- words */

static void resource_add(char *out, size_t size, const char *text, const char *between)
{
    size_t n = strlen(out);
    if (text && text[0])
        snprintf(out + n, size - n, "%s%s", n ? between : "", text);
}

char *resources_reason(char *out, size_t size, const struct supply_fit *fit)
{
    char both[120] = "";
    out[0] = '\0';
    if (fit->word[0])
        snprintf(both, sizeof both, _("both say “%s”"), fit->word);
    resource_add(out, size, fit->same_city ? _("in the same town") : "", " · ");
    resource_add(out, size, both, " · ");
    resource_add(out, size, out[0] ? "" : _("the same kind of help"), "");
    return out;
}

/* What its community says where it says nothing itself: how to reach it, where it is. */
static void resource_facts(struct page *p, struct ui *ui, const struct content *c)
{
    struct content owner = {.name = NULL};
    bool known = c->owner_id && replica_get(ui->replica, c->owner_id, &owner, NULL) == ERR_NONE;
    char where[600] = "";
    const char *address = c->address ? c->address : known ? owner.address : NULL, *city = c->city ? c->city : known ? owner.city : NULL;
    resource_add(where, sizeof where, address, "");
    if (city && !(address && strstr(address, city)))
        resource_add(where, sizeof where, city, ", ");
    bool wanted = c->direction && strcmp(c->direction, "want") == 0;
    page_fact(p, wanted ? _("Who seeks it") : _("Who shares it"), c->owner_name);
    page_fact(p, _("Where"), where);
    page_fact(p, wanted ? _("When it is needed") : _("When it is free"), c->meets);
    page_fact(p, _("On what terms"), c->rules);
    page_fact(p, _("Telephone"), known ? owner.telephone : NULL);
    page_fact(p, _("E-mail"), known ? owner.email : NULL);
    content_done(&owner);
}

void resource_page_fill(struct page *p, struct ui *ui, const struct content *c)
{
    char text[200];
    bool wanted = c->direction && strcmp(c->direction, "want") == 0;
    page_text(p, STYLE_HEADING, c->name);
    page_text(p, wanted ? STYLE_WARN : STYLE_GOOD, resources_what(text, sizeof text, c->resource_type ? c->resource_type : "", wanted));
    page_gap(p);
    if (c->lang[0]) {
        snprintf(text, sizeof text, _("This text is in another language: %s"), find_language(c->lang));
        page_text(p, STYLE_DIM, text);
    }
    page_text(p, STYLE_TEXT, c->description);
    page_gap(p);
    resource_facts(p, ui, c);
}

/* ---- the card */

static void resource_add_request(struct card *s, bool wanted)
{
    card_add(s, &(struct card_line){.screen = SCREEN_REQUEST, .arg = s->id, .style = STYLE_STRONG,
                                    .text = wanted ? _("Offer help") : _("Ask for it")});
}

static void resource_add_owner(struct card *s, struct ui *ui, const struct content *c)
{
    char text[400];
    struct content owner;
    if (!c->owner_id || !c->owner_name || replica_get(ui->replica, c->owner_id, &owner, NULL))
        return;
    content_done(&owner);
    snprintf(text, sizeof text, _("About the community: %s"), c->owner_name);
    card_add(s, &(struct card_line){.screen = SCREEN_COMMUNITY, .arg = c->owner_id, .text = text});
}

/* Who could help, or whom it could help: on the page with the reason, below as ways to go. */
static void resource_add_pairs(struct card *s, struct ui *ui, bool wanted)
{
    struct supply_pair pairs[RESOURCE_PAIRS];
    char text[700], why[300], facts[2000] = "";
    int count = supply_pairs_of(ui->replica, s->id, pairs, RESOURCE_PAIRS);
    for (int i = 0; i < count; i++) {
        const struct supply_side *other = wanted ? &pairs[i].offer : &pairs[i].want;
        snprintf(text, sizeof text, wanted ? _("Could help: %s — %s") : _("Could use it: %s — %s"), other->name, other->owner_name);
        card_add(s, &(struct card_line){.screen = SCREEN_RESOURCE, .arg = other->id, .text = text});
        snprintf(text, sizeof text, "%s — %s: %s", other->name, other->owner_name, resources_reason(why, sizeof why, &pairs[i].fit));
        if (i < RESOURCE_REASONS)
            resource_add(facts, sizeof facts, text, "\n");
    }
    page_gap(&s->page);
    page_fact(&s->page, wanted ? _("Who could help") : _("Who could use it"), facts);
}

static bool resource_fill(struct ui *ui, struct card *s)
{
    struct content c;
    if (replica_get(ui->replica, s->id, &c, NULL))
        return false;
    bool wanted = c.direction && strcmp(c.direction, "want") == 0;
    resource_page_fill(&s->page, ui, &c);
    resource_add_request(s, wanted);
    resource_add_owner(s, ui, &c);
    resource_add_pairs(s, ui, wanted);
    card_add_link(s, c.url, _("Its page on the internet, for your telephone"));
    phone_make_aside(&s->phone, ui, c.url);
    content_done(&c);
    return true;
}

static const struct card_kind resource_kind = {
    .gone = N_("This is no longer shared or sought. Press Esc to go back."),
    .fill = resource_fill,
};

/* arg: the record's id. */
static void resource_enter(struct ui *ui, void *state, const char *arg)
{
    (void)ui;
    card_enter(state, &resource_kind, arg);
}

static const struct screen_key resource_keys[] = {
    {K_ENTER, N_("Choose"), 0, N_("Choose what is marked with >")},
    {0},
};

const struct screen screen_resource = {
    .name = "resource",
    .title = N_("Sharing and seeking"),
    .state_size = sizeof(struct card),
    .flags = SCREEN_UNTYPES,
    .keys = resource_keys,
    .enter = resource_enter,
    .refresh = card_refresh,
    .draw = card_draw,
    .key = card_key,
    .leave = card_leave,
};
