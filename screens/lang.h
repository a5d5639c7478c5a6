/* The languages offered here: all that have a catalogue, or those of the setting centre.languages, in its order. */
#ifndef SCREENS_LANG_H
#define SCREENS_LANG_H

#include "kiosk/base/i18n.h"

struct ui;

enum { LANG_MAX = 16 };

int lang_offered(const struct ui *ui, struct i18n_lang *out, int max); /* how many; at least one */

#endif
