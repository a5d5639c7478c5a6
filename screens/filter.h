/* Asking what of the events is wanted: opens the dialog above the screen; the answer comes to act(action) as a wish's text in
 * ui->answer (wish_read), also when it was left with Esc: what was changed is meant. */
#ifndef SCREENS_FILTER_H
#define SCREENS_FILTER_H

#include "screens/wish.h"

void filter_open(struct ui *ui, const struct wish *w, int action);

#endif
