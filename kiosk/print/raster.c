/* Dots from pango and cairo. Everything is drawn on an 8-bit mask without smoothing, then packed: glyphs are hinted for
 * one bit, which keeps thin letters whole where a threshold on grey would break them. */
#include "kiosk/print/raster.h"

#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

enum {
    RASTER_WIDTH_MIN = 256,
    RASTER_WIDTH_MAX = 576,
    RASTER_PAD = 10,  /* dots between a banner's edge and its text */
    RASTER_LINE = 3,  /* dots of rules and frames: thick enough for thermal paper */
    RASTER_AFTER = 6, /* dots below each block */
};

/* Sizes of letters in dots, 8 to a millimetre. Many readers are old: nothing is smaller than 9 points. */
static const int raster_font_px[] = {[SIZE_SMALL] = 25, [SIZE_NORMAL] = 28, [SIZE_LARGE] = 36, [SIZE_HUGE] = 54};
static const int raster_gap_px[] = {[SIZE_SMALL] = 8, [SIZE_NORMAL] = 16, [SIZE_LARGE] = 32, [SIZE_HUGE] = 48};
static const char raster_family[] = "DejaVu Sans Condensed, DejaVu Sans, Noto Sans, Sans";

/* The pen: either measuring (cr draws nothing that is kept) or drawing at y. */
struct raster_pen {
    cairo_t *cr;
    int width, y;
    bool draw;
};

static bool raster_is_boxed(const struct block *b) { return b->kind == BLOCK_BANNER || b->kind == BLOCK_FRAME; }

/* An address broken over two lines must not get a hyphen that is none of its own. */
static void raster_leave_hyphens(PangoLayout *text)
{
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    pango_layout_set_attributes(text, attributes);
    pango_attr_list_unref(attributes);
}

static PangoLayout *raster_set_text(const struct raster_pen *p, const struct block *b, int px)
{
    PangoLayout *text = pango_cairo_create_layout(p->cr);
    PangoFontDescription *font = pango_font_description_from_string(raster_family);
    pango_font_description_set_absolute_size(font, px * PANGO_SCALE);
    pango_font_description_set_weight(font, b->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(text, font);
    pango_font_description_free(font);
    pango_layout_set_text(text, b->text, -1);
    pango_layout_set_width(text, (p->width - (raster_is_boxed(b) ? 2 * RASTER_PAD : 0)) * PANGO_SCALE);
    pango_layout_set_wrap(text, PANGO_WRAP_WORD_CHAR);
    raster_leave_hyphens(text);
    pango_layout_set_alignment(text, b->centred ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
    if (b->hang > 0) /* marks are narrow: a column of them is three eighths of the letters' height */
        pango_layout_set_indent(text, -b->hang * px * PANGO_SCALE * 3 / 8);
    if (b->lines > 0) {
        pango_layout_set_height(text, -b->lines);
        pango_layout_set_ellipsize(text, PANGO_ELLIPSIZE_END);
    }
    return text;
}

/* The code is one line whatever the paper: its letters shrink until it fits. */
static PangoLayout *raster_fit_text(const struct raster_pen *p, const struct block *b)
{
    int px = raster_font_px[b->size];
    PangoLayout *text = raster_set_text(p, b, px);
    while (b->size == SIZE_HUGE && px > raster_font_px[SIZE_NORMAL]) {
        bool whole = pango_layout_get_line_count(text) == 1 && !pango_layout_is_ellipsized(text);
        if (whole)
            break;
        g_object_unref(text);
        px -= 2;
        text = raster_set_text(p, b, px);
    }
    return text;
}

static void raster_box(const struct raster_pen *p, const struct block *b, int height)
{
    cairo_set_operator(p->cr, CAIRO_OPERATOR_SOURCE);
    cairo_set_source_rgba(p->cr, 0, 0, 0, 1);
    cairo_rectangle(p->cr, 0, p->y, p->width, height);
    cairo_fill(p->cr);
    if (b->kind == BLOCK_BANNER)
        return;
    cairo_set_source_rgba(p->cr, 0, 0, 0, 0);
    cairo_rectangle(p->cr, RASTER_LINE, p->y + RASTER_LINE, p->width - 2 * RASTER_LINE, height - 2 * RASTER_LINE);
    cairo_fill(p->cr);
}

static int raster_text(const struct raster_pen *p, const struct block *b)
{
    PangoLayout *text = raster_fit_text(p, b);
    int wide, high, pad = raster_is_boxed(b) ? RASTER_PAD : 0;
    pango_layout_get_pixel_size(text, &wide, &high);
    if (p->draw) {
        if (pad)
            raster_box(p, b, high + 2 * pad);
        cairo_set_operator(p->cr, b->kind == BLOCK_BANNER ? CAIRO_OPERATOR_DEST_OUT : CAIRO_OPERATOR_OVER);
        cairo_set_source_rgba(p->cr, 0, 0, 0, 1);
        cairo_move_to(p->cr, pad, p->y + pad);
        pango_cairo_show_layout(p->cr, text);
    }
    g_object_unref(text);
    return high + 2 * pad + (pad ? RASTER_AFTER : 0) + RASTER_AFTER;
}

static int raster_qr(const struct raster_pen *p, const struct block *b)
{
    int side = (b->qr->side + 2 * LAYOUT_QUIET) * b->module, left = (p->width - side) / 2 + LAYOUT_QUIET * b->module;
    int top = p->y + LAYOUT_QUIET * b->module;
    if (p->draw) {
        cairo_set_operator(p->cr, CAIRO_OPERATOR_SOURCE);
        cairo_set_source_rgba(p->cr, 0, 0, 0, 1);
        for (int row = 0; row < b->qr->side; row++)
            for (int column = 0; column < b->qr->side; column++)
                if (b->qr->dark[row][column])
                    cairo_rectangle(p->cr, left + column * b->module, top + row * b->module, b->module, b->module);
        cairo_fill(p->cr);
    }
    return side;
}

static int raster_rule(const struct raster_pen *p)
{
    if (p->draw) {
        cairo_set_operator(p->cr, CAIRO_OPERATOR_SOURCE);
        cairo_set_source_rgba(p->cr, 0, 0, 0, 1);
        cairo_rectangle(p->cr, 0, p->y + 8, p->width, RASTER_LINE);
        cairo_fill(p->cr);
    }
    return 8 + RASTER_LINE + 14;
}

static int raster_block(const struct raster_pen *p, const struct block *b)
{
    switch (b->kind) {
    case BLOCK_GAP:
        return raster_gap_px[b->size];
    case BLOCK_RULE:
        return raster_rule(p);
    case BLOCK_QR:
        return raster_qr(p, b);
    case BLOCK_TEXT:
    case BLOCK_BANNER:
    case BLOCK_FRAME:
        break;
    }
    return raster_text(p, b);
}

static int raster_blocks(struct raster_pen *p, const struct block *b, int count)
{
    for (int i = 0; i < count; i++)
        p->y += raster_block(p, &b[i]);
    return p->y;
}

static cairo_surface_t *raster_surface(int width, int height, cairo_t **cr)
{
    cairo_surface_t *s = cairo_image_surface_create(CAIRO_FORMAT_A8, width, height);
    *cr = cairo_create(s);
    cairo_set_antialias(*cr, CAIRO_ANTIALIAS_NONE);
    cairo_font_options_t *font = cairo_font_options_create();
    cairo_font_options_set_antialias(font, CAIRO_ANTIALIAS_NONE);
    cairo_font_options_set_hint_style(font, CAIRO_HINT_STYLE_FULL);
    cairo_font_options_set_hint_metrics(font, CAIRO_HINT_METRICS_ON);
    cairo_set_font_options(*cr, font);
    cairo_font_options_destroy(font);
    return s;
}

static void raster_pack(struct raster *out, cairo_surface_t *s)
{
    cairo_surface_flush(s);
    const unsigned char *grey = cairo_image_surface_get_data(s);
    int stride = cairo_image_surface_get_stride(s);
    for (int y = 0; y < out->height; y++)
        for (int x = 0; x < out->width; x++)
            if (grey[y * stride + x] >= 128)
                out->dots[y * out->row_bytes + x / 8] |= (uint8_t)(0x80 >> (x % 8));
}

static enum err raster_draw_blocks(struct raster *out, const struct block *b, int count, int width, struct error *e)
{
    *out = (struct raster){0};
    if (width < RASTER_WIDTH_MIN || width > RASTER_WIDTH_MAX || width % 8)
        return error_set(e, ERR_USAGE, "paper of %d dots: 384, 512 and 576 are usual", width);
    struct raster_pen pen = {.width = width};
    cairo_surface_t *s = raster_surface(8, 8, &pen.cr);
    int height = raster_blocks(&pen, b, count);
    cairo_destroy(pen.cr);
    cairo_surface_destroy(s);
    if (height > RASTER_HEIGHT_MAX)
        return error_set(e, ERR_TOO_BIG, "a paper of %d dots in height, more than %d", height, RASTER_HEIGHT_MAX);
    pen = (struct raster_pen){.width = width, .draw = true};
    s = raster_surface(width, height, &pen.cr);
    raster_blocks(&pen, b, count);
    enum err failed = ERR_NONE;
    if (cairo_status(pen.cr) != CAIRO_STATUS_SUCCESS)
        failed = error_set(e, ERR_MEMORY, "drawing: %s", cairo_status_to_string(cairo_status(pen.cr)));
    if (!failed) {
        *out = (struct raster){.width = width, .height = height, .row_bytes = width / 8};
        out->dots = mem_new((size_t)height + 1, (size_t)out->row_bytes);
        raster_pack(out, s);
    }
    cairo_destroy(pen.cr);
    cairo_surface_destroy(s);
    return failed;
}

enum err raster_draw(struct raster *out, const struct layout *l, int width, struct error *e)
{
    return raster_draw_blocks(out, l->block, l->count, width, e);
}

enum err raster_draw_qr(struct raster *out, const struct block *b, int width, struct error *e)
{
    return raster_draw_blocks(out, b, 1, width, e);
}

void raster_done(struct raster *r)
{
    free(r->dots);
    *r = (struct raster){0};
}
