/* Keys in files: made once, read at start, never shown. */
#include "sync/hub/keys.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/base/file.h"

enum { KEYS_FILE_MAX = 4096 };

static void keys_path(char out[4096], const char *dir, const char *name)
{
    char folder[4096];
    file_join(out, file_join(folder, dir, "keys"), name);
}

static enum err keys_write(const char *dir, const char *name, const void *bytes, size_t n, struct error *e)
{
    char path[4096];
    keys_path(path, dir, name);
    return file_write(path, bytes, n, 0600, e);
}

/* Secrets are files of one line of base64url. */
static enum err keys_write_secret(const char *dir, const char *name, const void *secret, size_t n, struct error *e)
{
    struct buf text;
    buf_init(&text, KEYS_FILE_MAX);
    crypto_b64(&text, secret, n);
    buf_add_char(&text, '\n');
    enum err err = keys_write(dir, name, text.data, text.len, e);
    buf_wipe(&text);
    buf_done(&text);
    return err;
}

static enum err keys_read_secret(const char *dir, const char *name, void *out, size_t n, struct error *e)
{
    char path[4096];
    struct buf text;
    keys_path(path, dir, name);
    buf_init(&text, KEYS_FILE_MAX);
    enum err err = file_read(path, &text, e);
    if (!err) {
        text.data[strcspn(text.data, "\r\n")] = '\0';
        if (!crypto_from_b64(out, n, NULL, text.data))
            err = error_set(e, ERR_CORRUPT, "%s: not a key", path);
    }
    buf_wipe(&text);
    buf_done(&text);
    return err;
}

static enum err keys_write_seal(const char *dir, const uint8_t sk[CRYPTO_SEAL_SECRET], const char *passphrase,
                                struct error *e)
{
    if (!passphrase)
        return keys_write_secret(dir, "seal-x1.key", sk, CRYPTO_SEAL_SECRET, e);
    struct buf locked;
    buf_init(&locked, KEYS_FILE_MAX);
    enum err err = crypto_lock(&locked, sk, CRYPTO_SEAL_SECRET, passphrase, e);
    if (!err)
        err = keys_write(dir, "seal-x1.locked", locked.data, locked.len, e);
    buf_done(&locked);
    return err;
}

static enum err keys_write_document(const char *dir, const struct wire_keys *doc, const uint8_t *root, struct error *e)
{
    char name[32], sig[WIRE_SIG + 1];
    struct buf body;
    buf_init(&body, WIRE_SMALL_MAX);
    wire_keys_write(doc, &body);
    wire_sign(sig, WIRE_DOMAIN_KEYS, NULL, body.data, body.len, root);
    snprintf(name, sizeof name, "%lld.sig", (long long)doc->n);
    enum err err = keys_write(dir, name, sig, WIRE_SIG, e);
    snprintf(name, sizeof name, "%lld.json", (long long)doc->n);
    if (!err)
        err = keys_write(dir, name, body.data, body.len, e);
    buf_done(&body);
    return err;
}

/* The document is written last: keys are complete when it is there. */
static enum err keys_create_all(const char *dir, const char *passphrase, struct error *e)
{
    struct wire_keys doc = {.n = 1, .seal_count = 1, .seal = {{.id = "x1"}}};
    uint8_t root[CRYPTO_SIGN_SECRET], feed[CRYPTO_SIGN_SECRET], lease[CRYPTO_SIGN_SECRET], seal[CRYPTO_SEAL_SECRET];
    crypto_sign_keys(doc.root, root);
    crypto_sign_keys(doc.feed, feed);
    crypto_sign_keys(doc.lease, lease);
    crypto_seal_keys(doc.seal[0].pk, seal);
    enum err err = keys_write_secret(dir, "root.key", root, sizeof root, e);
    if (!err)
        err = keys_write_secret(dir, "feed.key", feed, sizeof feed, e);
    if (!err)
        err = keys_write_secret(dir, "lease.key", lease, sizeof lease, e);
    if (!err)
        err = keys_write_seal(dir, seal, passphrase, e);
    if (!err)
        err = keys_write_document(dir, &doc, root, e);
    crypto_wipe(root, sizeof root);
    crypto_wipe(feed, sizeof feed);
    crypto_wipe(lease, sizeof lease);
    crypto_wipe(seal, sizeof seal);
    return err;
}

enum err keys_create(const char *dir, const char *passphrase, struct error *e)
{
    char path[4096];
    keys_path(path, dir, "1.json");
    if (access(path, F_OK) == 0)
        return error_set(e, ERR_EXISTS, "%s: this hub has its keys already", dir);
    enum err err = file_make_dir(file_join(path, dir, "keys"), 0700, e);
    return err ? err : keys_create_all(dir, passphrase, e);
}

enum err keys_document(const char *dir, int64_t n, struct buf *body, char sig[WIRE_SIG + 1], struct error *e)
{
    char name[32], path[4096];
    struct buf text;
    buf_init(&text, WIRE_SIG);
    snprintf(name, sizeof name, "%lld.json", (long long)n);
    keys_path(path, dir, name);
    enum err err = file_read(path, body, e);
    snprintf(name, sizeof name, "%lld.sig", (long long)n);
    keys_path(path, dir, name);
    if (!err)
        err = file_read(path, &text, e);
    if (!err && text.len != WIRE_SIG)
        err = error_set(e, ERR_CORRUPT, "%s: not a signature", path);
    if (!err)
        memcpy(sig, text.data, WIRE_SIG + 1);
    buf_done(&text);
    return err;
}

static enum err keys_load_newest(struct keys *k, const char *dir, struct error *e)
{
    char sig[WIRE_SIG + 1];
    struct buf body;
    enum err err = ERR_NONE;
    buf_init(&body, WIRE_SMALL_MAX);
    for (int64_t n = 1; !err; n++) {
        buf_clear(&body);
        err = keys_document(dir, n, &body, sig, e);
        if (err == ERR_NOT_FOUND && n > 1) {
            err = ERR_NONE;
            break;
        }
        if (!err)
            err = wire_keys_parse(&k->doc, body.data, body.len, e);
        if (!err && !wire_verify(sig, WIRE_DOMAIN_KEYS, NULL, body.data, body.len, k->doc.root))
            err =
                error_set(e, ERR_CORRUPT, "%s/keys/%lld.json: the signature is not the root key's", dir, (long long)n);
    }
    buf_done(&body);
    return err;
}

enum err keys_load(struct keys *k, const char *dir, struct error *e)
{
    *k = (struct keys){0};
    enum err err = keys_load_newest(k, dir, e);
    if (!err)
        err = keys_read_secret(dir, "feed.key", k->feed, sizeof k->feed, e);
    if (!err)
        err = keys_read_secret(dir, "lease.key", k->lease, sizeof k->lease, e);
    return err;
}

void keys_wipe(struct keys *k) { crypto_wipe(k, sizeof *k); }

/* ---- the opener's secret */

static bool keys_seal_path(char out[4096], const char *dir, const char *id, const char *ending)
{
    char name[64];
    if (strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789") != strlen(id) || !*id)
        return false;
    snprintf(name, sizeof name, "seal-%.12s.%s", id, ending);
    keys_path(out, dir, name);
    return access(out, F_OK) == 0;
}

enum err keys_seal_state(const char *dir, const char *id, bool *locked, struct error *e)
{
    char path[4096];
    *locked = keys_seal_path(path, dir, id, "locked");
    if (*locked || keys_seal_path(path, dir, id, "key"))
        return ERR_NONE;
    return error_set(e, ERR_NOT_FOUND, "the secret of seal key %.12s is not in %s/keys", id, dir);
}

enum err keys_seal_secret(const char *dir, const char *id, const char *passphrase, uint8_t sk[CRYPTO_SEAL_SECRET],
                          struct error *e)
{
    char path[4096], name[64];
    bool locked = false;
    enum err err = keys_seal_state(dir, id, &locked, e);
    if (err)
        return err;
    if (!locked) {
        snprintf(name, sizeof name, "seal-%.12s.key", id);
        return keys_read_secret(dir, name, sk, CRYPTO_SEAL_SECRET, e);
    }
    if (!passphrase)
        return error_set(e, ERR_DENIED, "seal key %.12s is locked: a passphrase is needed", id);
    struct buf bytes, open;
    buf_init(&bytes, KEYS_FILE_MAX);
    buf_init(&open, KEYS_FILE_MAX);
    keys_seal_path(path, dir, id, "locked");
    err = file_read(path, &bytes, e);
    if (!err)
        err = crypto_unlock(&open, bytes.data, bytes.len, passphrase, e);
    if (!err && open.len != CRYPTO_SEAL_SECRET)
        err = error_set(e, ERR_CORRUPT, "%s: not a key", path);
    if (!err)
        memcpy(sk, open.data, CRYPTO_SEAL_SECRET);
    buf_wipe(&open);
    buf_done(&open);
    buf_done(&bytes);
    return err;
}
