/* Copying with the system's calls, so that every step can fail with a name and a reason. */
#include "sync/hub/backup/backup_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/base/file.h"

static enum err backup_fail(struct error *e, const char *path)
{
    int no = errno;
    enum err code = no == ENOENT                   ? ERR_NOT_FOUND
                    : no == EEXIST                 ? ERR_EXISTS
                    : no == ENOSPC || no == EDQUOT ? ERR_FULL
                                                   : ERR_IO;
    return error_set(e, code, "%s: %s", path, error_errno(no));
}

enum err backup_sync_file(const char *path, struct error *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return backup_fail(e, path);
    enum err err = fsync(fd) < 0 ? backup_fail(e, path) : ERR_NONE;
    close(fd);
    return err;
}

enum err backup_sync_folder(const char *path, struct error *e)
{
    enum err err = backup_sync_file(path, e);
    return err && errno == EINVAL ? ERR_NONE : err; /* some network file systems cannot */
}

/* Returns 0 or -1 with errno; *bad names whose fault it is. */
static int backup_pour(int in, int out, bool *reading)
{
    char bytes[65536];
    for (;;) {
        *reading = true;
        ssize_t n = read(in, bytes, sizeof bytes);
        if (n <= 0)
            return (int)n;
        *reading = false;
        for (ssize_t done = 0; done < n;) {
            ssize_t w = write(out, bytes + done, (size_t)(n - done));
            if (w < 0)
                return -1;
            done += w;
        }
    }
}

enum err backup_copy_file(const char *from, const char *to, struct error *e)
{
    bool reading = true;
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return backup_fail(e, from);
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    enum err err = out < 0 ? backup_fail(e, to) : ERR_NONE;
    if (!err && backup_pour(in, out, &reading) < 0)
        err = backup_fail(e, reading ? from : to);
    if (!err && fsync(out) < 0)
        err = backup_fail(e, to);
    if (out >= 0 && close(out) < 0 && !err)
        err = backup_fail(e, to);
    if (err && out >= 0)
        unlink(to);
    close(in);
    return err;
}

/* Calls work for every plain file of the folder. */
static enum err backup_each(const char *dir,
                            enum err (*work)(const char *path, const char *name, const char *to, struct error *e),
                            const char *to, struct error *e)
{
    char path[4096];
    struct stat st;
    enum err err = ERR_NONE;
    DIR *d = opendir(dir);
    if (!d)
        return backup_fail(e, dir);
    for (struct dirent *f = readdir(d); f && !err; f = readdir(d))
        if (lstat(file_join(path, dir, f->d_name), &st) == 0 && S_ISREG(st.st_mode))
            err = work(path, f->d_name, to, e);
    closedir(d);
    return err;
}

static enum err backup_copy_into(const char *path, const char *name, const char *to, struct error *e)
{
    char file[4096];
    return backup_copy_file(path, file_join(file, to, name), e);
}

static enum err backup_unlink(const char *path, const char *name, const char *to, struct error *e)
{
    (void)name;
    (void)to;
    return unlink(path) < 0 ? backup_fail(e, path) : ERR_NONE;
}

enum err backup_remove_folder(const char *path, struct error *e)
{
    if (access(path, F_OK) < 0)
        return ERR_NONE;
    enum err err = backup_each(path, backup_unlink, NULL, e);
    return !err && rmdir(path) < 0 ? backup_fail(e, path) : err;
}

enum err backup_copy_folder(const char *from, const char *to, struct error *e)
{
    char part[4096];
    if (snprintf(part, sizeof part, "%s.part", to) >= (int)sizeof part)
        return error_set(e, ERR_USAGE, "%s: the name is too long", to);
    enum err err = backup_remove_folder(part, e);
    if (!err)
        err = file_make_dir(part, 0700, e);
    if (!err)
        err = backup_each(from, backup_copy_into, part, e);
    if (!err)
        err = backup_sync_folder(part, e);
    if (!err && rename(part, to) < 0)
        err = backup_fail(e, to);
    return err;
}

void backup_keys_path(char out[4096], const char *file)
{
    size_t n = strlen(file);
    n = n > 3 && strcmp(file + n - 3, ".db") == 0 ? n - 3 : n;
    if (snprintf(out, 4096, "%.*s.keys", (int)n, file) >= 4096)
        die("path too long: %.100s...", file);
}
