/* The pseudo-language "xx", for tests of screens: a text that was not translated is seen at once, and what is too
 * narrow for a longer language is cut. Used by i18n.c alone. */
#ifndef KIOSK_BASE_I18N_PSEUDO_H
#define KIOSK_BASE_I18N_PSEUDO_H

/* text with every letter decorated, in brackets and padded to 1.4 times its columns (rounded up, at least the two
 * brackets). printf directives stay as they are, "%1$s" too. The caller frees it. */
char *i18n_pseudo_dup(const char *text);

#endif
