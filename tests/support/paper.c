/* The strict interpreter. Letters are drawn by cairo in the 12 x 24 cells of a printer's font A. */
#include "tests/support/paper.h"

#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAPER_CELL_W = 12, PAPER_CELL_H = 24, PAPER_LINE = 30, PAPER_HEIGHT_MAX = 20000 };

void paper_init(struct paper *p, int width)
{
    *p = (struct paper){.width = width, .wide = 1, .high = 1, .chinese = true};
}

void paper_done(struct paper *p)
{
    free(p->dots);
    *p = (struct paper){0};
}

void paper_tear(struct paper *p)
{
    p->height = p->resets = p->cuts = p->bands = p->feeds = p->codepage_count = 0;
    p->text_len = 0;
    p->text[0] = p->fault[0] = 0;
}

bool paper_is_blank(const struct paper *p)
{
    for (size_t i = 0; i < (size_t)p->height * (size_t)p->width; i++)
        if (p->dots[i])
            return false;
    return true;
}

__attribute__((format(printf, 2, 3))) static void paper_fault(struct paper *p, const char *fmt, ...)
{
    if (p->fault[0])
        return;
    char what[120];
    va_list list;
    va_start(list, fmt);
    vsnprintf(what, sizeof what, fmt, list);
    va_end(list);
    snprintf(p->fault, sizeof p->fault, "byte %zu: %s", p->taken, what);
}

static void paper_need(struct paper *p, int height)
{
    if (height > PAPER_HEIGHT_MAX) {
        paper_fault(p, "more than %d rows of paper", PAPER_HEIGHT_MAX);
        height = PAPER_HEIGHT_MAX;
    }
    if (height > p->room) {
        int room = height + 1024;
        p->dots = realloc(p->dots, (size_t)room * (size_t)p->width);
        if (!p->dots)
            abort();
        p->room = room;
    }
    if (height > p->height) {
        memset(p->dots + (size_t)p->height * (size_t)p->width, 0, (size_t)(height - p->height) * (size_t)p->width);
        p->height = height;
    }
}

/* ---- letters */

static uint32_t paper_866(uint8_t b)
{
    static const uint16_t tail[16] = {0x401, 0x451,  0x404, 0x454,  0x407,  0x457, 0x40E,  0x45E,
                                      0xB0,  0x2219, 0xB7,  0x221A, 0x2116, 0xA4,  0x25A0, 0xA0};
    if (b < 0x80)
        return b;
    if (b < 0xB0)
        return 0x410u + b - 0x80;
    if (b >= 0xE0 && b < 0xF0)
        return 0x440u + b - 0xE0;
    return b >= 0xF0 ? tail[b - 0xF0] : 0x2592; /* frames: some block */
}

static uint32_t paper_1251(uint8_t b)
{
    static const uint16_t low[64] = {
        0x402, 0x403,  0x201A, 0x453, 0x201E, 0x2026, 0x2020, 0x2021, 0x20AC, 0x2030, 0x409,  0x2039, 0x40A,
        0x40C, 0x40B,  0x40F,  0x452, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0xFFFD, 0x2122,
        0x459, 0x203A, 0x45A,  0x45C, 0x45B,  0x45F,  0xA0,   0x40E,  0x45E,  0x408,  0xA4,   0x490,  0xA6,
        0xA7,  0x401,  0xA9,   0x404, 0xAB,   0xAC,   0xAD,   0xAE,   0x407,  0xB0,   0xB1,   0x406,  0x456,
        0x491, 0xB5,   0xB6,   0xB7,  0x451,  0x2116, 0x454,  0xBB,   0x458,  0x405,  0x455,  0x457};
    return b < 0x80 ? b : b < 0xC0 ? low[b - 0x80] : 0x410u + b - 0xC0;
}

static size_t paper_utf8(uint32_t cp, char out[4])
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 63));
        return 2;
    }
    out[0] = (char)(0xE0 | cp >> 12);
    out[1] = (char)(0x80 | (cp >> 6 & 63));
    out[2] = (char)(0x80 | (cp & 63));
    return 3;
}

static void paper_blit(struct paper *p, cairo_surface_t *s, int w, int h)
{
    cairo_surface_flush(s);
    const unsigned char *grey = cairo_image_surface_get_data(s);
    int stride = cairo_image_surface_get_stride(s), top = p->height;
    paper_need(p, top + (h > PAPER_LINE ? h + 6 : PAPER_LINE));
    int left = p->align == 1 ? (p->width - w) / 2 : p->align == 2 ? p->width - w : 0;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w && left + x < p->width; x++)
            p->dots[(size_t)(top + y) * (size_t)p->width + (size_t)(left + x)] |= grey[y * stride + x] >= 110;
}

/* Prints the line that was collected, each letter in its cell. Lines wider than the paper are a fault: a printer would
 * wrap. */
static void paper_print_line(struct paper *p)
{
    int w = p->line_at * PAPER_CELL_W * p->wide, h = PAPER_CELL_H * p->high;
    if (w > p->width)
        paper_fault(p, "a line of %d letters does not fit the paper", p->line_at);
    if (w == 0) {
        paper_need(p, p->height + PAPER_LINE);
    } else {
        cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_A8, w, h);
        cairo_t *cr = cairo_create(s);
        cairo_scale(cr, p->wide, p->high);
        cairo_select_font_face(cr, "DejaVu Sans Mono", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
        cairo_set_font_size(cr, 19);
        for (int i = 0; i < p->line_at; i++) {
            uint8_t b = (uint8_t)p->line[i];
            char letter[5] = {0};
            size_t n = paper_utf8(p->cp1251 ? paper_1251(b) : paper_866(b), letter);
            cairo_move_to(cr, i * PAPER_CELL_W, 19);
            cairo_show_text(cr, letter);
            if (p->text_len + n + 2 < sizeof p->text) {
                memcpy(p->text + p->text_len, letter, n);
                p->text_len += n;
            }
        }
        cairo_destroy(cr);
        paper_blit(p, s, w, h);
        cairo_surface_destroy(s);
    }
    if (p->text_len + 2 < sizeof p->text)
        p->text[p->text_len++] = '\n';
    p->text[p->text_len] = 0;
    p->line_at = 0;
}

/* ---- commands: each takes its whole bytes in pending, returns how many it needs (0: not a command) */

static void paper_raster_begin(struct paper *p, const uint8_t *c)
{
    size_t row_bytes = c[4] | (size_t)c[5] << 8, rows = c[6] | (size_t)c[7] << 8;
    if (c[3] != 0)
        paper_fault(p, "GS v 0 with mode %d", c[3]);
    if (rows == 0 || rows > 128)
        paper_fault(p, "a band of %zu rows", rows);
    if (row_bytes == 0 || row_bytes * 8 > (size_t)p->width)
        paper_fault(p, "a band of %zu dots on a paper of %d", row_bytes * 8, p->width);
    if (p->line_at)
        paper_fault(p, "a picture in the middle of a line");
    if (p->fault[0])
        return;
    p->raster_row_bytes = row_bytes;
    p->raster_left = row_bytes * rows;
    p->raster_at = 0;
    p->raster_top = p->height;
    p->bands++;
    paper_need(p, p->height + (int)rows);
}

static void paper_raster_byte(struct paper *p, uint8_t b)
{
    size_t row = p->raster_at / p->raster_row_bytes, column = p->raster_at % p->raster_row_bytes * 8;
    int left = p->align == 1 ? (p->width - (int)p->raster_row_bytes * 8) / 2 : 0;
    uint8_t *dots = p->dots + ((size_t)p->raster_top + row) * (size_t)p->width + column + (size_t)left;
    for (int i = 0; i < 8; i++)
        dots[i] = b >> (7 - i) & 1;
    p->raster_at++;
    p->raster_left--;
}

static void paper_run_esc(struct paper *p, const uint8_t *c)
{
    if (c[1] == '@') {
        p->resets++;
        p->chinese = true;
        p->align = 0;
        p->wide = p->high = 1;
    } else if (c[1] == 'a') {
        if (c[2] > 2 || p->line_at)
            paper_fault(p, "ESC a %d, %d letters into a line", c[2], p->line_at);
        p->align = c[2];
    } else if (c[1] == 't') {
        if (p->codepage_count < PAPER_PAGES)
            p->codepages[p->codepage_count++] = c[2];
    } else if (c[1] == 'd') {
        if (p->line_at)
            paper_print_line(p);
        p->feeds++;
        paper_need(p, p->height + c[2] * PAPER_LINE);
    }
}

static void paper_run_gs(struct paper *p, const uint8_t *c)
{
    if (c[1] == '!') {
        if (c[2] & ~0x11)
            paper_fault(p, "GS ! %02X", c[2]);
        p->wide = 1 + (c[2] >> 4 & 1);
        p->high = 1 + (c[2] & 1);
    } else if (c[1] == 'V') {
        if ((c[2] != 65 && c[2] != 66) || c[3] != 0)
            paper_fault(p, "GS V %d %d", c[2], c[3]);
        p->cuts++;
    } else {
        paper_raster_begin(p, c);
    }
}

/* Bytes of the command that pending begins with; 0: unknown. While one byte is there, 2. */
static size_t paper_command_len(const uint8_t *c, size_t n)
{
    static const struct {
        uint8_t first, second;
        size_t len;
    } commands[] = {{0x1B, '@', 2}, {0x1B, 'a', 3}, {0x1B, 't', 3}, {0x1B, 'd', 3},
                    {0x1C, '.', 2}, {0x1D, '!', 3}, {0x1D, 'V', 4}, {0x1D, 'v', 8}};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (commands[i].first == c[0] && (n == 1 || commands[i].second == c[1]))
            return n == 1 ? 2 : commands[i].len;
    return 0;
}

static void paper_command_byte(struct paper *p, uint8_t b)
{
    p->pending[p->pending_len++] = b;
    size_t len = paper_command_len(p->pending, p->pending_len);
    if (len == 0) {
        paper_fault(p, "unknown command %02X %02X", p->pending[0], b);
        return;
    }
    if (p->pending_len < len)
        return;
    p->pending_len = 0;
    if (p->pending[0] == 0x1C)
        p->chinese = false;
    else if (p->pending[0] == 0x1B)
        paper_run_esc(p, p->pending);
    else if (p->pending[1] == 'v' && p->pending[2] != '0')
        paper_fault(p, "GS v %02X", p->pending[2]);
    else
        paper_run_gs(p, p->pending);
}

static void paper_text_byte(struct paper *p, uint8_t b)
{
    if (p->chinese) {
        paper_fault(p, "text while the printer is in its Chinese mode (no FS .)");
    } else if (b == '\n') {
        paper_print_line(p);
    } else if (p->line_at < (int)sizeof p->line) {
        p->line[p->line_at++] = (char)b;
    }
}

static void paper_byte(struct paper *p, uint8_t b)
{
    /* a real printer looks for these in its receiver, before anything else does */
    if (p->dle && (b == 0x04 || b == 0x05 || b == 0x14))
        paper_fault(p, "a real-time command, 10 %02X, inside a job", b);
    p->dle = b == 0x10;
    if (p->raster_left)
        paper_raster_byte(p, b);
    else if (p->pending_len || b == 0x1B || b == 0x1C || b == 0x1D)
        paper_command_byte(p, b);
    else if (b == '\n' || (b >= 0x20 && b != 0x7F))
        paper_text_byte(p, b);
    else if (b != 0)
        paper_fault(p, "a stray byte %02X", b);
}

bool paper_feed(struct paper *p, const void *bytes, size_t n)
{
    for (size_t i = 0; i < n && !p->fault[0]; i++, p->taken++)
        paper_byte(p, ((const uint8_t *)bytes)[i]);
    return !p->fault[0];
}

bool paper_finish(struct paper *p)
{
    if (p->raster_left)
        paper_fault(p, "%zu bytes of a picture are missing", p->raster_left);
    if (p->pending_len)
        paper_fault(p, "a command is cut off");
    if (p->line_at)
        paper_fault(p, "a line was not ended");
    return !p->fault[0];
}

bool paper_write_png(const struct paper *p, const char *path)
{
    const int margin = 24; /* the paper is wider than what is printed on */
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_RGB24, p->width + 2 * margin, p->height + 2 * margin);
    if (cairo_surface_status(s) != CAIRO_STATUS_SUCCESS)
        return false;
    unsigned char *data = cairo_image_surface_get_data(s);
    int stride = cairo_image_surface_get_stride(s);
    memset(data, 0xFF, (size_t)stride * (size_t)(p->height + 2 * margin));
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++)
            if (p->dots[(size_t)y * (size_t)p->width + (size_t)x])
                memset(data + (y + margin) * stride + (x + margin) * 4, 0x20, 3);
    cairo_surface_mark_dirty(s);
    bool good = cairo_surface_write_to_png(s, path) == CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(s);
    return good;
}

bool paper_read_png(struct paper *p, const char *path)
{
    cairo_surface_t *s = cairo_image_surface_create_from_png(path);
    if (cairo_surface_status(s) != CAIRO_STATUS_SUCCESS)
        return false;
    const unsigned char *data = cairo_image_surface_get_data(s);
    int stride = cairo_image_surface_get_stride(s);
    *p = (struct paper){.width = cairo_image_surface_get_width(s), .height = cairo_image_surface_get_height(s)};
    p->dots = malloc((size_t)p->width * (size_t)p->height);
    for (int y = 0; p->dots && y < p->height; y++)
        for (int x = 0; x < p->width; x++)
            p->dots[(size_t)y * (size_t)p->width + (size_t)x] = data[y * stride + x * 4] < 128;
    cairo_surface_destroy(s);
    return p->dots != NULL;
}

void paper_forget_fonts(void)
{
    cairo_debug_reset_static_data();
    FcFini();
}
