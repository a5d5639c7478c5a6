/* Ticket codes, enrolment codes and tokens, typed or scanned. */
#include <stdlib.h>
#include <string.h>

#include "kiosk/ticket/code.h"
#include "kiosk/ticket/token.h"
#include "tests/support/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char code[CODE_LEN + 1] = "", again[CODE_LEN + 1], shown[CODE_SHOWN + 1], url[CODE_URL_MAX];
    char enrol[ENROL_LEN + 1], enrol_again[ENROL_LEN + 1], enrol_shown[ENROL_SHOWN + 1];
    char *text = fuzz_text(data, n), token_shown[TOKEN_TEXT + 1];
    uint8_t token[TOKEN_BYTES], same[TOKEN_BYTES];
    struct token fields;
    if (code_read(code, (const char *)data, n) == CODE_OK) {
        code_show(shown, code);
        fuzz_check(code_check(code) == code[CODE_LEN - 1], "a code that was read has the right check symbol");
        fuzz_check(code_read(again, shown, strlen(shown)) == CODE_OK && strcmp(code, again) == 0, "it reads as shown");
        fuzz_check(code_url(url, "hub.example", code), "it fits its address");
        fuzz_check(code_read(again, url, strlen(url)) == CODE_OK && strcmp(code, again) == 0, "so does its address");
    } else {
        fuzz_check(code[0] == '\0', "out is untouched by a fault");
    }
    if (enrol_code_read(enrol, text)) {
        enrol_code_show(enrol_shown, enrol);
        fuzz_check(enrol_code_read(enrol_again, enrol_shown) && strcmp(enrol, enrol_again) == 0, "it reads as shown");
    }
    if (token_from_text(token, text)) {
        token_text(token_shown, token);
        fuzz_check(token_from_text(same, token_shown) && memcmp(token, same, sizeof same) == 0, "a token reads again");
        if (token_peek(&fields, token, NULL) == ERR_NONE)
            fuzz_check(token_read(&fields, token, same, NULL) != ERR_NONE, "no stranger's token is good");
    }
    free(text);
    return 0;
}
