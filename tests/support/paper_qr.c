/* Reading by libzbar. */
#include "tests/support/paper_qr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zbar.h>

/* zbar reads its codes in an order of its own: sort by height on the paper. */
struct paper_found {
    int top;
    char text[PAPER_QR_TEXT];
};

static int paper_found_order(const void *a, const void *b)
{
    return ((const struct paper_found *)a)->top - ((const struct paper_found *)b)->top;
}

static int paper_symbols(zbar_image_t *image, struct paper_found *found, int max)
{
    int count = 0;
    for (const zbar_symbol_t *s = zbar_image_first_symbol(image); s && count < max; s = zbar_symbol_next(s)) {
        if (zbar_symbol_get_type(s) != ZBAR_QRCODE)
            continue;
        found[count].top = zbar_symbol_get_loc_y(s, 0);
        snprintf(found[count++].text, PAPER_QR_TEXT, "%s", zbar_symbol_get_data(s));
    }
    return count;
}

int paper_read_qr(const struct paper *p, char out[][PAPER_QR_TEXT], int max)
{
    enum { MARGIN = 40, FOUND = 8 };
    unsigned w = (unsigned)p->width + 2 * MARGIN, h = (unsigned)p->height + 2 * MARGIN;
    unsigned char *grey = malloc((size_t)w * h);
    if (!grey)
        return 0;
    memset(grey, 0xFF, (size_t)w * h);
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++)
            if (p->dots[(size_t)y * (size_t)p->width + (size_t)x])
                grey[(size_t)(y + MARGIN) * w + (size_t)(x + MARGIN)] = 0;
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
    zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
    zbar_image_t *image = zbar_image_create();
    zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(image, w, h);
    zbar_image_set_data(image, grey, (unsigned long)w * h, NULL);
    zbar_scan_image(scanner, image);
    struct paper_found found[FOUND];
    int count = paper_symbols(image, found, max < FOUND ? max : FOUND);
    qsort(found, (size_t)count, sizeof found[0], paper_found_order);
    for (int i = 0; i < count; i++)
        snprintf(out[i], PAPER_QR_TEXT, "%s", found[i].text);
    zbar_image_destroy(image);
    zbar_image_scanner_destroy(scanner);
    free(grey);
    return count;
}
