/* The languages offered here. */
#include "screens/lang.h"

#include <string.h>

#include "kiosk/base/config.h"
#include "kiosk/ui/ui.h"

static const struct i18n_lang *lang_find(const struct i18n_lang *all, int count, const char *code, size_t n)
{
    for (int i = 0; i < count; i++)
        if (strlen(all[i].code) == n && strncmp(all[i].code, code, n) == 0)
            return &all[i];
    return NULL;
}

int lang_offered(const struct ui *ui, struct i18n_lang *out, int max)
{
    struct i18n_lang all[LANG_MAX];
    int have = i18n_list(all, LANG_MAX), count = 0;
    const char *s = ui->config ? config_str(ui->config, "centre", "languages") : "";
    while (*s && count < max) {
        size_t n = strcspn(s, " ,");
        const struct i18n_lang *lang = lang_find(all, have, s, n);
        if (lang)
            out[count++] = *lang;
        s += n;
        s += strspn(s, " ,");
    }
    for (int i = 0; count == 0 && i < have && i < max; i++)
        out[i] = all[i];
    return count > 0 ? count : have < max ? have : max;
}
