/* The sample ticket. */
#include "tests/support/sample.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "kiosk/base/date.h"
#include "kiosk/base/i18n.h"

struct ticket sample_ticket(void)
{
    struct ticket t = {.id = "01934f6e-0000-7000-8000-000000000001",
                       .code = "4DXF92RV7L",
                       .state = TICKET_CONFIRMED,
                       .party = 2,
                       .seats = {19, 20},
                       .seat_count = 2,
                       .has_token = true,
                       .lang = "ru",
                       .mine = true};
    for (int i = 0; i < (int)sizeof t.token; i++)
        t.token[i] = (uint8_t)(i * 37);
    t.facts = (struct ticket_facts){.title = "Вечер настольных игр и домашнего чаепития для соседей",
                                    .place = "Библиотека № 12 имени А. П. Чехова",
                                    .address = "ул. Садовая, д. 14, 2 этаж, вход со двора",
                                    .organizer = "Клуб «Добрые соседи»",
                                    .tz = "Europe/Moscow",
                                    .start = 1778860800,
                                    .end = 1778868000}; /* 2026-05-15 19:00-21:00 in Moscow */
    return t;
}

struct sheet_paper sample_paper(int width)
{
    return (struct sheet_paper){.width = width, .module = 6, .codepage_number = 17};
}

static void sample_print_layout(struct paper *p, const struct layout *l, const struct sheet_paper *how)
{
    struct buf bytes;
    struct error e = {0};
    buf_init(&bytes, SHEET_BYTES_MAX);
    assert_int_equal(sheet_bytes(&bytes, l, how, &e), ERR_NONE);
    paper_init(p, how->width);
    p->cp1251 = how->codepage == CODEPAGE_1251;
    paper_feed(p, bytes.data, bytes.len);
    paper_finish(p);
    assert_string_equal(p->fault, "");
    const char *folder = getenv("SOSEDI_PAPERS"); /* for a person's eyes */
    char path[4200];
    static int count;
    if (folder) {
        snprintf(path, sizeof path, "%s/%s-%03d.png", folder, program_invocation_short_name, ++count);
        assert_true(paper_write_png(p, path));
    }
    buf_done(&bytes);
}

void sample_print_any(struct paper *p, const struct ticket *t, const struct slip *slip, const struct sheet_paper *how)
{
    struct zone *zone = zone_new("Europe/Moscow");
    struct layout_where where = {.centre = "Центр соседей «Садовая»",
                                 .host = "sosedi.example",
                                 .zone = zone,
                                 .printed_at = 1778260000,
                                 .width = how->width,
                                 .module = how->module};
    struct layout l;
    if (slip)
        layout_slip(&l, slip, &where);
    else
        layout_ticket(&l, t, &where);
    sample_print_layout(p, &l, how);
    layout_done(&l);
    zone_free(zone);
}

void sample_print(struct paper *p, const struct ticket *t, const struct sheet_paper *how)
{
    sample_print_any(p, t, NULL, how);
}

void sample_language(const char *lang)
{
    struct error e;
    assert_int_equal(i18n_init(&e), ERR_NONE);
    i18n_set(lang);
}
