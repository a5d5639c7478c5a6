#include "tests/support/faultrun.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "kiosk/ticket/crypto.h"
#include "tests/support/faultvfs.h"

enum { FAULTRUN_FILES = 12, FAULTRUN_FIRST = 40, FAULTRUN_MOST = 200000 };

struct faultrun_image {
    char name[FAULTRUN_FILES][300];
    struct buf bytes[FAULTRUN_FILES];
    int count;
};

static const struct faultrun_kind {
    const char *name;
    unsigned ops;
} faultrun_kinds[] = {
    {"write", FAULT_WRITE}, {"sync", FAULT_SYNC},           {"open", FAULT_OPEN},
    {"lock", FAULT_LOCK},   {"truncation", FAULT_TRUNCATE}, {"deletion", FAULT_DELETE},
    {"read", FAULT_READ},   {"growth", FAULT_GROW},         {"allocation", FAULT_MEMORY},
};

static char faultrun_text[80];

const char *faultrun_now(void) { return faultrun_text; }

/* Of sanitizers; not there without them. */
extern void __sanitizer_set_report_fd(void *fd) __attribute__((weak));

/* What the programs log of thousands of faults is for nobody: only what the tests and a death say is kept. */
static void faultrun_hush(void)
{
    int kept = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    FILE *out = fdopen(kept, "w");
    if (!out || nowhere < 0 || dup2(nowhere, STDERR_FILENO) < 0)
        die("no standard error");
    close(nowhere);
    setvbuf(out, NULL, _IONBF, 0);
    stderr = out;
    if (__sanitizer_set_report_fd)
        __sanitizer_set_report_fd((void *)(intptr_t)kept);
}

void faultrun_init(void)
{
    struct error e;
    if (!getenv("SOSEDI_DEBUG"))
        faultrun_hush();
    if (access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 0);
    faultvfs_register();
    if (crypto_init(&e))
        die("%s", e.text);
}

/* Calls with each file's path and name. */
static void faultrun_each(const char *folder, void (*call)(const char *path, const char *name, void *data), void *data)
{
    char path[600];
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *d; (d = readdir(dir));) {
        snprintf(path, sizeof path, "%s/%s", folder, d->d_name);
        if (d->d_type == DT_REG)
            call(path, d->d_name, data);
    }
    closedir(dir);
}

static void faultrun_take_file(const char *path, const char *name, void *data)
{
    struct faultrun_image *image = data;
    struct error e;
    assert_in_range(image->count, 0, FAULTRUN_FILES - 1);
    struct buf *b = &image->bytes[image->count];
    snprintf(image->name[image->count++], sizeof image->name[0], "%s", name);
    buf_init(b, 64 * 1024 * 1024);
    if (file_read(path, b, &e))
        fail_msg("%s", e.text);
}

static void faultrun_unlink(const char *path, const char *name, void *data)
{
    (void)name, (void)data;
    unlink(path);
}

static void faultrun_put(const char *folder, const struct faultrun_image *image)
{
    char path[600];
    faultrun_each(folder, faultrun_unlink, NULL);
    for (int i = 0; i < image->count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, image->name[i]);
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        assert_int_equal(fwrite(image->bytes[i].data, 1, image->bytes[i].len, f), image->bytes[i].len);
        assert_int_equal(fclose(f), 0);
    }
}

/* False: nothing failed any more. */
static bool faultrun_once(const struct faultrun *r, unsigned ops, long n, bool for_good)
{
    static const bool fine[ERR_COUNT] = {
        [ERR_NONE] = true, [ERR_IO] = true, [ERR_FULL] = true, [ERR_MEMORY] = true, [ERR_BUSY] = true};
    struct error e = {0};
    faultvfs_plan(ops, n, for_good);
    enum err code = r->act(r->x, &e);
    bool failed = faultvfs_failed() > 0;
    faultvfs_plan(0, 0, false);
    if (!(fine[code] || (code == ERR_CORRUPT && ops == FAULT_READ)) || (code && !e.text[0]))
        fail_msg("%s: %s: \"%s\"", faultrun_text, error_name(code), e.text);
    if (code && !failed)
        fail_msg("%s: nothing failed, yet: %s", faultrun_text, e.text);
    r->check(r->x, code);
    return failed;
}

static long faultrun_kind(const struct faultrun *r, const struct faultrun_image *image, const struct faultrun_kind *k,
                          bool for_good)
{
    const char *all = getenv("SOSEDI_FAULTS");
    bool every = r->step < 1 || (all && strcmp(all, "all") == 0);
    long runs = 0;
    bool more = true;
    for (long n = 1; more; n += every || n < FAULTRUN_FIRST ? 1 : r->step) {
        if (n > FAULTRUN_MOST)
            fail_msg("%s never ends", k->name);
        snprintf(faultrun_text, sizeof faultrun_text, "%s %ld, %s", k->name, n, for_good ? "for good" : "once");
        faultrun_put(r->folder, image);
        more = faultrun_once(r, k->ops, n, for_good);
        runs++;
    }
    return runs;
}

void faultrun(const struct faultrun *r)
{
    struct faultrun_image image = {.count = 0};
    long runs = 0;
    faultrun_each(r->folder, faultrun_take_file, &image);
    for (size_t i = 0; i < sizeof faultrun_kinds / sizeof faultrun_kinds[0]; i++) {
        const struct faultrun_kind *k = &faultrun_kinds[i];
        if (r->without & k->ops)
            continue;
        runs += faultrun_kind(r, &image, k, false);
        runs += faultrun_kind(r, &image, k, true);
    }
    faultrun_put(r->folder, &image);
    for (int i = 0; i < image.count; i++)
        buf_done(&image.bytes[i]);
    print_message("%ld runs with a fault\n", runs);
}
