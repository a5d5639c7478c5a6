/* The ledger's facts by name, and the identity made of them. */
#include "kiosk/store/ledger_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/store/content_read.h"
#include "kiosk/store/ledger_sync.h"
#include "kiosk/ticket/crypto.h"

enum { LEDGER_KEYS_MAX = 8192 };

/* Hands the value to out as it is; a buf because the key document is longer than any other. */
static enum err ledger_meta_read(struct ledger *l, const char *name, struct buf *out, struct error *e)
{
    bool row;
    struct sql_stmt *st = sql_get(l->db, "SELECT value FROM meta WHERE name = :name");
    sql_bind_text(st, ":name", name);
    enum err code = sql_step(st, &row, e);
    if (!code && row)
        buf_add_str(out, sql_text(st, 0));
    sql_reset(st);
    return code;
}

enum err ledger_meta_get(struct ledger *l, const char *name, char *out, size_t size, struct error *e)
{
    struct buf b;
    buf_init(&b, LEDGER_KEYS_MAX);
    enum err code = ledger_meta_read(l, name, &b, e);
    content_word(out, size, b.data);
    buf_done(&b);
    return code;
}

enum err ledger_meta_get_int(struct ledger *l, const char *name, int64_t *out, struct error *e)
{
    char text[24];
    enum err code = ledger_meta_get(l, name, text, sizeof text, e);
    *out = code ? 0 : strtoll(text, NULL, 10);
    return code;
}

enum err ledger_meta_set(struct ledger *l, const char *name, const char *value, struct error *e)
{
    struct sql_stmt *st = sql_get(l->db, "INSERT OR REPLACE INTO meta (name, value) VALUES (:name, :value)");
    sql_bind_text(st, ":name", name);
    sql_bind_text(st, ":value", value);
    return sql_run(st, e);
}

enum err ledger_meta_set_int(struct ledger *l, const char *name, int64_t value, struct error *e)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)value);
    return ledger_meta_set(l, name, text, e);
}

enum err ledger_keys(struct ledger *l, int *n, struct buf *document, struct error *e)
{
    int64_t number;
    enum err code = ledger_meta_get_int(l, "keys_n", &number, e);
    if (!code)
        code = ledger_meta_read(l, "keys", document, e);
    *n = (int)number;
    return code;
}

/* The last seal key of the document: the one to seal to. Anything odd means none: then no sign-up is possible. */
static void ledger_read_seal(struct ledger_identity *out, const char *document)
{
    struct json *doc;
    const struct json *last = NULL;
    if (json_parse(&doc, document, strlen(document), LEDGER_KEYS_MAX, NULL))
        return;
    for (const struct json *j = json_first(json_get(doc, "seal")); j; j = json_next(j))
        last = j;
    content_word(out->seal_id, sizeof out->seal_id, json_str(last, "id", ""));
    out->has_seal =
        out->seal_id[0] && crypto_from_b64(out->seal_pk, sizeof out->seal_pk, NULL, json_str(last, "pk", ""));
    json_free(doc);
}

enum err ledger_identity(struct ledger *l, struct ledger_identity *out, struct error *e)
{
    *out = (struct ledger_identity){0};
    const struct {
        const char *name;
        char *text;
        size_t size;
    } texts[] = {{"kid", out->kid, sizeof out->kid},
                 {"name", out->name, sizeof out->name},
                 {"scope", out->scope, sizeof out->scope},
                 {"host", out->host, sizeof out->host},
                 {"hub", out->hub, sizeof out->hub}};
    enum err code = ERR_NONE;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && !code; i++)
        code = ledger_meta_get(l, texts[i].name, texts[i].text, texts[i].size, e);
    int64_t epoch = 0, inc = 0;
    if (!code)
        code = ledger_meta_get_int(l, "epoch", &epoch, e);
    if (!code)
        code = ledger_meta_get_int(l, "inc", &inc, e);
    out->epoch = (uint32_t)epoch;
    out->inc = (uint32_t)inc;
    struct buf document;
    buf_init(&document, LEDGER_KEYS_MAX);
    if (!code)
        code = ledger_meta_read(l, "keys", &document, e);
    if (!code && document.len)
        ledger_read_seal(out, document.data);
    buf_done(&document);
    return code;
}

enum err ledger_root(struct ledger *l, uint8_t pk[32], struct error *e)
{
    char text[64];
    enum err code = ledger_meta_get(l, "root", text, sizeof text, e);
    if (!code && !crypto_from_b64(pk, 32, NULL, text))
        code = error_set(e, ERR_NOT_FOUND, "ledger: no root key: the kiosk is not enrolled");
    return code;
}
