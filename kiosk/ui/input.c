/* One line to type into. */
#include "kiosk/ui/input.h"

#include <string.h>

#include "kiosk/base/text.h"
#include "kiosk/ui/spot.h"

enum { INPUT_MAX = 100 };

static int input_clusters(const char *s)
{
    int n = 0;
    size_t bytes;
    for (; *s; s += bytes, n++)
        text_cluster(s, &bytes);
    return n;
}

static int input_limit(const struct input *in) { return in->max > 0 ? in->max : INPUT_MAX; }

/* Start of the cluster before `at`; the text is short, so it is walked from its start. */
static int input_before(const struct input *in, int at)
{
    int start = 0;
    size_t bytes;
    for (int i = 0; i < at; i += (int)bytes) {
        start = i;
        text_cluster(in->text + i, &bytes);
    }
    return start;
}

static int input_after(const struct input *in, int at)
{
    size_t bytes;
    text_cluster(in->text + at, &bytes);
    return at + (int)bytes;
}

static void input_remove(struct input *in, int from, int to)
{
    size_t len = strlen(in->text);
    memmove(in->text + from, in->text + to, len - (size_t)to + 1);
    explicit_bzero(in->text + len - (size_t)(to - from), (size_t)(to - from));
    in->cursor = from;
}

static void input_insert(struct input *in, uint32_t ch)
{
    char utf8[4];
    size_t n = text_encode(ch, utf8), len = strlen(in->text);
    if (len + n >= sizeof in->text || (text_width_char(ch) > 0 && input_clusters(in->text) >= input_limit(in)))
        return;
    memmove(in->text + in->cursor + n, in->text + in->cursor, len - (size_t)in->cursor + 1);
    memcpy(in->text + in->cursor, utf8, n);
    in->cursor += (int)n;
    in->early_len += (int)n;
}

/* Nothing can come between the early characters of one burst: they stand in a row before the cursor. */
static void input_type(struct input *in, const struct key *k)
{
    if (k->early == 0 || k->early != in->early) {
        in->early = k->early;
        in->early_at = in->cursor;
        in->early_len = 0;
    }
    input_insert(in, k->ch);
}

static bool input_untype(struct input *in, const struct key *k)
{
    if (k->early == 0 || k->early != in->early || in->early_at + in->early_len != in->cursor)
        return false;
    input_remove(in, in->early_at, in->early_at + in->early_len);
    in->early = 0;
    return true;
}

void input_set(struct input *in, const char *text)
{
    size_t len = text_sanitize(in->text, sizeof in->text, text, strlen(text), TEXT_LINE);
    while (input_clusters(in->text) > input_limit(in)) {
        len = (size_t)input_before(in, (int)len);
        in->text[len] = 0;
    }
    in->cursor = (int)len;
    in->early = 0;
}

int input_length(const struct input *in) { return input_clusters(in->text); }
bool input_is_empty(const struct input *in) { return in->text[strspn(in->text, " ")] == 0; }

void input_wipe(struct input *in)
{
    explicit_bzero(in->text, sizeof in->text);
    in->cursor = 0;
    in->early = 0;
}

static bool input_move(struct input *in, int to)
{
    bool moved = to != in->cursor;
    in->cursor = to;
    return moved;
}

bool input_key(struct input *in, const struct key *k)
{
    int len = (int)strlen(in->text);
    switch (k->code) {
    case K_CHAR:
        input_type(in, k);
        return true;
    case K_UNTYPE:
        return input_untype(in, k);
    case K_BACKSPACE:
        if (in->cursor > 0)
            input_remove(in, input_before(in, in->cursor), in->cursor);
        return len > 0;
    case K_DELETE:
        if (in->cursor < len)
            input_remove(in, in->cursor, input_after(in, in->cursor));
        return len > 0;
    case K_LEFT:
        return input_move(in, input_before(in, in->cursor));
    case K_RIGHT:
        return input_move(in, in->cursor < len ? input_after(in, in->cursor) : len);
    case K_HOME:
        input_move(in, 0);
        return len > 0;
    case K_END:
        input_move(in, len);
        return len > 0;
    default:
        return false;
    }
}

/* The first byte shown: as far left as it can be with the cursor, one column wide at the end, in sight. */
static int input_first(const struct input *in, int cols)
{
    int from = 0, width = 1;
    size_t bytes;
    for (int i = 0; i < in->cursor; i += (int)bytes)
        width += text_cluster(in->text + i, &bytes);
    while (from < in->cursor && width > cols) {
        width -= text_cluster(in->text + from, &bytes);
        from += (int)bytes;
    }
    return from;
}

void input_draw(struct canvas c, const struct input *in, bool focused, const char *hint)
{
    enum style style = focused ? STYLE_FIELD_FOCUS : STYLE_FIELD;
    struct canvas row = canvas_area(c, 0, 0, 1, c.cols);
    int from = focused ? input_first(in, row.cols) : 0, col = 0, cursor = 0;
    size_t bytes;
    canvas_clear(row, style);
    if (!in->text[0] && hint)
        canvas_text(row, 0, 0, style, hint);
    for (int i = from; in->text[i] && col < row.cols; i += (int)bytes) {
        char one[CANVAS_CLUSTER] = "*";
        int width = text_cluster(in->text + i, &bytes);
        if (!in->secret && bytes < sizeof one)
            memcpy(one, in->text + i, bytes + 1);
        one[in->secret || bytes >= sizeof one ? 1 : bytes] = 0;
        if (i == in->cursor)
            cursor = col;
        canvas_text(row, 0, col, style, one);
        col += in->secret ? 1 : width;
        explicit_bzero(one, sizeof one);
    }
    if (in->cursor >= (int)strlen(in->text))
        cursor = col;
    if (focused)
        canvas_spot(row, &(struct spot){.kind = SPOT_INPUT, .focus = true, .secret = in->secret, .chars = input_length(in)});
    if (focused)
        canvas_cursor(row, 0, cursor < row.cols ? cursor : row.cols - 1);
}
