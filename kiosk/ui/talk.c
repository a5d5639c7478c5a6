/* From what is on the screen to what is said. */
#include "kiosk/ui/talk.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/text.h"
#include "kiosk/ui/shell_state.h"

static void talk_add(char *out, size_t size, const char *text)
{
    size_t n = strlen(out);
    if (text[0] && n < size)
        snprintf(out + n, size - n, "%s%s", n ? ". " : "", text);
}

/* The last letter of what is typed: who types hears each. */
static void talk_add_letter(char *out, size_t size, const struct where *w, const struct where *last)
{
    size_t n = strlen(w->typed), was = strlen(last->typed), at = 0, bytes = 0;
    for (size_t i = 0; i < n; i += bytes) {
        at = i;
        text_cluster(w->typed + i, &bytes);
        if (bytes == 0)
            break;
    }
    if (n > was && !w->secret)
        talk_add(out, size, w->typed + at);
}

bool talk_look(struct talk *t, struct shell *s, char *out, size_t size)
{
    struct where now;
    out[0] = '\0';
    where_look(s, &now);
    bool nobody = shell_top(s)->screen->flags & SCREEN_NO_IDLE, other = now.serial != t->last.serial;
    bool moved = strcmp(now.place, t->last.place) != 0, typed = strcmp(now.typed, t->last.typed) != 0;
    bool flash = strcmp(s->flash, t->flash) != 0 && s->flash[0];
    if (nobody)
        now = (struct where){.serial = now.serial};
    else if (other)
        where_words(&now, out, size);
    else if (moved || (!typed && strcmp(now.focus, t->last.focus) != 0 && !now.secret))
        snprintf(out, size, "%s%s%s", now.focus, now.place[0] ? ". " : "", now.place);
    else if (typed)
        talk_add_letter(out, size, &now, &t->last);
    if (flash && !nobody)
        talk_add(out, size, s->flash);
    if (other && !nobody && !now.focus[0])
        where_read(s, out + strlen(out), size - strlen(out)); /* nothing to choose: what there is to read */
    snprintf(t->flash, sizeof t->flash, "%.299s", s->flash);
    t->last = now;
    explicit_bzero(&now, sizeof now);
    return out[0] || other;
}
