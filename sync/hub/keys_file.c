/* Each file is there entirely or not at all, and readable by the hub's own account alone. */
#include "sync/hub/keys_file.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/file.h"

void keys_path(char out[4096], const char *dir, const char *name)
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
enum err keys_write_secret(const char *dir, const char *name, const void *secret, size_t n, struct error *e)
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

enum err keys_read_secret(const char *dir, const char *name, void *out, size_t n, struct error *e)
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

enum err keys_write_seal(const char *dir, const char *id, const uint8_t sk[CRYPTO_SEAL_SECRET], const char *passphrase,
                         struct error *e)
{
    char name[48];
    snprintf(name, sizeof name, "seal-%.12s.%s", id, passphrase ? "locked" : "key");
    if (!passphrase)
        return keys_write_secret(dir, name, sk, CRYPTO_SEAL_SECRET, e);
    struct buf locked;
    buf_init(&locked, KEYS_FILE_MAX);
    enum err err = crypto_lock(&locked, sk, CRYPTO_SEAL_SECRET, passphrase, e);
    if (!err)
        err = keys_write(dir, name, locked.data, locked.len, e);
    buf_done(&locked);
    return err;
}

enum err keys_write_document(const char *dir, const struct wire_keys *doc, const uint8_t *root, struct error *e)
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

void keys_name(char out[48], const char *kind, int64_t n)
{
    if (n == 1)
        snprintf(out, 48, "%s.key", kind);
    else
        snprintf(out, 48, "%s-%lld.key", kind, (long long)n);
}
