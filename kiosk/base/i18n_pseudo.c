/* Decorated, longer text that can still be read. */
#include "kiosk/base/i18n_pseudo.h"

#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/text.h"

/* One decorated letter each, one column wide, composed. */
static const char *const i18n_small[26] = {"á", "ƀ", "ç", "ð", "é", "ƒ", "ĝ", "ĥ", "í", "ĵ", "ķ", "ļ", "ɱ",
                                           "ñ", "ó", "þ", "ɋ", "ř", "š", "ţ", "ú", "ṽ", "ŵ", "ẋ", "ý", "ž"};
static const char *const i18n_capital[26] = {"Á", "Ɓ", "Ç", "Ð", "É", "Ƒ", "Ĝ", "Ĥ", "Í", "Ĵ", "Ķ", "Ļ", "Ɯ",
                                             "Ñ", "Ó", "Þ", "Ɋ", "Ř", "Š", "Ţ", "Ú", "Ṽ", "Ŵ", "Ẋ", "Ý", "Ž"};

/* Bytes of the printf directive at s, 0 when there is none: %[n$][flags][width][.precision][length]conversion. */
static size_t i18n_directive(const char *s)
{
    if (s[0] != '%')
        return 0;
    size_t n = 1;
    n += strspn(s + n, "0123456789$");
    n += strspn(s + n, "-+ #0'I");
    n += strspn(s + n, "0123456789*.$");
    n += strspn(s + n, "hlLqjzt");
    return s[n] && strchr("%diouxXeEfFgGaAcsp", s[n]) ? n + 1 : 0;
}

static void i18n_decorate(struct buf *b, const char *s)
{
    while (*s) {
        size_t n = i18n_directive(s);
        if (n > 0)
            buf_add(b, s, n);
        else if (*s >= 'a' && *s <= 'z')
            buf_add_str(b, i18n_small[*s - 'a']);
        else if (*s >= 'A' && *s <= 'Z')
            buf_add_str(b, i18n_capital[*s - 'A']);
        else
            buf_add_char(b, *s);
        s += n > 0 ? n : 1;
    }
}

char *i18n_pseudo_dup(const char *text)
{
    size_t bytes = strlen(text);
    struct buf b;
    buf_init(&b, bytes * 6 + 16);
    int columns = text_width(text), padding = (columns * 14 + 9) / 10 - columns - 2;
    buf_add_char(&b, '[');
    i18n_decorate(&b, text);
    /* Padding in words of five, so that it wraps as words do. */
    for (int i = 0; i < padding; i++)
        buf_add_char(&b, i % 6 == 0 && i + 1 < padding ? ' ' : '~');
    buf_add_char(&b, ']');
    char *out = buf_take(&b);
    buf_done(&b);
    return out;
}
