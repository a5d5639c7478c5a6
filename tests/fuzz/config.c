/* Configuration files. */
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#include "kiosk/base/config.h"
#include "tests/support/fuzz.h"

static const struct config_key keys[] = {
    {"hub", "url", 's', 0, 0, "", ""},           {"hub", "port", 'i', 1, 65535, "443", ""},
    {"kiosk", "name", 's', 0, 0, "Library", ""}, {"kiosk", "idle", 'i', -5, 600, "60", ""},
    {"print", "cut", 'b', 0, 0, "yes", ""},      {NULL, NULL, 0, 0, 0, NULL, NULL},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct config *c;
    char path[64];
    int fd = fuzz_file(data, n, path);
    struct error e;
    if (config_load(&c, path, keys, &e) == ERR_NONE) {
        int64_t port = config_int(c, "hub", "port"), idle = config_int(c, "kiosk", "idle");
        fuzz_check(port >= 1 && port <= 65535 && idle >= -5 && idle <= 600, "numbers are within their limits");
        fuzz_check(text_is_valid(config_str(c, "kiosk", "name"), strlen(config_str(c, "kiosk", "name"))), "UTF-8");
        fuzz_check(config_bool(c, "print", "cut") == 0 || config_bool(c, "print", "cut") == 1, "yes or no");
        config_free(c);
    } else {
        fuzz_check(c == NULL && e.text[0] != '\0', "a fault is told");
    }
    close(fd);
    return 0;
}
