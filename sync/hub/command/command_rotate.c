/* `kiosk-hub rotate-keys`: new keys in the place of old ones. */
#include <stdio.h>
#include <string.h>

#include "sync/hub/command.h"
#include "sync/hub/keys.h"
#include "sync/hub/passphrase.h"

static unsigned rotate_kind(const char *word)
{
    static const struct {
        const char *word;
        unsigned kind;
    } kinds[] = {{"feed", KEYS_FEED}, {"lease", KEYS_LEASE}, {"seal", KEYS_SEAL}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(word, kinds[i].word) == 0)
            return kinds[i].kind;
    return 0;
}

static enum err rotate_run(struct hub *h, unsigned kinds, bool stolen, const char *passphrase_file, struct error *e)
{
    char *passphrase = NULL;
    int64_t n = 0;
    enum err err = passphrase_file ? passphrase_read(passphrase_file, &passphrase, e) : ERR_NONE;
    if (!err)
        err = keys_rotate(h->dir, kinds, stolen, passphrase, &n, e);
    passphrase_free(passphrase);
    if (!err)
        fprintf(stderr, "key document %lld; serve takes it within a minute\n", (long long)n);
    return err;
}

int command_rotate(struct hub *h, int argc, char **argv)
{
    const char *stolen = NULL, *passphrase_file = NULL;
    const struct cli_option options[] = {
        {"--stolen", NULL, "what the old key signed is no longer believed", &stolen},
        {"--passphrase-file", "FILE", "lock the new opener's key with the first line of FILE", &passphrase_file},
        {.name = NULL},
    };
    struct error e = {0};
    unsigned kinds = 0;
    int words = command_parse(argc, argv,
                              "rotate-keys KIND...\nKIND: feed, lease or seal. Makes new keys, signed by the root key. "
                              "The old ones stay good beside them until the next time; what is sealed stays readable.",
                              options);
    if (words < 0)
        return -1 - words;
    for (int i = 1; i <= words; i++) {
        unsigned kind = rotate_kind(argv[i]);
        if (!kind)
            return command_usage("rotate-keys wants feed, lease or seal");
        kinds |= kind;
    }
    if (!kinds)
        return command_usage("rotate-keys wants feed, lease or seal");
    return rotate_run(h, kinds, stolen != NULL, passphrase_file, &e) ? command_fail(&e) : CLI_DONE;
}
