/* New keys in the place of old ones. Secrets are written first and the document last: until it is there nothing has
 * happened, and what an earlier try left is overwritten. */
#include <stdio.h>
#include <string.h>

#include "kiosk/base/guard.h"
#include "sync/hub/keys_file.h"

/* A new key pair of a kind into the document; the one that it replaces is good beside it, or no more. */
static enum err keys_rotate_signing(const char *dir, const char *kind, int64_t n, uint8_t *pk, uint8_t *old,
                                    struct error *e)
{
    char name[48];
    uint8_t *sk = guard_new(CRYPTO_SIGN_SECRET);
    memcpy(old, pk, CRYPTO_SIGN_PUBLIC);
    crypto_sign_keys(pk, sk);
    keys_name(name, kind, n);
    enum err err = keys_write_secret(dir, name, sk, CRYPTO_SIGN_SECRET, e);
    guard_free(sk, CRYPTO_SIGN_SECRET);
    return err;
}

static enum err keys_rotate_seal(const char *dir, struct wire_keys *doc, const char *passphrase, struct error *e)
{
    uint8_t *sk;
    if (doc->seal_count == WIRE_SEALS)
        return error_set(e, ERR_TOO_BIG, "there are %d seal keys already: a document holds no more", WIRE_SEALS);
    struct wire_seal *s = &doc->seal[doc->seal_count++];
    *s = (struct wire_seal){0};
    snprintf(s->id, sizeof s->id, "x%lld", (long long)doc->n);
    sk = guard_new(CRYPTO_SEAL_SECRET);
    crypto_seal_keys(s->pk, sk);
    enum err err = keys_write_seal(dir, s->id, sk, passphrase, e);
    guard_free(sk, CRYPTO_SEAL_SECRET);
    return err;
}

static enum err keys_rotate_all(const char *dir, struct wire_keys *doc, unsigned kinds, const char *passphrase,
                                struct error *e)
{
    enum err err = ERR_NONE;
    if (kinds & KEYS_FEED)
        err = keys_rotate_signing(dir, "feed", doc->n, doc->feed, doc->old_feed, e);
    if (!err && (kinds & KEYS_LEASE))
        err = keys_rotate_signing(dir, "lease", doc->n, doc->lease, doc->old_lease, e);
    if (!err && (kinds & KEYS_SEAL))
        err = keys_rotate_seal(dir, doc, passphrase, e);
    return err;
}

struct keys_rotation {
    struct keys keys;
    uint8_t root[CRYPTO_SIGN_SECRET];
};

static enum err keys_rotate_from(struct keys_rotation *r, const char *dir, struct error *e)
{
    enum err err = keys_load(&r->keys, dir, e);
    if (!err)
        err = keys_read_secret(dir, "root.key", r->root, sizeof r->root, e);
    if (!err &&
        memcmp(r->root + CRYPTO_SIGN_SECRET - CRYPTO_SIGN_PUBLIC, r->keys.doc.root, sizeof r->keys.doc.root) != 0)
        err = error_set(e, ERR_CORRUPT, "%s/keys/root.key: another hub's", dir);
    return err;
}

enum err keys_rotate(const char *dir, unsigned kinds, bool stolen, const char *passphrase, int64_t *n, struct error *e)
{
    struct keys_rotation *r = guard_new(sizeof *r);
    struct wire_keys *doc = &r->keys.doc;
    enum err err = keys_rotate_from(r, dir, e);
    *n = ++doc->n;
    if (!err)
        err = keys_rotate_all(dir, doc, kinds, passphrase, e);
    if (stolen && (kinds & KEYS_FEED))
        memset(doc->old_feed, 0, sizeof doc->old_feed);
    if (stolen && (kinds & KEYS_LEASE))
        memset(doc->old_lease, 0, sizeof doc->old_lease);
    if (!err)
        err = keys_write_document(dir, doc, r->root, e);
    guard_free(r, sizeof *r);
    return err;
}
