/* What is asked of events. */
#include "screens/wish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/store/marks.h"
#include "kiosk/ui/ui.h"

bool wish_is_any(const struct wish *w) { return !w->topic[0] && !w->place[0] && !w->city[0] && !w->marks; }
void wish_clear(struct wish *w) { *w = (struct wish){0}; }

void wish_into(const struct wish *w, struct event_filter *f)
{
    memcpy(f->topic, w->topic, sizeof f->topic);
    memcpy(f->place, w->place, sizeof f->place);
    memcpy(f->city, w->city, sizeof f->city);
    f->marks = w->marks;
}

/* ---- in words */

static void wish_add(struct wish *w, const char *text)
{
    size_t n = strlen(w->words);
    if (text[0])
        snprintf(w->words + n, sizeof w->words - n, "%s%s", n ? " · " : "", text);
}

char *wish_place_name(struct ui *ui, const char *place, char *out, size_t size)
{
    struct row row;
    bool found = replica_place(ui->replica, place, &row);
    snprintf(out, size, "%s", found ? row.name : "");
    return out;
}

void wish_say(struct wish *w, struct ui *ui)
{
    char name[208];
    w->words[0] = '\0';
    if (w->topic[0])
        wish_add(w, replica_topic_name(ui->replica, w->topic, name, sizeof name));
    for (const struct mark *m = marks_table; m->word; m++)
        if (w->marks & m->bit)
            wish_add(w, _(m->word));
    for (int i = 0; marks_language_at(i); i++)
        if (w->marks & marks_language(marks_language_at(i)->code))
            wish_add(w, marks_language_at(i)->name);
    if (w->place[0])
        wish_add(w, wish_place_name(ui, w->place, name, sizeof name));
    wish_add(w, w->city);
}

/* The words give way, the key does not. */
void wish_draw(struct canvas c, const struct wish *w)
{
    const char *key = _("Delete: everything");
    int room = c.cols - text_width(key) - 2;
    if (!w->words[0])
        return;
    int cols = canvas_text(canvas_area(c, 0, 0, 1, room), 0, 0, STYLE_STRONG, w->words);
    canvas_text(c, 0, cols + 2, STYLE_DIM, key);
}

/* ---- carried */

char *wish_write(char out[WISH_TEXT], const struct wish *w)
{
    snprintf(out, WISH_TEXT, "%s;%llx;%s;%s", w->topic, (unsigned long long)w->marks, w->place, w->city);
    return out;
}

/* The part up to the next ';' into out; returns what follows it. */
static const char *wish_part(const char *text, char *out, size_t size)
{
    size_t n = strcspn(text, ";");
    snprintf(out, size, "%.*s", (int)(n < size ? n : 0), text);
    return text + n + (text[n] == ';');
}

void wish_read(struct wish *w, const char *text)
{
    char marks[20];
    wish_clear(w);
    text = wish_part(text, w->topic, sizeof w->topic);
    text = wish_part(text, marks, sizeof marks);
    text = wish_part(text, w->place, sizeof w->place);
    wish_part(text, w->city, sizeof w->city);
    w->marks = strtoull(marks, NULL, 16);
}
