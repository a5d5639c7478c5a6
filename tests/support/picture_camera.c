/* What a camera sees of a screen: the QR code in it, and a picture of the whole for people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cairo.h>
#include <zbar.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"
#include "kiosk/base/text.h"
#include "tests/support/picture.h"
#include "tests/support/picture_private.h"

enum {
    PICTURE_CELL_W = 4,
    PICTURE_CELL_H = 8, /* dots that zbar is given */
    PICTURE_PNG_W = 10,
    PICTURE_PNG_H = 20,
    PICTURE_PNG_BASE = 16 /* of a letter, from the top */
};

/* ---- for zbar */

static void picture_paint(const struct picture *p, int row, int col, uint8_t *grey, int width)
{
    VTermScreenCell cell = picture_cell(p, row, col);
    bool half = cell.chars[0] == 0x2584;
    for (int y = 0; y < PICTURE_CELL_H; y++)
        for (int x = 0; x < PICTURE_CELL_W; x++)
            grey[(row * PICTURE_CELL_H + y) * width + col * PICTURE_CELL_W + x] =
                picture_grey(half && y >= PICTURE_CELL_H / 2 ? &cell.fg : &cell.bg);
}

const char *picture_qr(struct picture *p, char *out, size_t size)
{
    int width = p->cols * PICTURE_CELL_W, height = p->rows * PICTURE_CELL_H;
    uint8_t *grey = mem_new((unsigned long)width, (unsigned long)height);
    for (int row = 0; row < p->rows; row++)
        for (int col = 0; col < p->cols; col++)
            picture_paint(p, row, col, grey, width);
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
    zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
    zbar_image_t *image = zbar_image_create();
    zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(image, (unsigned)width, (unsigned)height);
    zbar_image_set_data(image, grey, (unsigned long)width * (unsigned long)height, NULL);
    out[0] = 0;
    zbar_scan_image(scanner, image);
    const zbar_symbol_t *symbol = zbar_image_first_symbol(image);
    if (symbol)
        snprintf(out, size, "%s", zbar_symbol_get_data(symbol));
    zbar_image_destroy(image);
    zbar_image_scanner_destroy(scanner);
    free(grey);
    return out;
}

/* ---- for people */

static void picture_ink(cairo_t *cr, const VTermColor *c)
{
    cairo_set_source_rgb(cr, c->rgb.red / 255.0, c->rgb.green / 255.0, c->rgb.blue / 255.0);
}

/* Half blocks and rules are drawn, not lettered: a font leaves gaps between them. */
static bool picture_shape(cairo_t *cr, uint32_t ch)
{
    static const struct {
        uint32_t ch;
        double x, y, w, h;
    } shapes[] = {{0x2580, 0, 0, 1, 0.5},   {0x2584, 0, 0.5, 1, 0.5}, {0x2588, 0, 0, 1, 1},
                  {0x258c, 0, 0, 0.5, 1},   {0x2590, 0.5, 0, 0.5, 1}, {0x2500, 0, 0.48, 1, 0.05},
                  {0x2502, 0.45, 0, 0.1, 1}};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (shapes[i].ch != ch)
            continue;
        cairo_rectangle(cr, shapes[i].x * PICTURE_PNG_W, shapes[i].y * PICTURE_PNG_H, shapes[i].w * PICTURE_PNG_W,
                        shapes[i].h * PICTURE_PNG_H);
        cairo_fill(cr);
        return true;
    }
    return false;
}

static void picture_letter(cairo_t *cr, const VTermScreenCell *cell)
{
    char text[VTERM_MAX_CHARS_PER_CELL * 4 + 1];
    size_t n = 0;
    for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++)
        n += text_encode(cell->chars[i], text + n);
    text[n] = '\0';
    cairo_select_font_face(cr, "DejaVu Sans Mono", CAIRO_FONT_SLANT_NORMAL,
                           cell->attrs.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_move_to(cr, 0, PICTURE_PNG_BASE);
    cairo_show_text(cr, text);
}

static void picture_png_cell(cairo_t *cr, const VTermScreenCell *cell, int row, int col)
{
    int width = cell->width > 1 ? 2 : 1;
    cairo_save(cr);
    cairo_translate(cr, col * PICTURE_PNG_W, row * PICTURE_PNG_H);
    picture_ink(cr, &cell->bg);
    cairo_rectangle(cr, 0, 0, width * PICTURE_PNG_W, PICTURE_PNG_H);
    cairo_fill(cr);
    picture_ink(cr, &cell->fg);
    if (cell->attrs.underline) {
        cairo_rectangle(cr, 0, PICTURE_PNG_H - 2, width * PICTURE_PNG_W, 1);
        cairo_fill(cr);
    }
    if (cell->chars[0] && cell->chars[0] != ' ' && !picture_shape(cr, cell->chars[0]))
        picture_letter(cr, cell);
    cairo_restore(cr);
}

bool picture_png(const struct picture *p, const char *path)
{
    cairo_surface_t *s =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, p->cols * PICTURE_PNG_W, p->rows * PICTURE_PNG_H);
    cairo_t *cr = cairo_create(s);
    cairo_set_font_size(cr, PICTURE_PNG_W / 0.602); /* the width of its letters, of their size */
    for (int row = 0; row < p->rows; row++)
        for (int col = 0; col < p->cols;) {
            VTermScreenCell cell = picture_cell(p, row, col);
            picture_png_cell(cr, &cell, row, col);
            col += cell.width > 0 ? cell.width : 1;
        }
    cairo_destroy(cr);
    bool good = cairo_surface_write_to_png(s, path) == CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(s);
    return good;
}
