/* Keys: from the terminal's bytes to what a person pressed, touched or scanned. Pure: bytes and times in, keys out.
 * Strict UTF-8; unknown or hostile sequences (CSI, SS3, OSC, DCS, answers of the terminal) are swallowed whole.
 * Sources: ECMA-48 5.4 (CSI), xterm's ctlseqs (keys, SGR mouse 1006), console_codes(4).
 *
 * A scanner types too: 8 or more characters, not all the same, with gaps of at most 35 ms ended by Enter or Tab, or
 * anything after STX, become one K_SCAN with the text mapped back from a Russian layout. Whether a character begins such
 * a burst is known only later. So the rule is:
 * - where what a character does can be undone (struct keys, eager) the first after a quiet moment is given at once, and
 *   so is the same one again and again, a key held down; should a scan come of it, K_UNTYPE comes before the K_SCAN;
 * - elsewhere it waits until 35 ms have passed without another. So do, everywhere, those that follow the first within
 *   35 ms. The order stays that in which they were typed.
 * Only characters ever wait, and never a space after a quiet moment: no code begins with one. */
#ifndef KIOSK_UI_KEYS_H
#define KIOSK_UI_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum key_code {
    K_NONE = 0,
    /* 1..0x7F: in key tables only, a letter shortcut or digit stands for itself ('p', '1'); see key_is() */
    K_CHAR = 0x80, /* ch: a printable character, space included */
    K_ENTER,
    K_ESC,
    K_TAB,
    K_BACKTAB,
    K_BACKSPACE,
    K_DELETE,
    K_INSERT,
    K_UP,
    K_DOWN,
    K_LEFT,
    K_RIGHT,
    K_HOME,
    K_END,
    K_PAGE_UP,
    K_PAGE_DOWN,
    K_F1,
    K_F2,
    K_F3,
    K_F4,
    K_F5,
    K_F6,
    K_F7,
    K_F8,
    K_F9,
    K_F10,
    K_F11,
    K_F12,
    K_CLICK,
    K_WHEEL_UP,
    K_WHEEL_DOWN, /* row, col */
    K_SCAN,       /* text */
    K_UNTYPE,     /* early: the characters with this number were a scanner's; be as if they had never come */
};

struct key {
    enum key_code code;
    uint32_t ch;      /* of K_CHAR */
    unsigned early;   /* of K_CHAR: may yet be taken back by the K_UNTYPE with the same number; 0: never */
    int row, col;     /* of the mouse: in the screen's body (the shell has made them so); may be negative outside */
    const char *text; /* of K_SCAN: printable ASCII mostly, never NULL then; borrowed until the next key */
};

/* Is this the key of a table's row? want: a K_ code, or a character; letters match in either case and either layout
 * (the same physical key). */
bool key_is(const struct key *k, int want);
/* 1..9 for a digit key, else 0. */
int key_digit(const struct key *k);
/* "Enter", "Esc", "F1", "P": what is on the key. Translated. out is returned. */
const char *key_name(int want, char *out, size_t size);

enum { KEYS_GAP_MS = 35, KEYS_BURST = 8, KEYS_TEXT = 256, KEYS_QUEUE = 512, KEYS_ESC_MS = 25 };

struct keys {
    bool no_scanner; /* set it after keys_init: no bursts, characters are not held back */
    bool eager;      /* set it before every byte: a character given now can be taken back */
    int state;       /* of the decoder */
    char seq[32];    /* an unfinished sequence or character */
    int seq_len;
    int64_t last_ms;      /* when the last byte came */
    char held[KEYS_TEXT]; /* characters that may be a scan */
    int held_len, held_chars;
    int given;       /* bytes of them that were given as keys already */
    unsigned burst;  /* the number of this burst, from 1 */
    uint32_t first;  /* its first character */
    bool mixed;      /* not all are the first one: no key held down */
    int64_t held_ms; /* when the last of them came */
    bool stx;        /* STX came: all up to Enter, Tab or ETX is a scan */
    bool too_long;   /* of the held ones some were lost */
    char text[KEYS_TEXT];         /* of the last K_SCAN */
    struct key queue[KEYS_QUEUE]; /* ready; when full new ones are dropped */
    int head, count;
};

void keys_init(struct keys *k);
/* mono_ms: when the bytes came; when that is not known (one was busy), the earliest moment at which they may have come:
 * a burst must not fall apart because somebody was slow to read it. Take the keys out after every 64 bytes or so. */
void keys_feed(struct keys *k, const void *bytes, size_t n, int64_t mono_ms);
/* The next key, false when there is none now. */
bool keys_next(struct keys *k, int64_t mono_ms, struct key *out);
/* When keys_next() may have more though no byte came (Esc alone, held characters); INT64_MAX: never. */
int64_t keys_deadline(const struct keys *k);
void keys_wipe(struct keys *k); /* forgets all, overwriting what was typed */

#endif
