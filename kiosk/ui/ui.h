/* What a screen may see: the data, the time, the language, the size. Filled by the shell; screens only read it. */
#ifndef KIOSK_UI_UI_H
#define KIOSK_UI_UI_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/store/ledger.h"
#include "kiosk/ui/tries.h"

struct clock;
struct config;
struct replica;
struct shell;
struct zone;

struct ui {
    struct shell *shell;     /* for shell.h */
    struct replica *replica; /* never NULL */
    struct ledger *ledger;   /* NULL when it cannot be opened: no sign-ups then */
    struct config *config;   /* changed by the staff's settings alone */
    const char *data;        /* the kiosk's folder */
    const struct clock *clock;
    const struct zone *zone;         /* the centre's; NULL: UTC */
    const uint8_t *sign_sk;          /* the kiosk's key, 64 bytes; NULL when there is none: no sign-ups then */
    struct ledger_identity identity; /* kid "" while not enrolled */

    int64_t now;                        /* Unix seconds at the start of this turn */
    int64_t mono;                       /* the same moment on the clock for waiting, ms */
    int32_t today;                      /* days since 1970 in the centre's zone */
    bool time_known;                    /* false: the clock was never set; show no "today" */
    int64_t fresh_at;                   /* Unix seconds of the last word from the hub; 0: never */
    char lang[8];                       /* of the reader, "ru" */
    int rows, cols;                     /* of the body (of the whole grid for SCREEN_FULL) */
    bool can_qr;                        /* the terminal has colours and the half block */
    bool contrast;                      /* strong colours, as this person wants them */
    bool plain;                         /* lines instead of a screen: "press Enter", not "any key" */
    struct tries code_tries, pin_tries; /* of this kiosk, whoever stands at it: they outlive screens and persons */
    const char *answer;                 /* in act() after shell_return(): its text; else "" */
};

#endif
