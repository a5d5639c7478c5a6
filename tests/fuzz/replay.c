/* Gives every file of tests/fuzz/corpus/NAME to the target NAME, which is this program's name: what was once found, or
 * is odd in a way worth keeping, is tried in every test run, without clang. One test per target. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "tests/support/fuzz.h"

enum { REPLAY_FILE_MAX = 1 << 20 };

static void replay_one(const char *path)
{
    struct buf bytes;
    struct error e;
    buf_init(&bytes, REPLAY_FILE_MAX);
    fuzz_check(file_read(path, &bytes, &e) == ERR_NONE, path);
    /* memory of exactly this size: a byte too far is seen */
    uint8_t *exact = malloc(bytes.len > 0 ? bytes.len : 1);
    memcpy(exact, bytes.data, bytes.len);
    LLVMFuzzerTestOneInput(exact, bytes.len);
    free(exact);
    buf_done(&bytes);
}

int main(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/'), *name = slash == NULL ? argv[0] : slash + 1;
    char folder[256], path[4096];
    snprintf(folder, sizeof folder, "tests/fuzz/corpus/%s", name);
    struct dirent **files = NULL;
    int n = scandir(folder, &files, NULL, alphasort), count = 0;
    LLVMFuzzerInitialize(&argc, &argv);
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 0; i < n; i++) {
        if (files[i]->d_name[0] != '.') {
            printf("# %s\n", files[i]->d_name);
            fflush(stdout);
            replay_one(file_join(path, folder, files[i]->d_name));
            count++;
        }
        free(files[i]);
    }
    free(files);
    printf("%sok 1 - fuzz %s: %d files\n", count > 0 ? "" : "not ", name, count);
    return count > 0 ? 0 : 1;
}
