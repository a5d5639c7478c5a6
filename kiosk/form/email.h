/* E-mail addresses: is it plausible? (RFC 5321 4.1.2 without quoted names and address literals; RFC 6531 letters allowed.) Pure. */
#ifndef KIOSK_FORM_EMAIL_H
#define KIOSK_FORM_EMAIL_H

#include <stddef.h>
#include <stdint.h>

enum { EMAIL_SIZE = 200 };

enum email_fault {
    EMAIL_OK,
    EMAIL_AT,    /* no @, or several, or nothing before it */
    EMAIL_DOMAIN, /* what follows the @ is no domain: "mail", "mail..ru", "mail.r" */
    EMAIL_SIGN,  /* a space, a comma, a quote */
    EMAIL_LONG,
};

/* Blanks around are dropped, the domain becomes lower case. On EMAIL_OK out is the address, otherwise untouched. */
enum email_fault email_read(char out[EMAIL_SIZE], const char *typed);
/* The character meant by a key in an address: nobody has to change the keyboard's layout for it. Russian letters become those on
 * the same keys, and the Russian layout's quote (Shift 2) the @. Everything else stays. */
uint32_t email_key(uint32_t ch);

#endif
