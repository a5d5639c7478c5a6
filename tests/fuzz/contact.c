/* Telephone numbers and e-mail addresses as people type them. */
#include <stdlib.h>
#include <string.h>

#include "kiosk/form/email.h"
#include "kiosk/form/phone.h"
#include "tests/support/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char phone[PHONE_SIZE] = "", again[PHONE_SIZE], shown[PHONE_SHOWN], email[EMAIL_SIZE], same[EMAIL_SIZE];
    char *text = fuzz_text(data, n);
    int digits;
    if (phone_read(phone, text, &digits) == PHONE_OK) {
        size_t len = strspn(phone + 1, "0123456789");
        fuzz_check(phone[0] == '+' && len >= 8 && len <= 15 && phone[1 + len] == '\0', "a number is E.164");
        fuzz_check(phone_read(again, phone, NULL) == PHONE_OK && strcmp(phone, again) == 0, "it reads the same");
        fuzz_check(phone_read(again, phone_show(shown, phone), NULL) == PHONE_OK && strcmp(phone, again) == 0,
                   "as it is shown too");
    } else {
        fuzz_check(phone[0] == '\0', "out is untouched by a fault");
    }
    if (email_read(email, text) == EMAIL_OK) {
        fuzz_check(strchr(email, '@') != NULL && strpbrk(email, " \t\r\n,;\"<>") == NULL, "an address is one word");
        fuzz_check(email_read(same, email) == EMAIL_OK && strcmp(email, same) == 0, "it reads the same");
    }
    free(text);
    return 0;
}
