/* Languages: GNU gettext with the catalogue "sosedi". Message ids are English sentences; Russian is ru.po.
 * Translate at draw time, whole sentences, i18n_plural for numbers. A language is one file: assets/locale/XX.po. */
#ifndef KIOSK_BASE_I18N_H
#define KIOSK_BASE_I18N_H

#include "kiosk/base/error.h"

#define _(text)  i18n_text(text)
#define N_(text) (text) /* marks for extraction only */

struct date;

/* Sets a UTF-8 locale for LC_CTYPE (C.UTF-8 when the environment's is not UTF-8) and binds the catalogue folder (found
 * by file_find_asset "locale"; a missing one leaves English). ERR_STATE when the system has no UTF-8 locale at all.
 * Nothing here is for a second thread: gettext's settings belong to the process. */
enum err i18n_init(struct error *e) MUST_CHECK;
/* The same with a folder that holds XX/LC_MESSAGES/sosedi.mo; NULL: no catalogues. */
enum err i18n_init_in(const char *folder, struct error *e) MUST_CHECK;
/* Changes the language at once: "ru", "en", ... One without a catalogue (and NULL) is "en". "xx" is the pseudo-language
 * of the screen tests: decorated letters, in brackets, 40 % longer, printf directives as they were. */
void i18n_set(const char *lang);
const char *i18n_lang(void); /* the language now in use; borrowed, changed by i18n_set; "en" at first */
/* Translated, or the text itself. Borrowed, stays valid for the process's life when text does. */
const char *i18n_text(const char *text) __attribute__((format_arg(1)));
const char *i18n_plural(const char *one, const char *many, unsigned long n)
    __attribute__((format_arg(1), format_arg(2)));
/* Languages that have a catalogue, "ru" first then "en" (always there) then others by code; each with its own name: its
 * translation of "language name" ("Русский"), else its code. Writes at most max, returns how many. */
struct i18n_lang {
    char code[8];
    char name[40];
};
int i18n_list(struct i18n_lang *out, int max);

#endif
