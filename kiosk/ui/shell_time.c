/* What passes by itself: ticks of screens, the minute, messages, and the time after which a person is taken to have gone. */
#include "kiosk/ui/shell.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/date.h"
#include "kiosk/ui/shell_state.h"

void shell_read_clock(struct shell *s)
{
    struct ui *ui = s->ui;
    int64_t wall = clock_wall_ms(ui->clock);
    ui->mono = clock_mono_ms(ui->clock);
    ui->now = wall / 1000;
    ui->time_known = ui->clock->quality != CLOCK_UNSET;
    if (ui->mono < s->minute_at)
        return;
    s->minute_at = ui->mono + 60000 - wall % 60000;
    s->dirty = true;
    int32_t today = date_to_days(zone_local(ui->zone, ui->now).date);
    if (today != ui->today) {
        ui->today = today;
        shell_refresh_seen(s);
    }
}

static void shell_idle(struct shell *s)
{
    const struct screen *top = shell_top(s)->screen;
    if (top->flags & SCREEN_NO_IDLE)
        return;
    int64_t quiet = s->ui->mono - s->last_key;
    if (quiet >= (int64_t)s->setup.idle_ms + s->setup.gone_ms)
        shell_leave(s->ui);
    else if (quiet >= s->setup.idle_ms && top != s->setup.screens[s->setup.idle])
        shell_open(s->ui, s->setup.idle, "");
}

int shell_seconds_left(const struct ui *ui)
{
    const struct shell *s = ui->shell;
    int64_t ms = s->last_key + s->setup.idle_ms + s->setup.gone_ms - ui->mono;
    return ms > 0 ? (int)((ms + 999) / 1000) : 0;
}

static void shell_finish(struct shell *s)
{
    struct shell_frame *f = shell_top(s);
    if (s->ui->mono < f->later_at)
        return;
    f->later_at = INT64_MAX;
    shell_face(s, f->screen);
    f->screen->later(s->ui, f->state);
    s->dirty = true;
}

bool shell_is_unfinished(const struct shell *s) { return shell_top(s)->later_at != INT64_MAX; }

void shell_advance(struct shell *s)
{
    shell_read_clock(s);
    struct shell_frame *f = shell_top(s);
    if (s->flash[0] && s->ui->mono >= s->flash_until) {
        s->flash[0] = 0;
        s->dirty = true;
    }
    if (s->ui->mono >= f->tick_at) {
        f->tick_at = s->ui->mono + f->screen->tick_ms;
        shell_face(s, f->screen);
        if (f->screen->tick)
            f->screen->tick(s->ui, f->state);
        shell_settle(s);
    }
    shell_idle(s);
    shell_settle(s);
    shell_finish(s);
}

int64_t shell_deadline(const struct shell *s)
{
    const struct shell_frame *f = shell_top(s);
    int64_t at = s->minute_at < f->tick_at ? s->minute_at : f->tick_at;
    at = f->later_at < at ? f->later_at : at;
    if (s->flash[0] && s->flash_until < at)
        at = s->flash_until;
    if (!(f->screen->flags & SCREEN_NO_IDLE)) {
        bool asked = f->screen == s->setup.screens[s->setup.idle];
        int64_t due = s->last_key + s->setup.idle_ms + (asked ? s->setup.gone_ms : 0);
        at = due < at ? due : at;
    }
    return at;
}
