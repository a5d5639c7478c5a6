/* Why an exchange did not go well, as one word: kept in the ledger for the staff page and written to the log. */
#ifndef SYNC_FAULT_H
#define SYNC_FAULT_H

#include "kiosk/base/error.h"

enum fault {
    FAULT_NONE,    /* "" */
    FAULT_NET,     /* "net": no answer, or it broke off */
    FAULT_TLS,     /* "tls": the certificate is not to be trusted */
    FAULT_CLOCK,   /* "clock": the certificate is not valid yet or no more: most often this kiosk's date is wrong */
    FAULT_HUB,     /* "hub": an answer that is no answer of a hub, or its own trouble (5xx) */
    FAULT_BUSY,    /* "busy": it asked to come later (429, 503) */
    FAULT_SIGN,    /* "sign": a signature or a hash is not the hub's */
    FAULT_STALE,   /* "stale": what it publishes is older than what is known here */
    FAULT_OLD,     /* "old": it wants a newer program */
    FAULT_REVOKED, /* "revoked": it takes nothing from this kiosk any more */
    FAULT_REFUSED, /* "refused": it does not know this kiosk, or its signature */
    FAULT_DISK,    /* "disk": no space, or the disk fails */
    FAULT_COUNT
};

const char *fault_name(enum fault f); /* never NULL */
/* The fault of an error that came from a database or a file of this kiosk. */
enum fault fault_of_store(enum err code);

#endif
