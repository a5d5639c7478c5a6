/* Articles and reminders as papers: what stands on them, drawn and typed, read back by a camera's eyes. */
#include "kiosk/store/slip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/error.h"
#include "kiosk/print/layout.h"
#include "kiosk/print/raster.h"
#include "tests/support/paper_qr.h"
#include "tests/support/sample.h"

static const struct slip slip_article = {
    .kind = SLIP_ARTICLE,
    .title = "Как узнать телефонного мошенника",
    .lead = "Пять примет обмана и что делать, если уже перевели деньги.",
    .body = "# Приметы\n- Вас торопят: «только сейчас».\n- Просят никому не говорить, называют себя банком и ждут код из сообщения.\n"
            "# Что делать\n1. Положите трубку.\n2. Позвоните сами по номеру на обороте карты.\n\nПодробнее — на "
            "[странице банка](https://bank.example/scam).",
    .url = "https://zarechinsk.example/scam",
};
static const struct slip slip_reminder = {
    .kind = SLIP_REMINDER,
    .title = "Стажировка в музее",
    .lead = "Три месяца, стипендия, возраст от восемнадцати.",
    .organiser = "Городской музей",
    .telephone = "+7 000 551-20-30",
    .email = "museum@zarechinsk.example",
    .joining = "Позвоните или принесите анкету.",
    .url = "https://zarechinsk.example/museum",
    .until = "2026-06-12",
};

static void slip_told(const struct slip *slip, char *out, size_t size)
{
    struct layout l;
    const struct layout_where where = {.centre = "Центр соседей", .host = "", .printed_at = 1778260000, .width = 384, .module = 6};
    size_t n = 0;
    layout_slip(&l, slip, &where);
    for (int i = 0; i < l.count && n < size; i++) {
        const struct block *b = &l.block[i];
        const char *is = b->kind == BLOCK_RULE ? "---" : b->kind == BLOCK_QR ? "[QR]" : b->kind == BLOCK_GAP ? "" : b->text;
        n += (size_t)snprintf(out + n, size - n, "%s\n", is);
    }
    layout_done(&l);
}

static void test_slip__what_stands_on_an_article(void **state)
{
    (void)state;
    char out[4000];
    sample_language("ru");
    slip_told(&slip_article, out, sizeof out);
    assert_string_equal(out, "Центр соседей\n---\nКак узнать телефонного мошенника\n\n"
                             "Пять примет обмана и что делать, если уже перевели деньги.\n---\n\nПриметы\n"
                             "– Вас торопят: «только сейчас».\n"
                             "– Просят никому не говорить, называют себя банком и ждут код из сообщения.\n\nЧто делать\n"
                             "1. Положите трубку.\n2. Позвоните сами по номеру на обороте карты.\n\n"
                             "Подробнее — на странице банка [1].\n\n[1] https://bank.example/scam\n---\n"
                             "Эта статья в интернете:\n[QR]\nhttps://zarechinsk.example/scam\n\nНапечатано 8 мая 2026\n");
}

static void test_slip__what_stands_on_a_reminder(void **state)
{
    (void)state;
    char out[4000];
    sample_language("ru");
    slip_told(&slip_reminder, out, sizeof out);
    assert_string_equal(out, "Центр соседей\n---\nНе забыть\n\nСтажировка в музее\n\nПринимают до этого дня включительно\n"
                             "Пятница, 12 июня 2026\n\nКто приглашает\nГородской музей\n\nКак подать заявку\n"
                             "Позвоните или принесите анкету.\n\nТелефон\n+7 000 551-20-30\n\nЭл. почта\nmuseum@zarechinsk.example\n\n"
                             "Три месяца, стипендия, возраст от восемнадцати.\n---\nЧтобы подать заявку, наведите сюда камеру "
                             "телефона:\n[QR]\nhttps://zarechinsk.example/museum\n\nНапечатано 8 мая 2026\n");
}

static void test_slip__without_day_and_address(void **state)
{
    (void)state;
    char out[4000];
    struct slip s = {.kind = SLIP_REMINDER, .title = "Добровольцы", .lead = "", .organiser = "", .address = "", .telephone = "",
                     .email = "", .joining = "", .url = "", .until = "когда-нибудь"};
    sample_language("ru");
    slip_told(&s, out, sizeof out);
    assert_string_equal(out, "Центр соседей\n---\nНе забыть\n\nДобровольцы\n\n\nНапечатано 8 мая 2026\n");
}

/* On every paper, in dots and in the printer's own letters. */
static void test_slip__papers(void **state)
{
    (void)state;
    static const int widths[] = {384, 512, 576};
    const struct slip *const slips[] = {&slip_article, &slip_reminder};
    sample_language("ru");
    for (size_t i = 0; i < 3; i++)
        for (int k = 0; k < 6; k++) {
            struct sheet_paper how = sample_paper(widths[i]);
            const struct slip *slip = slips[k % 2];
            struct paper p;
            char qr[2][PAPER_QR_TEXT];
            how.text = k / 2 > 0;
            how.codepage = k / 2 == 2 ? CODEPAGE_1251 : CODEPAGE_866;
            sample_print_any(&p, NULL, slip, &how);
            assert_int_equal(paper_read_qr(&p, qr, 2), 1);
            assert_string_equal(qr[0], slip->url);
            if (how.text && slip == &slip_article) {
                assert_non_null(strstr(p.text, "Вас торопят"));
                /* what an entry does not fit into its first line stands beside its dash */
                assert_non_null(strstr(p.text, "\n  "));
            }
            paper_done(&p);
        }
}

/* However much is written, the paper has an end, and it says that it is only the beginning. */
static void test_slip__long_articles_end(void **state)
{
    (void)state;
    static const struct {
        const char *name, *piece;
    } rows[] = {{"short entries", "- да\n"}, {"headings", "# Раз\n"}, {"one paragraph", "слово за словом "},
                {"one word", "ж"}, {"wide letters", "日本"}, {"addresses", "https://a.example/ "}, {"Latin", "wide words "}};
    char *body = calloc(40001, 1);
    sample_language("ru");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct slip s = slip_article;
        struct sheet_paper how = sample_paper(384);
        struct paper p;
        size_t n = strlen(rows[i].piece), len = 0;
        for (; len + n <= 24000; len += n)
            memcpy(body + len, rows[i].piece, n);
        body[len] = '\0';
        s.body = body;
        s.lead = body;
        sample_print_any(&p, NULL, &s, &how);
        if (p.height > RASTER_HEIGHT_MAX)
            fail_msg("%s: %d dots", rows[i].name, p.height);
        paper_done(&p);
        how.text = true;
        sample_print_any(&p, NULL, &s, &how);
        if (strcmp(rows[i].name, "wide letters") != 0 && !strstr(p.text, "Это начало."))
            fail_msg("%s: does not say that it goes on", rows[i].name);
        paper_done(&p);
    }
    free(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slip__what_stands_on_an_article),
        cmocka_unit_test(test_slip__what_stands_on_a_reminder),
        cmocka_unit_test(test_slip__without_day_and_address),
        cmocka_unit_test(test_slip__papers),
        cmocka_unit_test(test_slip__long_articles_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
