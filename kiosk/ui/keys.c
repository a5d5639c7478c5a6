/* From bytes to keys: a small ECMA-48 parser, a strict UTF-8 collector, and the watch for scanner bursts behind them.
 */
#include "kiosk/ui/keys.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/text.h"
#include "kiosk/ui/canvas.h"

enum keys_state {
    KEYS_GROUND,
    KEYS_CHAR,   /* inside a UTF-8 sequence */
    KEYS_ESCAPE, /* after ESC */
    KEYS_CSI,    /* after ESC [ */
    KEYS_SS3,    /* after ESC O */
    KEYS_LINUX,  /* after ESC [ [, the Linux console's F1-F5 */
    KEYS_X10,    /* three bytes of an old mouse report */
    KEYS_STRING, /* OSC, DCS, SOS, PM, APC: up to BEL or ST */
    KEYS_STRING_ESCAPE
};

enum { KEYS_ESC = 0x1B, KEYS_STX = 0x02, KEYS_ETX = 0x03, KEYS_REPEAT = 4, KEYS_STALE_MS = 200 };

static void keys_push(struct keys *k, struct key key)
{
    if (k->count < KEYS_QUEUE)
        k->queue[(k->head + k->count++) % KEYS_QUEUE] = key;
}

static void keys_forget_held(struct keys *k)
{
    explicit_bzero(k->held, sizeof k->held);
    k->held_len = k->held_chars = k->given = 0;
    k->stx = k->too_long = k->mixed = false;
}

/* Gives what was not given yet. early: see struct key. */
static void keys_give(struct keys *k, unsigned early)
{
    while (k->given < k->held_len) {
        struct key key = {.code = K_CHAR, .early = early};
        k->given += (int)text_decode(k->held + k->given, (size_t)(k->held_len - k->given), &key.ch);
        keys_push(k, key);
    }
}

/* What was held was typed by a person after all. */
static void keys_release(struct keys *k)
{
    keys_give(k, 0);
    keys_forget_held(k);
}

static void keys_keep(struct keys *k, uint32_t ch)
{
    char utf8[4];
    size_t n = text_encode(ch, utf8);
    if (k->held_chars == 0) {
        k->burst += k->burst + 1 ? 1 : 2; /* 0 is no number */
        k->first = ch;
    }
    k->mixed = k->mixed || ch != k->first;
    if (k->held_len + n < sizeof k->held) {
        memcpy(k->held + k->held_len, utf8, n);
        k->held_len += (int)n;
        k->held_chars++;
    } else {
        k->too_long = true;
    }
}

/* A key held down repeats faster than people type; it is no scanner, and must not be silent while it is down. */
static void keys_hold(struct keys *k, uint32_t ch, int64_t ms)
{
    bool quiet = k->held_chars == 0 || ms - k->held_ms > KEYS_GAP_MS;
    bool full = k->held_len + 4 >= (int)sizeof k->held && !k->mixed;
    if (!k->stx && (quiet || full))
        keys_release(k);
    if (!k->stx && (k->no_scanner || (quiet && ch == ' '))) {
        keys_push(k, (struct key){.code = K_CHAR, .ch = ch});
        return;
    }
    keys_keep(k, ch);
    k->held_ms = ms;
    if (!k->stx && !k->mixed && (k->eager || k->held_chars >= KEYS_REPEAT))
        keys_give(k, k->burst);
}

static bool keys_scan_queued(const struct keys *k)
{
    for (int i = 0; i < k->count; i++)
        if (k->queue[(k->head + i) % KEYS_QUEUE].code == K_SCAN)
            return true;
    return false;
}

/* Enter, Tab or ETX came: was all this a scan? One too long to be any code of ours is dropped whole. */
static bool keys_take_scan(struct keys *k, int64_t ms)
{
    bool burst = k->held_chars >= KEYS_BURST && k->mixed && ms - k->held_ms <= KEYS_GAP_MS;
    if (!k->stx && !burst)
        return false;
    if (k->given > 0)
        keys_push(k, (struct key){.code = K_UNTYPE, .early = k->burst});
    if (k->held_chars > 0 && !k->too_long && !keys_scan_queued(k)) {
        k->held[k->held_len] = 0;
        text_keys_to_us(k->text, sizeof k->text, k->held);
        keys_push(k, (struct key){.code = K_SCAN, .text = k->text});
    }
    keys_forget_held(k);
    return true;
}

static void keys_emit(struct keys *k, enum key_code code, int64_t ms)
{
    if ((code == K_ENTER || code == K_TAB) && keys_take_scan(k, ms))
        return;
    keys_release(k);
    keys_push(k, (struct key){.code = code});
}

/* ---- sequences */

static const struct keys_final {
    char final;
    enum key_code code;
} keys_finals[] = {
    {'A', K_UP}, {'B', K_DOWN}, {'C', K_RIGHT}, {'D', K_LEFT}, {'H', K_HOME}, {'F', K_END}, {'Z', K_BACKTAB},
};

/* ESC O x: keypads and the first function keys. CSI R is left to cursor reports, so these are not tried there. */
static const struct keys_final keys_ss3_finals[] = {{'P', K_F1}, {'Q', K_F2},    {'R', K_F3},
                                                    {'S', K_F4}, {'M', K_ENTER}, {'I', K_TAB}};

/* CSI n ~ (VT220 and its children). */
static const uint8_t keys_tilde[] = {
    [1] = K_HOME, [2] = K_INSERT, [3] = K_DELETE, [4] = K_END,  [5] = K_PAGE_UP, [6] = K_PAGE_DOWN, [7] = K_HOME,
    [8] = K_END,  [11] = K_F1,    [12] = K_F2,    [13] = K_F3,  [14] = K_F4,     [15] = K_F5,       [17] = K_F6,
    [18] = K_F7,  [19] = K_F8,    [20] = K_F9,    [21] = K_F10, [23] = K_F11,    [24] = K_F12,
};

static enum key_code keys_find_final(const struct keys_final *table, size_t n, char final)
{
    for (size_t i = 0; i < n; i++)
        if (table[i].final == final)
            return table[i].code;
    return K_NONE;
}

/* "12;40" into numbers; those that are absent are 0. false: something else is in there. */
static bool keys_params(const char *s, int out[3])
{
    out[0] = out[1] = out[2] = 0;
    for (int i = 0; *s; s++) {
        if (*s == ';' && i < 2)
            i++;
        else if (*s >= '0' && *s <= '9')
            out[i] = out[i] < 100000 ? out[i] * 10 + (*s - '0') : out[i];
        else
            return false;
    }
    return true;
}

/* SGR mouse: CSI < button ; column ; row, M pressed, m released. Only presses of the first button and the wheel matter.
 */
static void keys_mouse(struct keys *k, char final)
{
    int p[3];
    if (final != 'M' || !keys_params(k->seq + 1, p))
        return;
    if (p[1] < 1 || p[2] < 1 || p[1] > CANVAS_MAX_COLS || p[2] > CANVAS_MAX_ROWS)
        return;
    struct key key = {.code = p[0] == 0    ? K_CLICK
                              : p[0] == 64 ? K_WHEEL_UP
                              : p[0] == 65 ? K_WHEEL_DOWN
                                           : K_NONE,
                      .row = p[2] - 1,
                      .col = p[1] - 1};
    if (key.code == K_NONE)
        return;
    keys_release(k);
    keys_push(k, key);
}

static void keys_csi_done(struct keys *k, char final, int64_t ms)
{
    int p[3];
    k->seq[k->seq_len < (int)sizeof k->seq ? k->seq_len : (int)sizeof k->seq - 1] = 0;
    if (k->seq_len >= (int)sizeof k->seq)
        return; /* longer than any key */
    if (k->seq[0] == '<') {
        keys_mouse(k, final);
        return;
    }
    if (!keys_params(k->seq, p))
        return;
    enum key_code code = K_NONE;
    if (final == '~' && p[0] < (int)sizeof keys_tilde)
        code = keys_tilde[p[0]];
    else if (final != '~')
        code = keys_find_final(keys_finals, sizeof keys_finals / sizeof keys_finals[0], final);
    if (code != K_NONE)
        keys_emit(k, code, ms);
}

static void keys_csi(struct keys *k, unsigned char c, int64_t ms)
{
    if (c == '[' && k->seq_len == 0) {
        k->state = KEYS_LINUX;
    } else if (c == 'M' && k->seq_len == 0) {
        k->state = KEYS_X10;
        k->seq_len = 0;
    } else if (c >= 0x40 && c <= 0x7E) {
        k->state = KEYS_GROUND;
        keys_csi_done(k, (char)c, ms);
    } else if (c >= 0x20 && c < 0x40) {
        if (k->seq_len < (int)sizeof k->seq)
            k->seq[k->seq_len++] = (char)c;
    } else {
        k->state = KEYS_GROUND; /* a control character or a byte above 7F ends what cannot be a sequence */
    }
}

static void keys_escape(struct keys *k, unsigned char c)
{
    k->seq_len = 0;
    switch (c) {
    case '[':
        k->state = KEYS_CSI;
        break;
    case 'O':
        k->state = KEYS_SS3;
        break;
    case ']':
    case 'P':
    case 'X':
    case '^':
    case '_':
        k->state = KEYS_STRING;
        break;
    default:
        k->state = KEYS_GROUND; /* Alt and a key: nothing here */
    }
}

static void keys_string(struct keys *k, unsigned char c)
{
    if (k->state == KEYS_STRING_ESCAPE)
        k->state = c == '\\' ? KEYS_GROUND : KEYS_STRING;
    if (k->state == KEYS_STRING && (c == 0x07 || c == 0x18 || c == 0x1A))
        k->state = KEYS_GROUND;
    else if (k->state == KEYS_STRING && c == KEYS_ESC)
        k->state = KEYS_STRING_ESCAPE;
}

/* ---- plain bytes */

static void keys_control(struct keys *k, unsigned char c, int64_t ms)
{
    switch (c) {
    case KEYS_ESC:
        k->state = KEYS_ESCAPE;
        break;
    case '\r':
    case '\n':
        keys_emit(k, K_ENTER, ms);
        break;
    case '\t':
        keys_emit(k, K_TAB, ms);
        break;
    case '\b':
    case 0x7F:
        keys_emit(k, K_BACKSPACE, ms);
        break;
    case KEYS_STX:
        keys_release(k);
        k->stx = !k->no_scanner;
        k->held_ms = ms;
        break;
    case KEYS_ETX:
        keys_take_scan(k, ms);
        break;
    default: /* ^C, ^Z, ^\ and the like do nothing here */
        break;
    }
}

static void keys_plain(struct keys *k, unsigned char c, int64_t ms)
{
    if (c < 0x20 || c == 0x7F) {
        keys_control(k, c, ms);
    } else if (c < 0x80) {
        keys_hold(k, c, ms);
    } else if (c >= 0xC2 && c <= 0xF4) {
        k->state = KEYS_CHAR;
        k->seq[0] = (char)c;
        k->seq_len = 1;
    }
}

/* A further byte of a UTF-8 sequence; true when it was one. */
static bool keys_char(struct keys *k, unsigned char c, int64_t ms)
{
    unsigned char lead = (unsigned char)k->seq[0];
    int want = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if ((c & 0xC0) != 0x80) {
        k->state = KEYS_GROUND;
        return false;
    }
    k->seq[k->seq_len++] = (char)c;
    if (k->seq_len < want)
        return true;
    k->state = KEYS_GROUND;
    uint32_t cp;
    if (text_decode(k->seq, (size_t)want, &cp) == (size_t)want && text_width_char(cp) > 0)
        keys_hold(k, cp, ms);
    return true;
}

static void keys_byte(struct keys *k, unsigned char c, int64_t ms)
{
    bool string = k->state == KEYS_STRING || k->state == KEYS_STRING_ESCAPE;
    if (k->state == KEYS_CHAR && keys_char(k, c, ms))
        return;
    if (c == KEYS_ESC && !string && k->state != KEYS_GROUND) {
        if (k->state == KEYS_ESCAPE)
            keys_emit(k, K_ESC, ms);
        k->state = KEYS_ESCAPE;
        return;
    }
    if (string)
        keys_string(k, c);
    else if (k->state == KEYS_ESCAPE)
        keys_escape(k, c);
    else if (k->state == KEYS_CSI)
        keys_csi(k, c, ms);
    else if (k->state == KEYS_X10)
        k->state = ++k->seq_len < 3 ? KEYS_X10 : KEYS_GROUND;
    else if (k->state == KEYS_GROUND)
        keys_plain(k, c, ms);
    else {
        enum key_code code = K_NONE;
        if (k->state == KEYS_LINUX && c >= 'A' && c <= 'E')
            code = (enum key_code)(K_F1 + (c - 'A'));
        else if (k->state == KEYS_SS3)
            code = keys_find_final(keys_ss3_finals, sizeof keys_ss3_finals / sizeof keys_ss3_finals[0], (char)c);
        if (k->state == KEYS_SS3 && code == K_NONE)
            code = keys_find_final(keys_finals, sizeof keys_finals / sizeof keys_finals[0], (char)c);
        k->state = KEYS_GROUND;
        if (code != K_NONE)
            keys_emit(k, code, ms);
    }
}

/* ---- the module's face */

void keys_init(struct keys *k) { *k = (struct keys){.state = KEYS_GROUND}; }
void keys_wipe(struct keys *k)
{
    bool no_scanner = k->no_scanner;
    explicit_bzero(k, sizeof *k);
    keys_init(k);
    k->no_scanner = no_scanner;
}

/* How long the present state may last without a byte; 0: as long as it likes. */
static int64_t keys_patience(const struct keys *k)
{
    if (k->state == KEYS_ESCAPE)
        return KEYS_ESC_MS;
    return k->state == KEYS_GROUND ? 0 : KEYS_STALE_MS;
}

static void keys_expire(struct keys *k, int64_t ms)
{
    int64_t patience = keys_patience(k);
    if (patience > 0 && ms - k->last_ms >= patience) {
        bool escape = k->state == KEYS_ESCAPE;
        k->state = KEYS_GROUND;
        if (escape)
            keys_emit(k, K_ESC, ms);
    }
    if ((k->held_chars > 0 || k->stx) && ms - k->held_ms > KEYS_GAP_MS)
        keys_release(k);
}

void keys_feed(struct keys *k, const void *bytes, size_t n, int64_t mono_ms)
{
    const unsigned char *b = bytes;
    keys_expire(k, mono_ms);
    for (size_t i = 0; i < n; i++)
        keys_byte(k, b[i], mono_ms);
    k->last_ms = mono_ms;
}

bool keys_next(struct keys *k, int64_t mono_ms, struct key *out)
{
    keys_expire(k, mono_ms);
    if (k->count == 0)
        return false;
    *out = k->queue[k->head];
    explicit_bzero(&k->queue[k->head], sizeof k->queue[0]);
    k->head = (k->head + 1) % KEYS_QUEUE;
    k->count--;
    return true;
}

int64_t keys_deadline(const struct keys *k)
{
    int64_t at = INT64_MAX, patience = keys_patience(k);
    if (patience > 0)
        at = k->last_ms + patience;
    if ((k->held_chars > 0 || k->stx) && k->held_ms + KEYS_GAP_MS + 1 < at)
        at = k->held_ms + KEYS_GAP_MS + 1;
    return k->count > 0 ? 0 : at;
}
