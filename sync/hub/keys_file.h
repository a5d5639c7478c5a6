/* The files of DATA/keys. For the keys*.c files alone. */
#ifndef SYNC_HUB_KEYS_FILE_H
#define SYNC_HUB_KEYS_FILE_H

#include "sync/hub/keys.h"

enum { KEYS_FILE_MAX = 4096 };

void keys_path(char out[4096], const char *dir, const char *name);
/* "feed.key" for the first, "feed-3.key" for the one that document 3 brought. */
void keys_name(char out[48], const char *kind, int64_t n);
/* Secrets are files of one line of base64url, 0600. */
enum err keys_write_secret(const char *dir, const char *name, const void *secret, size_t n, struct error *e) MUST_CHECK;
enum err keys_read_secret(const char *dir, const char *name, void *out, size_t n, struct error *e) MUST_CHECK;
/* passphrase NULL: not locked. */
enum err keys_write_seal(const char *dir, const char *id, const uint8_t sk[CRYPTO_SEAL_SECRET], const char *passphrase,
                         struct error *e) MUST_CHECK;
/* Signs and writes it, the signature first. */
enum err keys_write_document(const char *dir, const struct wire_keys *doc, const uint8_t *root,
                             struct error *e) MUST_CHECK;

#endif
