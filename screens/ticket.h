/* The ticket's screen: what its two files share. */
#ifndef SCREENS_TICKET_H
#define SCREENS_TICKET_H

#include "kiosk/form/buttons.h"
#include "kiosk/store/ledger_jobs.h"
#include "kiosk/ticket/qr.h"
#include "kiosk/ui/canvas.h"

struct ui;

struct ticket_view {
    char id[CONTENT_ID];
    bool looked_up;        /* by its code, not just made: what was printed some day is no news */
    int64_t old_job;       /* the job there was then */
    bool here;             /* ticket is filled */
    struct ticket ticket;
    struct job job;        /* id 0: none */
    int64_t job_since;     /* ui->mono when this job was first seen */
    int prints;            /* asked for on this visit */
    bool has_qr;
    struct qr qr;
    char shown[CODE_SHOWN + 1];
    struct buttons buttons;
    int64_t entered;       /* ui->mono */
    char printing[400];    /* words about the paper, as of the last look */
};

const char *ticket_title(const struct ticket_view *v);
enum style ticket_title_style(const struct ticket_view *v);
const char *ticket_next(const struct ticket_view *v);
/* Written to out, which is returned; "" for nothing to say. */
char *ticket_seats(const struct ticket_view *v, char *out, size_t size);
char *ticket_printing(const struct ui *ui, const struct ticket_view *v, char *out, size_t size);
bool ticket_is_alive(const struct ticket_view *v); /* may be printed and cancelled */

#endif
