/* Cells. */
#include "sync/hub/seats/sheet.h"

#include <string.h>

void sheet_cell(struct buf *out, bool first, const char *text)
{
    bool formula = text[0] && strchr("=+-@\t\r", text[0]);
    bool quotes = formula || strpbrk(text, "\",\r\n") || text[0] == ' ';
    if (!first)
        buf_add_char(out, ',');
    if (!quotes) {
        buf_add_str(out, text);
        return;
    }
    buf_add_char(out, '"');
    if (formula)
        buf_add_char(out, '\'');
    for (; *text; text++) {
        if (*text == '"')
            buf_add_char(out, '"');
        buf_add_char(out, *text);
    }
    buf_add_char(out, '"');
}

void sheet_end_row(struct buf *out) { buf_add_str(out, "\r\n"); }
