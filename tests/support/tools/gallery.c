/* Draws every screen into PNG files, for people to look at: make shots (tests/screens/gallery.txt).
 * usage: gallery DATA LIST FOLDER. LIST: lines of "NAME: KEYS", the keys from the first picture on, as of
 * picture_press; # begins a remark. FOLDER gets NAME-LANG-SIZE[-mono].png and index.html. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "tests/support/picture.h"

enum { GALLERY_SCREENS = 100, GALLERY_LINE = 400 };

static const struct gallery_size {
    const char *name;
    int rows, cols;
} gallery_sizes[] = {{"80x24", 24, 80}, {"160x45", 45, 160}};
static const char *const gallery_langs[] = {"ru", "en"};

struct gallery {
    const char *data, *list, *folder;
    int count;
    struct gallery_screen {
        char name[60], keys[GALLERY_LINE];
    } screen[GALLERY_SCREENS];
    char clock[40]; /* of this machine: the demo content lies around today */
    struct buf page;
};

static void gallery_read(struct gallery *g)
{
    FILE *f = fopen(g->list, "r");
    char line[GALLERY_LINE];
    if (!f)
        fail_msg("%s cannot be read", g->list);
    while (fgets(line, sizeof line, f) && g->count < GALLERY_SCREENS) {
        struct gallery_screen *s = &g->screen[g->count];
        char *colon = strchr(line, ':');
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#' || line[0] == '\0')
            continue;
        if (!colon)
            fail_msg("%s: \"%s\" is no \"NAME: KEYS\"", g->list, line);
        snprintf(s->name, sizeof s->name, "%.*s", (int)(colon - line), line);
        snprintf(s->keys, sizeof s->keys, "%s", colon + 1);
        g->count++;
    }
    fclose(f);
}

static void gallery_shot(struct gallery *g, const struct gallery_screen *s, const char *lang,
                         const struct gallery_size *size, bool mono)
{
    char name[120], path[4096];
    struct picture *p = picture_start(&(struct picture_setup){
        .data = g->data, .lang = lang, .rows = size->rows, .cols = size->cols, .no_color = mono, .clock = g->clock});
    picture_press(p, s->keys);
    snprintf(name, sizeof name, "%s-%s-%s%s.png", s->name, lang, size->name, mono ? "-mono" : "");
    if (!picture_png(p, file_join(path, g->folder, name)))
        fail_msg("%s cannot be written", path);
    buf_addf(&g->page, "<a href=\"%s\"><img src=\"%s\" alt=\"%s\" loading=\"lazy\" width=\"%d\"></a>\n", name, name,
             name, 5 * size->cols);
    assert_int_equal(picture_stop(p), 0);
}

static void gallery_screen(struct gallery *g, const struct gallery_screen *s)
{
    buf_addf(&g->page, "<h2 id=\"%s\">%s</h2>\n", s->name, s->name);
    for (int mono = 0; mono < 2; mono++)
        for (size_t k = 0; k < sizeof gallery_sizes / sizeof gallery_sizes[0]; k++)
            for (size_t l = 0; l < sizeof gallery_langs / sizeof gallery_langs[0]; l++)
                gallery_shot(g, s, gallery_langs[l], &gallery_sizes[k], mono);
    printf("%s\n", s->name);
}

static void gallery_draw(void **state)
{
    struct gallery *g = *state;
    char path[4096];
    struct error e = {.code = ERR_NONE};
    gallery_read(g);
    buf_init(&g->page, 1 << 22);
    buf_addf(&g->page,
             "<!doctype html>\n<meta charset=\"utf-8\">\n<title>Sosedi: every screen</title>\n"
             "<style>body{font:16px sans-serif;background:#eee}img{margin:4px;border:1px solid #888}</style>\n"
             "<h1>Every screen</h1>\n<p>");
    for (int i = 0; i < g->count; i++)
        buf_addf(&g->page, "<a href=\"#%s\">%s</a> ", g->screen[i].name, g->screen[i].name);
    for (int i = 0; i < g->count; i++)
        gallery_screen(g, &g->screen[i]);
    if (file_write(file_join(path, g->folder, "index.html"), g->page.data, g->page.len, 0644, &e) != ERR_NONE)
        fail_msg("%s", e.text);
    buf_done(&g->page);
}

int main(int argc, char **argv)
{
    static struct gallery g;
    if (argc != 4) {
        fprintf(stderr, "usage: gallery DATA LIST FOLDER\n");
        return 2;
    }
    g.data = argv[1];
    g.list = argv[2];
    g.folder = argv[3];
    time_t now = time(NULL);
    strftime(g.clock, sizeof g.clock, "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
    const struct CMUnitTest tests[] = {cmocka_unit_test_prestate(gallery_draw, &g)};
    return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
