/* QR codes from libqrencode. */
#include "kiosk/ticket/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

enum { QR_VERSION_MAX = 11 };
_Static_assert(QR_SIDE_MAX == 17 + 4 * QR_VERSION_MAX, "side of the largest version");

static const struct {
    char letter;
    QRecLevel level;
} qr_levels[] = {{'L', QR_ECLEVEL_L}, {'M', QR_ECLEVEL_M}, {'Q', QR_ECLEVEL_Q}, {'H', QR_ECLEVEL_H}};

enum { QR_L, QR_M, QR_Q, QR_H };

static bool qr_is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || (unsigned char)*text > 0x7e)
            return false;
    return true;
}

/* libqrencode takes the version as the least to use. */
static QRcode *qr_encode_text(const char *text, int version, int level)
{
    return QRcode_encodeString(text, version, qr_levels[level].level, QR_MODE_8, 1);
}

static void qr_fill(struct qr *out, const QRcode *code, char level)
{
    *out = (struct qr){.side = code->width, .version = code->version, .level = level};
    for (int row = 0; row < code->width; row++)
        for (int column = 0; column < code->width; column++)
            out->dark[row][column] = code->data[row * code->width + column] & 1;
}

/* Why there is no code, or ERR_NONE for one that may be used. */
static enum err qr_judge(const QRcode *code, size_t n, int max_version, struct error *e)
{
    if (max_version < 1 || max_version > QR_VERSION_MAX)
        return error_set(e, ERR_USAGE, "QR versions are 1 to %d, not %d", QR_VERSION_MAX, max_version);
    if (!code && errno == ENOMEM)
        return error_set(e, ERR_MEMORY, "no memory for a QR code");
    if (!code && errno != ERANGE)
        return error_set(e, ERR_INVALID, "these %zu bytes make no QR code", n);
    if (!code || code->version > max_version)
        return error_set(e, ERR_TOO_BIG, "%zu bytes do not fit a QR code of version %d", n, max_version);
    return ERR_NONE;
}

/* The same text at the highest level that the version allows; code itself when that is M. */
static void qr_fill_best(struct qr *out, const QRcode *code, const char *text)
{
    qr_fill(out, code, qr_levels[QR_M].letter);
    for (int level = QR_H; level > QR_M; level--) {
        QRcode *better = qr_encode_text(text, code->version, level);
        bool fits = better && better->version == code->version;
        if (fits)
            qr_fill(out, better, qr_levels[level].letter);
        QRcode_free(better);
        if (fits)
            return;
    }
}

enum err qr_make(struct qr *out, const char *text, int max_version, struct error *e)
{
    size_t n = strlen(text);
    if (n == 0 || !qr_is_ascii(text))
        return error_set(e, ERR_INVALID, "a QR code takes printable ASCII only");
    QRcode *code = qr_encode_text(text, 0, QR_M);
    enum err failed = qr_judge(code, n, max_version, e);
    if (!failed)
        qr_fill_best(out, code, text);
    QRcode_free(code);
    return failed;
}

enum err qr_make_bytes(struct qr *out, const void *bytes, size_t n, char level, int max_version, struct error *e)
{
    size_t i = 0;
    while (i <= QR_H && qr_levels[i].letter != level)
        i++;
    if (i > QR_H)
        return error_set(e, ERR_USAGE, "QR levels are L, M, Q and H, not %c", level);
    if (n == 0 || n > 1000)
        return error_set(e, n ? ERR_TOO_BIG : ERR_INVALID, "%zu bytes make no QR code", n);
    QRcode *code = QRcode_encodeData((int)n, bytes, 0, qr_levels[i].level);
    enum err failed = qr_judge(code, n, max_version, e);
    if (!failed)
        qr_fill(out, code, level);
    QRcode_free(code);
    return failed;
}
