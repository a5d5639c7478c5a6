/* Keys in files: made once, read at start, never shown. */
#include "sync/hub/keys.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/base/file.h"
#include "kiosk/base/guard.h"
#include "sync/hub/keys_file.h"

struct keys_new {
    uint8_t root[CRYPTO_SIGN_SECRET], feed[CRYPTO_SIGN_SECRET], lease[CRYPTO_SIGN_SECRET], seal[CRYPTO_SEAL_SECRET];
};

/* The document is written last: keys are complete when it is there. */
static enum err keys_create_all(const char *dir, const char *passphrase, struct error *e)
{
    struct wire_keys doc = {.n = 1, .seal_count = 1, .seal = {{.id = "x1"}}};
    struct keys_new *s = guard_new(sizeof *s);
    crypto_sign_keys(doc.root, s->root);
    crypto_sign_keys(doc.feed, s->feed);
    crypto_sign_keys(doc.lease, s->lease);
    crypto_seal_keys(doc.seal[0].pk, s->seal);
    enum err err = keys_write_secret(dir, "root.key", s->root, sizeof s->root, e);
    if (!err)
        err = keys_write_secret(dir, "feed.key", s->feed, sizeof s->feed, e);
    if (!err)
        err = keys_write_secret(dir, "lease.key", s->lease, sizeof s->lease, e);
    if (!err)
        err = keys_write_seal(dir, "x1", s->seal, passphrase, e);
    if (!err)
        err = keys_write_document(dir, &doc, s->root, e);
    guard_free(s, sizeof *s);
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

/* The secret half of pk: keys that replaced the first ones have the number of their document in their names, and are
 * written before it, so that whatever is cut short leaves the newest document with its secrets. */
static enum err keys_load_signing(const struct keys *k, const char *dir, const char *kind, const uint8_t *pk,
                                  uint8_t *sk, struct error *e)
{
    char name[48];
    enum err err = ERR_NOT_FOUND;
    for (int64_t n = k->doc.n; n >= 1 && err == ERR_NOT_FOUND; n--) {
        keys_name(name, kind, n);
        err = keys_read_secret(dir, name, sk, CRYPTO_SIGN_SECRET, e);
    }
    if (!err && memcmp(sk + CRYPTO_SIGN_SECRET - CRYPTO_SIGN_PUBLIC, pk, CRYPTO_SIGN_PUBLIC) != 0)
        err = error_set(e, ERR_CORRUPT, "%s/keys/%s: not the key that document %lld names", dir, name,
                        (long long)k->doc.n);
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
        err = keys_load_signing(k, dir, "feed", k->doc.feed, k->feed, e);
    if (!err)
        err = keys_load_signing(k, dir, "lease", k->doc.lease, k->lease, e);
    return err;
}

bool keys_have_changed(const struct keys *k, const char *dir)
{
    char name[32], path[4096];
    snprintf(name, sizeof name, "%lld.json", (long long)k->doc.n + 1);
    keys_path(path, dir, name);
    return access(path, F_OK) == 0;
}

void keys_done(struct keys *k) { crypto_wipe(k, sizeof *k); }

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
