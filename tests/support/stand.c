/* Screens without a terminal. */
#include "tests/support/stand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/config.h"
#include "kiosk/base/file.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/settings.h"
#include "kiosk/base/text.h"
#include "kiosk/store/replica.h"
#include "screens/screens.h"

void stand_resize(struct stand *s, int rows, int cols)
{
    s->rows = rows;
    s->cols = cols;
    shell_resize(s->shell, rows, cols);
}

void stand_open(struct stand *s)
{
    struct error e;
    char path[4096];
    *s = (struct stand){.shell = NULL};
    desk_new(&s->d, "[staff]\npin = 2468\n[printer]\nurl = tcp://127.0.0.1:9\n", true);
    s->clock = *s->d.clock;
    buf_init(&s->key, 4096);
    buf_init(&s->text, 1 << 16);
    canvas_grid_init(&s->grid, STAND_ROWS, STAND_COLS);
    assert_int_equal(i18n_init(&e), ERR_NONE);
    assert_int_equal(file_read(file_join(path, s->d.folder, "kiosk.key"), &s->key, &e), ERR_NONE);
    assert_int_equal(settings_load(&s->config, s->d.folder, NULL, &e), ERR_NONE);
    s->ui = (struct ui){.config = s->config, .clock = &s->clock, .zone = s->d.zone, .sign_sk = (const uint8_t *)s->key.data,
                        .lang = "en", .can_qr = false, .data = s->d.folder};
    s->ui.replica = replica_open(file_join(path, s->d.folder, "replica.db"));
    assert_int_equal(ledger_open(&s->ui.ledger, s->d.folder, &s->clock, false, &e), ERR_NONE);
    assert_int_equal(ledger_identity(s->ui.ledger, &s->ui.identity, &e), ERR_NONE);
    const struct shell_setup setup = {.screens = screens, .count = SCREEN_COUNT, .attract = SCREEN_ATTRACT, .home = SCREEN_HOME,
                                      .help = SCREEN_HELP, .language = SCREEN_LANGUAGE, .idle = SCREEN_IDLE,
                                      .confirm = SCREEN_CONFIRM, .scan = SCREEN_MYTICKET, .staff = SCREEN_STAFF,
                                      .idle_ms = STAND_IDLE_MS, .gone_ms = STAND_GONE_MS};
    s->shell = shell_new(&s->ui, &setup);
    stand_resize(s, STAND_ROWS, STAND_COLS);
    shell_key(s->shell, &(struct key){.code = K_ENTER});
}

void stand_close(struct stand *s)
{
    shell_free(s->shell);
    canvas_grid_done(&s->grid);
    buf_done(&s->text);
    buf_done(&s->key);
    config_free(s->config);
    ledger_close(s->ui.ledger);
    replica_close(s->ui.replica);
    desk_done(&s->d);
}

const char *stand_text(struct stand *s)
{
    canvas_grid_resize(&s->grid, s->rows, s->cols);
    shell_draw(s->shell, &s->grid);
    buf_clear(&s->text);
    for (int row = 0; row < s->rows; row++) {
        for (int col = 0; col < s->cols; col++)
            buf_add_str(&s->text, canvas_grid_cell(&s->grid, row, col)->text);
        buf_add_char(&s->text, '\n');
    }
    return s->text.data;
}

void stand_sees(struct stand *s, const char *text)
{
    if (!strstr(stand_text(s), text))
        fail_msg("not seen: %s\n%s", text, s->text.data);
}

void stand_wait(struct stand *s, int ms)
{
    for (int64_t until = s->clock.test_mono_ms + ms; s->clock.test_mono_ms < until;) {
        int64_t at = shell_deadline(s->shell), step = (at < until ? at : until) - s->clock.test_mono_ms;
        step = step > 0 ? step : 1;
        s->clock.test_mono_ms += step;
        s->clock.test_wall_ms += step;
        shell_advance(s->shell);
    }
}

void stand_data_changed(struct stand *s)
{
    ledger_refresh(s->ui.ledger);
    shell_data_changed(s->shell);
}

void stand_press(struct stand *s, int code)
{
    struct key k = {.code = (enum key_code)code};
    if (code < K_CHAR)
        k = (struct key){.code = K_CHAR, .ch = (uint32_t)code};
    shell_key(s->shell, &k);
}

void stand_type(struct stand *s, const char *text)
{
    while (*text) {
        struct key k = {.code = K_CHAR};
        text += text_decode(text, strlen(text), &k.ch);
        shell_key(s->shell, &k);
    }
}
