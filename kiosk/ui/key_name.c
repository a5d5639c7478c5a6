/* What a key is called, and which key a table means. */
#include "kiosk/ui/keys.h"

#include <stdio.h>

#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"

/* In the order of enum key_code from K_ENTER on. */
static const char *const key_names[] = {
    N_("Enter"), N_("Esc"),  N_("Tab"),   N_("Shift+Tab"), N_("Backspace"), N_("Delete"), N_("Insert"), N_("Up"),
    N_("Down"),  N_("Left"), N_("Right"), N_("Home"),      N_("End"),       N_("PgUp"),   N_("PgDn"),
};

static uint32_t key_lower(uint32_t ch) { return ch >= 'A' && ch <= 'Z' ? ch - 'A' + 'a' : ch; }

bool key_is(const struct key *k, int want)
{
    if (want <= 0 || want >= K_CHAR)
        return want > K_CHAR && (int)k->code == want;
    return k->code == K_CHAR && key_lower(text_key_to_us(k->ch)) == key_lower((uint32_t)want);
}

int key_digit(const struct key *k)
{
    return k->code == K_CHAR && k->ch >= '1' && k->ch <= '9' ? (int)(k->ch - '0') : 0;
}

const char *key_name(int want, char *out, size_t size)
{
    int named = want - K_ENTER;
    if (want >= K_F1 && want <= K_F12)
        snprintf(out, size, "F%d", want - K_F1 + 1);
    else if (named >= 0 && named < (int)(sizeof key_names / sizeof key_names[0]))
        snprintf(out, size, "%s", _(key_names[named]));
    else if (want == ' ')
        snprintf(out, size, "%s", _("Space"));
    else
        snprintf(out, size, "%c",
                 want > ' ' && want < 0x7F ? (want >= 'a' && want <= 'z' ? want - 'a' + 'A' : want) : ' ');
    return out;
}
