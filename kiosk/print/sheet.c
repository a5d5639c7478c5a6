/* From layout to bytes. */
#include "kiosk/print/sheet.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/print/raster.h"

enum { SHEET_CELL = 12 /* dots across one letter of a printer's font A */, SHEET_COLUMNS_MAX = 64 };

static enum err sheet_finish(struct buf *out, struct error *e)
{
    return out->overflow ? error_set(e, ERR_TOO_BIG, "the print job is larger than %zu bytes", out->max) : ERR_NONE;
}

/* ---- drawn */

static enum err sheet_drawn(struct buf *out, const struct layout *l, const struct sheet_paper *paper, struct error *e)
{
    struct raster r;
    enum err failed = raster_draw(&r, l, paper->width, e);
    if (failed)
        return failed;
    escpos_raster(out, r.dots, r.row_bytes, r.height);
    raster_done(&r);
    return ERR_NONE;
}

/* ---- in the printer's letters */

static void sheet_line(struct buf *out, const struct sheet_paper *paper, const char *s, size_t n)
{
    struct buf mapped;
    buf_init(&mapped, 4096);
    codepage_add(&mapped, paper->codepage, s, n);
    escpos_text(out, mapped.data, mapped.len);
    escpos_text(out, "\n", 1);
    buf_done(&mapped);
}

static void sheet_rule(struct buf *out, int columns)
{
    for (int i = 0; i < columns; i++)
        escpos_text(out, "-", 1);
    escpos_text(out, "\n", 1);
}

/* The block's lines, the last permitted one with "…" when text is left over. */
static void sheet_lines(struct buf *out, const struct block *b, const struct sheet_paper *paper, int columns)
{
    size_t pos = 0, line, bytes;
    for (int n = 1; text_wrap(b->text, n > 1 ? columns - b->hang : columns, &pos, &line, &bytes); n++) {
        for (int i = 0; n > 1 && i < b->hang; i++)
            escpos_text(out, " ", 1);
        if (n == b->lines && b->text[pos]) {
            char cut[4 * SHEET_COLUMNS_MAX];
            text_ellipsis(cut, sizeof cut, b->text + line, n > 1 ? columns - b->hang : columns);
            sheet_line(out, paper, cut, strlen(cut));
            return;
        }
        sheet_line(out, paper, b->text + line, bytes);
    }
}

static void sheet_paragraph(struct buf *out, const struct block *b, const struct sheet_paper *paper)
{
    bool boxed = b->kind != BLOCK_TEXT, high = b->size >= SIZE_LARGE;
    int columns = paper->width / SHEET_CELL;
    /* a large text too long for wide letters is set in high ones */
    bool wide = high && text_width(b->text) <= columns / 2;
    escpos_align(out, b->centred ? ESCPOS_CENTRE : ESCPOS_LEFT);
    if (boxed)
        sheet_rule(out, columns);
    escpos_size(out, wide ? 2 : 1, high ? 2 : 1);
    sheet_lines(out, b, paper, wide ? columns / 2 : columns);
    escpos_size(out, 1, 1);
    if (boxed)
        sheet_rule(out, columns);
}

static enum err sheet_qr(struct buf *out, const struct block *b, const struct sheet_paper *paper, struct error *e)
{
    struct raster r;
    enum err failed = raster_draw_qr(&r, b, paper->width, e);
    if (failed)
        return failed;
    escpos_align(out, ESCPOS_LEFT);
    escpos_raster(out, r.dots, r.row_bytes, r.height);
    raster_done(&r);
    return ERR_NONE;
}

static enum err sheet_typed(struct buf *out, const struct layout *l, const struct sheet_paper *paper, struct error *e)
{
    enum err failed = ERR_NONE;
    escpos_codepage(out, paper->codepage_number);
    for (int i = 0; i < l->count && !failed; i++) {
        const struct block *b = &l->block[i];
        if (b->kind == BLOCK_GAP) {
            escpos_text(out, "\n", 1);
        } else if (b->kind == BLOCK_RULE) {
            escpos_align(out, ESCPOS_LEFT);
            sheet_rule(out, paper->width / SHEET_CELL);
        } else if (b->kind == BLOCK_QR) {
            failed = sheet_qr(out, b, paper, e);
        } else {
            sheet_paragraph(out, b, paper);
        }
    }
    return failed;
}

static bool sheet_is_covered(const struct layout *l, enum codepage page)
{
    for (int i = 0; i < l->count; i++)
        if (l->block[i].text && !codepage_covers(page, l->block[i].text))
            return false;
    return true;
}

/* The paper without its beginning and end. */
static enum err sheet_body(struct buf *out, const struct layout *l, const struct sheet_paper *paper, struct error *e)
{
    bool typed = paper->text && sheet_is_covered(l, paper->codepage);
    return typed ? sheet_typed(out, l, paper, e) : sheet_drawn(out, l, paper, e);
}

enum err sheet_bytes(struct buf *out, const struct layout *l, const struct sheet_paper *paper, struct error *e)
{
    escpos_begin(out);
    enum err failed = sheet_body(out, l, paper, e);
    if (failed)
        return failed;
    escpos_end(out, paper->cut);
    return sheet_finish(out, e);
}

/* ---- the test page */

/* Where printers keep CP866 and CP1251, by the profiles of escpos-printer-db and what newer models list. */
static const struct {
    enum codepage page;
    const char *name;
    uint8_t number[12];
    int count;
} sheet_pages[] = {
    {CODEPAGE_866, "cp866", {17, 6, 7, 8, 9, 10, 11, 12, 18, 22, 34, 59}, 12},
    {CODEPAGE_1251, "cp1251", {46, 6, 22, 23, 28, 33, 49, 73}, 8},
};

/* One code page: its number in ASCII, which every page holds, and the pangram in its bytes. */
static void sheet_numbered(struct buf *out, enum codepage page, int number)
{
    static const char *const pangram[] = {"Съешь же ещё этих мягких", "французских булок да чаю"};
    const struct sheet_paper paper = {.codepage = page};
    char line[128];
    escpos_codepage(out, number);
    snprintf(line, sizeof line, "%2d %s", number, pangram[0]);
    sheet_line(out, &paper, line, strlen(line));
    snprintf(line, sizeof line, "   %s", pangram[1]);
    sheet_line(out, &paper, line, strlen(line));
}

static void sheet_all_pages(struct buf *out)
{
    escpos_align(out, ESCPOS_LEFT);
    for (size_t i = 0; i < sizeof sheet_pages / sizeof sheet_pages[0]; i++) {
        char line[64];
        snprintf(line, sizeof line, "charset = %s, codepage = ?\n", sheet_pages[i].name);
        escpos_text(out, line, strlen(line));
        for (int j = 0; j < sheet_pages[i].count; j++)
            sheet_numbered(out, sheet_pages[i].page, sheet_pages[i].number[j]);
        escpos_text(out, "\n", 1);
    }
}

static void sheet_test_layout(struct layout *l, const struct sheet_paper *paper, const char *centre)
{
    char line[256];
    const struct block plain = {.size = SIZE_NORMAL}, small = {.size = SIZE_SMALL};
    layout_init(l);
    layout_add(l, (struct block){.size = SIZE_SMALL, .centred = true, .lines = 3}, centre);
    layout_add(l, (struct block){.kind = BLOCK_BANNER, .size = SIZE_LARGE, .bold = true, .centred = true},
               _("Test page"));
    layout_add(l, plain,
               _("The black bar should touch both edges of the paper. If it is cut off or leaves a margin, change the "
                 "width in the settings."));
    snprintf(line, sizeof line, "width = %d, module = %d, mode = %s", paper->width, paper->module,
             paper->text ? "text" : "raster");
    layout_add(l, small, line);
    layout_add(l, plain,
               "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ абвгдеёжзийклмнопрстуфхцчшщъыьэюя 0123456789 «» — № ₽ Әә Өө Її "
               "Ґґ");
    layout_add_qr(l, "HTTPS://SOSEDI.EXAMPLE/T/2222222222", paper->module, paper->width);
    layout_add(l, plain,
               _("A phone should read this code at once. If it does not, clean the printing head or make the modules "
                 "larger."));
    layout_add(l, (struct block){.kind = BLOCK_RULE}, NULL);
    layout_add(l, plain,
               _("For the printer's own letters (mode = text): below, find the line that reads well and put its number "
                 "into the settings. If there is none, keep mode = raster."));
}

enum err sheet_test_page(struct buf *out, const struct sheet_paper *paper, const char *centre, struct error *e)
{
    struct layout l;
    sheet_test_layout(&l, paper, centre);
    escpos_begin(out);
    enum err failed = sheet_drawn(out, &l, paper, e);
    layout_done(&l);
    if (failed)
        return failed;
    sheet_all_pages(out);
    escpos_end(out, paper->cut);
    return sheet_finish(out, e);
}
