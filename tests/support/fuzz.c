/* The few things that every fuzz target needs. */
#include "tests/support/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kiosk/ticket/crypto.h"
#include "tests/support/folder.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    setenv("SOSEDI_DEBUG", "1", 1);
    fuzz_check(crypto_init(NULL) == ERR_NONE, "the cryptography begins");
    return 0;
}

void fuzz_check(bool holds, const char *what)
{
    if (holds)
        return;
    fflush(stdout);
    fprintf(stderr, "fuzz: does not hold: %s\n", what);
    abort();
}

char *fuzz_text(const uint8_t *data, size_t n) { return n == 0 ? mem_dup_str("") : strndup((const char *)data, n); }

void fuzz_clean(const char *s, enum text_flags flags)
{
    size_t n = strlen(s);
    char *again = mem_new(3 * n + 1, 1);
    text_sanitize(again, 3 * n + 1, s, n, flags);
    fuzz_check(strcmp(again, s) == 0, "the text is clean");
    free(again);
}

void fuzz_clean_json(const struct json *j, size_t max)
{
    const char *text = json_value_str(j, NULL);
    if (text != NULL) {
        fuzz_clean(text, TEXT_LINES);
        fuzz_check(strlen(text) <= max, "the text is short enough");
    } else if (json_is_object(j) || json_is_array(j)) {
        for (const struct json *it = json_first(j); it != NULL; it = json_next(it))
            fuzz_clean_json(it, max);
    }
}

int fuzz_file(const uint8_t *data, size_t n, char path[64])
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    fuzz_check(fd >= 0 && write(fd, data, n) == (ssize_t)n, "a file in memory is made");
    snprintf(path, 64, "/proc/self/fd/%d", fd);
    return fd;
}

static char fuzz_place[FOLDER_PATH];

static void fuzz_clean_up(void) { folder_remove(fuzz_place); }

const char *fuzz_folder(void)
{
    if (fuzz_place[0] == '\0') {
        folder_new(fuzz_place);
        atexit(fuzz_clean_up);
    }
    return fuzz_place;
}

void fuzz_patch(char *bytes, size_t size, const uint8_t *data, size_t n)
{
    for (size_t i = 0; i + 4 < n; i += 4 + (size_t)data[i + 3]) {
        size_t offset = (data[i] | (size_t)data[i + 1] << 8 | (size_t)data[i + 2] << 16) % size;
        for (size_t k = 0; k < data[i + 3] && i + 4 + k < n && offset + k < size; k++)
            bytes[offset + k] = (char)data[i + 4 + k];
    }
}
