/* Inside of the shell: shell.c (screens and keys), shell_time.c, shell_touch.c, shell_draw.c (what is seen), plain*.c (what is read)
 * and where.c. Nobody else includes this. */
#ifndef KIOSK_UI_SHELL_STATE_H
#define KIOSK_UI_SHELL_STATE_H

#include "kiosk/ui/osk.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/spot.h"

enum { SHELL_DEPTH = 16, SHELL_TEXT = 512, SHELL_MIN_ROWS = 12, SHELL_MIN_COLS = 40, SHELL_ITEMS = 24, SHELL_MARKED = 16 };

enum shell_move_kind { SHELL_STAY, SHELL_OPEN, SHELL_REPLACE, SHELL_BACK, SHELL_HOME, SHELL_LEAVE, SHELL_RETURN };

struct shell_frame {
    const struct screen *screen;
    void *state;
    int64_t tick_at; /* mono ms; INT64_MAX: never */
    int64_t later_at; /* the same, of later() */
    unsigned early;  /* the burst (struct key) whose first character came here; 0: none */
    unsigned serial; /* no two frames of a shell have the same */
};

struct shell {
    struct ui *ui;
    struct shell_setup setup;
    char first_lang[8]; /* the next person starts with it */
    bool first_contrast; /* and with this */
    int rows, cols;     /* of the grid */
    struct shell_frame frame[SHELL_DEPTH];
    int depth;
    struct shell_move {
        enum shell_move_kind kind;
        int screen, action;
        char text[SHELL_TEXT];
    } move;
    char answer[SHELL_TEXT];
    char flash[SHELL_TEXT];
    bool tone; /* to be heard with the next drawing */
    enum style flash_style;
    int64_t flash_until;            /* mono ms */
    struct shell_question question; /* its texts are in question_text */
    char question_text[3][SHELL_TEXT];
    int64_t last_key;  /* mono ms */
    int64_t minute_at; /* mono ms of the next change of the clock's minute */
    unsigned serial;   /* of the last frame */
    struct spot mark[SHELL_MARKED]; /* what was drawn that is a key when touched */
    int marked;
    struct osk osk;
    bool osk_capital; /* what is typed begins with a capital */
    bool dirty, over;
};

/* One thing in the bottom line. */
struct shell_item {
    int key;
    char name[24];
    const char *label; /* translated, borrowed */
    int col, cols;
};

struct shell_frame *shell_top(const struct shell *s);
/* Handlers see the size they will be drawn in. */
void shell_face(struct shell *s, const struct screen *screen);
void shell_refresh_seen(struct shell *s); /* everything that is visible fetches again */
void shell_settle(struct shell *s);       /* does what the handlers asked for */
void shell_read_clock(struct shell *s);
bool shell_is_small(const struct shell *s);
bool shell_is_idle(const struct shell *s); /* "still here?" is being asked */
int shell_rows(const struct shell *s); /* of the grid, without the keyboard on the screen */
void shell_note_spots(struct shell *s, const struct canvas_grid *g);
struct key shell_aim(const struct shell *s, const struct key *k);
/* A touch opens the keyboard on the screen where there is something to type into: before the key is given to anybody. */
bool shell_osk_touch(struct shell *s, const struct key *k);
/* A touch of the keyboard becomes the key in out, other keys stay as they are; false: nothing is left to do. */
bool shell_osk_take(struct shell *s, const struct key *k, struct key *out);
bool shell_osk_settle(struct shell *s); /* after every key; true: it has come or gone, and there is another size */
struct canvas shell_body(const struct shell *s, const struct screen *screen, struct canvas all);
bool shell_can(const struct shell *s, const struct shell_frame *f, const struct screen_key *row);
/* All that can be pressed on the screen on top; returns how many, `own` of them the screen's own. */
int shell_items(const struct shell *s, struct shell_item items[SHELL_ITEMS], int *own);
/* Lays out the bottom line of the screen on top; returns how many items fit. */
int shell_footer(const struct shell *s, struct shell_item items[SHELL_ITEMS]);
/* Keys that work on this screen though they are not in its table, in the order of the bottom line. 0 at the end. */
const struct screen_key *shell_everywhere(const struct shell *s);

#endif
