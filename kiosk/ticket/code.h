/* Ticket codes: what a person reads on the paper and types. Specified with test vectors in sync/PROTOCOL.md, "Ticket
 * code". 19 symbols, 2-9 and C D F G J L N R V W X: no 0 1 B I O S Z to be misread, and each on a key whose Cyrillic
 * letter means no other symbol. 9 random symbols and a check symbol (weights 1..10, modulo 19: finds every single
 * mistake and every exchange of two). */
#ifndef KIOSK_TICKET_CODE_H
#define KIOSK_TICKET_CODE_H

#include <stdbool.h>
#include <stddef.h>

enum { CODE_LEN = 10, CODE_SHOWN = 11, CODE_URL_MAX = 64 };

void code_make(char out[CODE_LEN + 1]);  /* a new random code */
char code_check(const char *first_nine); /* the check symbol of nine symbols of the alphabet */
/* Reads what was typed or scanned (n bytes of UTF-8): any case, spaces, dashes, the letters that the Russian layout
 * puts on the same keys, or the whole URL of the QR, under either layout. A letter that is no symbol counts as the one
 * it is misread from: B 8, S 5, Z 2, Х X, З 3. On CODE_OK out is the plain code, otherwise it is untouched and the
 * fault tells what to say to the person: a wrong symbol is named before a wrong length, and that before the check. */
enum code_fault { CODE_OK, CODE_SHORT, CODE_LONG, CODE_SYMBOL, CODE_CHECK };
enum code_fault code_read(char out[CODE_LEN + 1], const char *typed, size_t n);
void code_show(char out[CODE_SHOWN + 1], const char *code); /* "4DXF9-2RV73" */
/* The payload of the QR: "HTTPS://HUB.EXAMPLE/T/CODE", upper case so that it is alphanumeric; host without scheme, with
 * port. False, and out is the bare code (which code_read takes as well), when host is empty, not plain ASCII, or the
 * URL would be longer than 42 bytes: a host has at most 21. */
bool code_url(char out[CODE_URL_MAX], const char *host, const char *code);

/* Enrolment codes: the same alphabet, 16 symbols in groups of 4; the first 4 name the enrolment, 11 are secret, the
 * last checks (weights 1..16). Read as above, without a URL; false leaves out untouched. */
enum { ENROL_LEN = 16, ENROL_SHOWN = 19 };
void enrol_code_make(char out[ENROL_LEN + 1]);
bool enrol_code_read(char out[ENROL_LEN + 1], const char *typed);
void enrol_code_show(char out[ENROL_SHOWN + 1], const char *code);

#endif
