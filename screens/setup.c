/* What staff set at the terminal: its name, town, hours, whom to ask, sound. It stands in staff.conf and holds at once.
 * Only the staff page leads here. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/config.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/settings.h"
#include "kiosk/form/form.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"

enum { SETUP_HEAD = 2, SETUP_SET = 5 };

/* Fields by "section.name", as the settings are called. */
static const struct setup_item {
    const char *section, *name, *label, *hint;
    enum field_type type;
} setup_items[SETUP_SET] = {
    {"centre", "name", N_("Name of the centre"), N_("It stands on the title line and on tickets."), FIELD_TEXT},
    {"centre", "city", N_("Town or village"), N_("What is near stands first. Write it as in the list of communities."),
     FIELD_TEXT},
    {"centre", "hours", N_("Opening hours"), N_("For example: Mo-Fr 10:00-19:00; Sa 11:00-17:00"), FIELD_HOURS},
    {"centre", "help", N_("Whom residents can ask"), N_("For example: at the desk by the door"), FIELD_TEXT},
    {"screen", "sound", N_("Sound"), N_("A short tone when something is done or needs attention."), FIELD_YESNO},
};

struct setup {
    struct form form;
};

static void setup_id(const struct setup_item *item, char out[28])
{
    snprintf(out, 28, "%s.%s", item->section, item->name);
}

static void setup_ask(struct setup *s)
{
    struct field fields[SETUP_SET];
    for (int i = 0; i < SETUP_SET; i++) {
        fields[i] = (struct field){
            .label = _(setup_items[i].label), .hint = _(setup_items[i].hint), .type = setup_items[i].type};
        setup_id(&setup_items[i], fields[i].id);
    }
    form_set(&s->form, fields, SETUP_SET, _("Save"));
}

static void setup_enter(struct ui *ui, void *state, const char *arg)
{
    struct setup *s = state;
    (void)arg;
    setup_ask(s);
    for (int i = 0; i < SETUP_SET; i++) {
        const char *value = config_str(ui->config, setup_items[i].section, setup_items[i].name);
        field_begin(&s->form.field[i], &s->form.value[i], value);
        if (setup_items[i].type == FIELD_YESNO)
            s->form.value[i].chosen = strcmp(value, "yes") == 0 ? 0 : 1;
    }
    field_focus(&s->form.field[0], &s->form.value[0]);
}

static void setup_refresh(struct ui *ui, void *state)
{
    struct setup *s = state;
    setup_ask(s);
    form_place(&s->form, SETUP_HEAD, ui->rows - SETUP_HEAD, ui->cols);
}

static enum err setup_save(struct ui *ui, const struct setup *s, struct error *e)
{
    char id[28], value[FIELD_SIZE];
    enum err code = ERR_NONE;
    for (int i = 0; i < SETUP_SET && code == ERR_NONE; i++) {
        setup_id(&setup_items[i], id);
        form_get(&s->form, id, value);
        if (!value[0] && setup_items[i].type == FIELD_YESNO)
            snprintf(value, sizeof value, "no");
        code = config_set(ui->config, setup_items[i].section, setup_items[i].name, value, e);
    }
    return code == ERR_NONE ? settings_save(ui->config, ui->data, e) : code;
}

static bool setup_key(struct ui *ui, void *state, const struct key *k)
{
    struct setup *s = state;
    struct error e;
    enum form_event event = form_key(&s->form, k);
    if (event != FORM_DONE)
        return event == FORM_MINE || k->code == K_SCAN;
    if (setup_save(ui, s, &e) == ERR_NONE) {
        shell_flash(ui, STYLE_GOOD, _("Saved."));
        shell_back(ui);
    } else {
        shell_flash(ui, STYLE_WARN,
                    e.code == ERR_INVALID
                        ? _("One of the lines is too long, or has a sign that cannot be kept.")
                        : _("It could not be saved: there is no room on the disk, or it lets nothing be written."));
    }
    return true;
}

static void setup_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct setup *s = state;
    (void)ui;
    canvas_text(body, 0, 0, STYLE_HEADING, _("Settings of this terminal"));
    form_draw(body, &s->form);
}

static const struct screen_key setup_keys[] = {
    {K_ENTER, N_("Next"), 0, N_("Go on to the next line, or press the marked button")}, {0}};

const struct screen screen_setup = {
    .name = "setup",
    .title = N_("Settings"),
    .state_size = sizeof(struct setup),
    .flags = SCREEN_UNTYPES,
    .keys = setup_keys,
    .enter = setup_enter,
    .refresh = setup_refresh,
    .draw = setup_draw,
    .key = setup_key,
};
