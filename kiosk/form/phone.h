/* Telephone numbers as people write them, made into E.164 ("+79123456789"). Pure. Sources: ITU-T E.164 (at most 15 digits), the
 * Russian numbering plan (8 or +7, then 10 digits whose first is none of 0, 1, 2). */
#ifndef KIOSK_FORM_PHONE_H
#define KIOSK_FORM_PHONE_H

#include <stddef.h>

enum { PHONE_SIZE = 17, PHONE_SHOWN = 24 };

enum phone_fault {
    PHONE_OK,
    PHONE_SIGN,  /* something that is no part of a number: a letter */
    PHONE_LOCAL, /* 5 to 7 digits: the code of the city or operator is missing */
    PHONE_SHORT, PHONE_LONG,
    PHONE_NONE,  /* the right length, but no such numbers are given out */
};

/* Reads typed (UTF-8): spaces, dashes, dots, brackets and slashes are passed over. 8..., 7..., +7... and +8 9... of 11 digits and
 * 10 digits that begin with 3, 4 or 9 are Russian; + or 00 or 810 with a country is taken as it is, 8 to 15 digits. *digits, when
 * not NULL, becomes the number of digits typed. On PHONE_OK out is "+" and digits, otherwise untouched. */
enum phone_fault phone_read(char out[PHONE_SIZE], const char *typed, int *digits);
/* For reading: "+7 912 345-67-89"; other countries as they are. out is returned. */
char *phone_show(char out[PHONE_SHOWN], const char *e164);

#endif
