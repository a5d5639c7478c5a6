/* Ticket codes: what a person reads on the paper and types. Specified with test vectors in sync/PROTOCOL.md, "Ticket code".
 * 19 symbols, 2-9 and C D F G J L N R V W X: no look-alikes among them, none with a Cyrillic twin that could mean another key.
 * 9 random symbols and a check symbol (weights 1..10, modulo 19: finds every single mistake and every exchange of two). */
#ifndef KIOSK_TICKET_CODE_H
#define KIOSK_TICKET_CODE_H

#include <stdbool.h>
#include <stddef.h>

enum { CODE_LEN = 10, CODE_SHOWN = 11, CODE_URL_MAX = 64 };

void code_make(char out[CODE_LEN + 1]);                         /* a new random code */
char code_check(const char *first_nine);                        /* the check symbol */
/* Reads what was typed or scanned: any case, spaces, dashes, Cyrillic of a Russian layout or look-alikes, or the whole URL of the
 * QR. On success out is the plain code. CODE_SHORT/LONG/SYMBOL/CHECK tell what to say to the person. */
enum code_fault { CODE_OK, CODE_SHORT, CODE_LONG, CODE_SYMBOL, CODE_CHECK };
enum code_fault code_read(char out[CODE_LEN + 1], const char *typed, size_t n);
void code_show(char out[CODE_SHOWN + 1], const char *code);     /* "4DXF9-2RV7L" */
/* The payload of the QR: "HTTPS://HUB.EXAMPLE/T/CODE", upper case so that it is alphanumeric; host without scheme, with port.
 * Returns false when it would be longer than 42 bytes (then the QR carries the bare code, which code_read takes as well). */
bool code_url(char out[CODE_URL_MAX], const char *host, const char *code);

/* Enrolment codes: the same alphabet, 16 symbols in groups of 4; the first 4 name the enrolment, 11 are secret, the last checks. */
enum { ENROL_LEN = 16, ENROL_SHOWN = 19 };
void enrol_code_make(char out[ENROL_LEN + 1]);
bool enrol_code_read(char out[ENROL_LEN + 1], const char *typed);
void enrol_code_show(char out[ENROL_SHOWN + 1], const char *code);

#endif
