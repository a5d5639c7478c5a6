/* Languages by gettext. gettext is state of the whole process (the locale, the bound domain, LANGUAGE in the
 * environment), so what mirrors it here is one static struct: the only writable one of the program. */
#include "kiosk/base/i18n.h"

#include <dirent.h>
#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/base/file.h"
#include "kiosk/base/i18n_pseudo.h"
#include "kiosk/base/text.h"

/* glibc's count of catalogue changes: raising it makes gettext forget the translations that it remembers. */
extern int _nl_msg_cat_cntr;

enum { I18N_PSEUDO_MAX = 4096, I18N_LANGS_MAX = 64 };
static const char i18n_domain[] = "sosedi";
static const char i18n_utf8_locale[] = "C.UTF-8";
static const char i18n_english[] = "en", i18n_pseudo[] = "xx";

/* Texts of the pseudo-language, made once and kept: what i18n_text returns is borrowed for ever. */
struct i18n_pair {
    char *text, *pseudo;
};

static struct {
    char folder[4096]; /* of the catalogues; empty: none */
    char lang[sizeof((struct i18n_lang *)0)->code];
    struct i18n_pair *pairs;
    size_t pair_count, pair_room; /* an open hash table, room a power of two */
} i18n = {.lang = "en"};

/* ---- the pseudo-language */

static size_t i18n_hash(const char *text)
{
    size_t h = 5381;
    for (; *text; text++)
        h = h * 33 + (unsigned char)*text;
    return h;
}

static struct i18n_pair *i18n_slot(struct i18n_pair *pairs, size_t room, const char *text)
{
    size_t at = i18n_hash(text) & (room - 1);
    while (pairs[at].text && strcmp(pairs[at].text, text) != 0)
        at = (at + 1) & (room - 1);
    return &pairs[at];
}

static void i18n_grow(void)
{
    size_t room = i18n.pair_room ? i18n.pair_room * 2 : 256;
    struct i18n_pair *pairs = mem_new(room, sizeof *pairs);
    for (size_t i = 0; i < i18n.pair_room; i++) {
        if (i18n.pairs[i].text)
            *i18n_slot(pairs, room, i18n.pairs[i].text) = i18n.pairs[i];
    }
    free(i18n.pairs);
    i18n.pairs = pairs;
    i18n.pair_room = room;
}

static const char *i18n_pseudo_text(const char *text)
{
    if (i18n.pair_count * 2 >= i18n.pair_room)
        i18n_grow();
    struct i18n_pair *p = i18n_slot(i18n.pairs, i18n.pair_room, text);
    if (!p->text) {
        if (i18n.pair_count == I18N_PSEUDO_MAX)
            return text;
        p->text = mem_dup_str(text);
        p->pseudo = i18n_pseudo_dup(text);
        i18n.pair_count++;
    }
    return p->pseudo;
}

static bool i18n_is_pseudo(void) { return strcmp(i18n.lang, i18n_pseudo) == 0; }

/* ---- catalogues */

/* A code comes from settings and folder names and goes into a path: letters, digits, _ @ - only. */
static bool i18n_code_is_plain(const char *code)
{
    size_t n = strnlen(code, sizeof i18n.lang);
    if (n < 2 || n >= sizeof i18n.lang)
        return false;
    return strspn(code, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@-") == n;
}

static bool i18n_has_catalogue(const char *code)
{
    if (!i18n.folder[0] || !i18n_code_is_plain(code))
        return false;
    char rest[64], path[4096];
    snprintf(rest, sizeof rest, "%s/LC_MESSAGES/%s.mo", code, i18n_domain);
    return access(file_join(path, i18n.folder, rest), R_OK) == 0;
}

static void i18n_use(const char *code)
{
    setenv("LANGUAGE", code, 1);
    _nl_msg_cat_cntr++;
}

static enum err i18n_set_locale(struct error *e)
{
    bool utf8 = setlocale(LC_CTYPE, "") && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    if (!utf8 && !setlocale(LC_CTYPE, i18n_utf8_locale))
        return error_set(e, ERR_STATE, "this system has no locale %s", i18n_utf8_locale);
    /* In the locale "C" gettext translates nothing whatever LANGUAGE says; in any other LANGUAGE decides alone. */
    if (!setlocale(LC_MESSAGES, i18n_utf8_locale) && !setlocale(LC_MESSAGES, ""))
        return error_set(e, ERR_STATE, "this system has no locale for messages");
    return ERR_NONE;
}

enum err i18n_init_in(const char *folder, struct error *e)
{
    enum err err = i18n_set_locale(e);
    if (err)
        return err;
    i18n.folder[0] = 0;
    if (folder) {
        if (strlen(folder) >= sizeof i18n.folder)
            return error_set(e, ERR_TOO_BIG, "%.80s...: the path is too long", folder);
        memcpy(i18n.folder, folder, strlen(folder) + 1);
        if (!bindtextdomain(i18n_domain, folder) || !bind_textdomain_codeset(i18n_domain, "UTF-8"))
            return error_set(e, ERR_MEMORY, "%s: the catalogues cannot be bound", folder);
    }
    i18n_set(i18n.lang);
    return ERR_NONE;
}

enum err i18n_init(struct error *e)
{
    char folder[4096];
    /* Without catalogues everything is there in English. */
    bool found = file_find_asset("locale", folder, NULL) == ERR_NONE;
    return i18n_init_in(found ? folder : NULL, e);
}

void i18n_set(const char *lang)
{
    bool known = lang && (i18n_has_catalogue(lang) || strcmp(lang, i18n_pseudo) == 0);
    char code[sizeof i18n.lang];
    snprintf(code, sizeof code, "%s", known ? lang : i18n_english); /* lang may be i18n_lang() */
    memcpy(i18n.lang, code, sizeof code);
    i18n_use(code);
}

const char *i18n_lang(void) { return i18n.lang; }

const char *i18n_text(const char *text)
{
    if (!*text) /* gettext answers "" with the catalogue's header */
        return text;
    return i18n_is_pseudo() ? i18n_pseudo_text(text) : dgettext(i18n_domain, text);
}

const char *i18n_plural(const char *one, const char *many, unsigned long n)
{
    if (i18n_is_pseudo())
        return i18n_pseudo_text(n == 1 ? one : many);
    return dngettext(i18n_domain, one, many, n);
}

/* ---- the list of languages */

static void i18n_read_name(struct i18n_lang *l)
{
    /* Translators: the name of your language in your language, such as Русский. */
    const char *const id = N_("language name");
    i18n_use(l->code);
    const char *name = dgettext(i18n_domain, id);
    bool translated = strcmp(name, id) != 0;
    const char *fallback = strcmp(l->code, i18n_english) == 0 ? "English" : l->code;
    const char *shown = translated ? name : fallback;
    text_sanitize(l->name, sizeof l->name, shown, strlen(shown), TEXT_LINE);
}

static int i18n_rank(const char *code) { return strcmp(code, "ru") == 0 ? 0 : strcmp(code, i18n_english) == 0 ? 1 : 2; }

static int i18n_compare(const void *a, const void *b)
{
    const struct i18n_lang *x = a, *y = b;
    int by_rank = i18n_rank(x->code) - i18n_rank(y->code);
    return by_rank ? by_rank : strcmp(x->code, y->code);
}

static int i18n_find_codes(struct i18n_lang *out, int max)
{
    int count = 0;
    snprintf(out[count++].code, sizeof out->code, "%s", i18n_english);
    DIR *dir = i18n.folder[0] ? opendir(i18n.folder) : NULL;
    for (struct dirent *d; dir && count < max && (d = readdir(dir));) {
        bool own = strcmp(d->d_name, i18n_english) == 0 || strcmp(d->d_name, i18n_pseudo) == 0;
        if (!own && i18n_has_catalogue(d->d_name))
            snprintf(out[count++].code, sizeof out->code, "%.*s", (int)sizeof out->code - 1, d->d_name);
    }
    if (dir)
        closedir(dir);
    return count;
}

int i18n_list(struct i18n_lang *out, int max)
{
    struct i18n_lang all[I18N_LANGS_MAX] = {0};
    int count = i18n_find_codes(all, I18N_LANGS_MAX);
    qsort(all, (size_t)count, sizeof all[0], i18n_compare);
    if (count > max)
        count = max < 0 ? 0 : max;
    for (int i = 0; i < count; i++) {
        i18n_read_name(&all[i]);
        out[i] = all[i];
    }
    i18n_use(i18n.lang);
    return count;
}
