/* Asking for a topic, a town and the like: opens the picker above the screen; the choice comes to act(action) with ui->answer, "" for "all". */
#ifndef SCREENS_PICK_H
#define SCREENS_PICK_H

struct ui;

/* what: "topic", "city", "age", "speaks" or "day" (these three answer with marks, in decimal); kind: of the records that are
 * counted, "community". */
void pick_open(struct ui *ui, const char *what, const char *kind, int action);

#endif
