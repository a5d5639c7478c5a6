#include "tests/support/folder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"
#include "kiosk/base/file.h"

void folder_new(char out[FOLDER_PATH])
{
    const char *tmp = getenv("TMPDIR");
    snprintf(out, FOLDER_PATH, "%s/sosedi-test-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
    if (!mkdtemp(out))
        die("no folder for a test: %s", out);
}

void folder_file(char out[FOLDER_FILE], const char *folder, const char *name)
{
    if (snprintf(out, FOLDER_FILE, "%s/%s", folder, name) >= FOLDER_FILE)
        die("path too long: %s/%s", folder, name);
}

/* Calls with the path of each file; stops when it returns true. */
static bool folder_each(const char *path, bool (*call)(const char *file, void *data), void *data)
{
    bool stop = false;
    char file[2 * FOLDER_PATH + 260];
    DIR *dir = opendir(path);
    if (!dir)
        die("no folder %s", path);
    for (struct dirent *d; !stop && (d = readdir(dir));) {
        snprintf(file, sizeof file, "%s/%s", path, d->d_name);
        stop = d->d_type == DT_REG && call(file, data);
    }
    closedir(dir);
    return stop;
}

static bool folder_unlink(const char *file, void *data)
{
    (void)data;
    unlink(file);
    return false;
}

void folder_remove(const char *path)
{
    folder_each(path, folder_unlink, NULL);
    rmdir(path);
}

struct folder_search {
    const void *bytes;
    size_t n;
    char *which;
};

static bool folder_search_file(const char *file, void *data)
{
    struct folder_search *s = data;
    struct buf b;
    struct error e;
    buf_init(&b, 256 * 1024 * 1024);
    if (file_read(file, &b, &e))
        die("%s", e.text);
    bool found = memmem(b.data, b.len, s->bytes, s->n) != NULL;
    if (found && s->which)
        snprintf(s->which, FOLDER_PATH, "%s", file);
    buf_done(&b);
    return found;
}

bool folder_holds(const char *path, const void *bytes, size_t n, char *which)
{
    struct folder_search s = {bytes, n, which};
    return folder_each(path, folder_search_file, &s);
}

void folder_spoil(const char *file, long offset, size_t n)
{
    FILE *f = fopen(file, "r+");
    if (!f || fseek(f, offset, SEEK_SET) != 0)
        die("cannot spoil %s", file);
    for (size_t i = 0; i < n; i++)
        fputc(0xA5, f);
    fclose(f);
}
