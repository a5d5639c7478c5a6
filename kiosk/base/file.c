/* Whole files: read with a maximum, written so that a power cut leaves the old one or the new one. */
#include "kiosk/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_PATH = 4096, FILE_PARENTS = 4 };

static enum err file_fail(struct error *e, const char *path)
{
    int no = errno;
    enum err code = ERR_IO;
    if (no == ENOENT || no == ENOTDIR)
        code = ERR_NOT_FOUND;
    else if (no == ENOSPC || no == EDQUOT)
        code = ERR_FULL;
    return error_set(e, code, "%s: %s", path, error_errno(no));
}

/* Closes and removes without disturbing the errno that is about to be reported. */
static void file_abandon(int fd, const char *path)
{
    int no = errno;
    if (fd >= 0)
        close(fd);
    if (path)
        unlink(path);
    errno = no;
}

enum err file_read(const char *path, struct buf *out, struct error *e)
{
    /* Not blocking: a FIFO or a device in the place of a file must not stop the program. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return file_fail(e, path);
    size_t before = out->len;
    char chunk[16384];
    ssize_t n;
    while ((n = read(fd, chunk, sizeof chunk)) != 0 && !out->overflow) {
        if (n > 0)
            buf_add(out, chunk, (size_t)n);
        else if (errno != EINTR)
            break;
    }
    file_abandon(fd, NULL);
    if (n >= 0 && !out->overflow)
        return ERR_NONE;
    enum err code =
        n < 0 ? file_fail(e, path) : error_set(e, ERR_TOO_BIG, "%s: more than %zu bytes", path, out->max - before);
    out->len = before;
    out->data[before] = 0;
    return code;
}

int file_write_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, bytes, n);
        if (done < 0 && errno != EINTR)
            return -1;
        if (done > 0) {
            bytes += done;
            n -= (size_t)done;
        }
    }
    return 0;
}

/* Makes the folder's entries durable. File systems that cannot (EINVAL) have nothing better to offer. */
static int file_sync_parent(const char *path)
{
    char dir[FILE_PATH];
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) : 0;
    if (n >= sizeof dir) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(dir, path, n);
    dir[n] = 0;
    int fd = open(slash ? (n ? dir : "/") : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    int rc = fsync(fd);
    if (rc < 0 && errno == EINVAL)
        rc = 0;
    file_abandon(fd, NULL);
    return rc;
}

/* The number of the process in the name keeps two writers apart. */
static int file_open_temp(char temp[FILE_PATH + 32], const char *path, unsigned mode)
{
    if (snprintf(temp, FILE_PATH + 32, "%s.%ld.tmp", path, (long)getpid()) >= FILE_PATH) {
        errno = ENAMETOOLONG;
        return -1;
    }
    unlink(temp);
    int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, (mode_t)mode);
    /* The umask has no say; FAT on a stick cannot and says EPERM. */
    if (fd >= 0 && fchmod(fd, (mode_t)mode) < 0 && errno != EPERM) {
        file_abandon(fd, temp);
        return -1;
    }
    return fd;
}

enum err file_write(const char *path, const void *bytes, size_t n, unsigned mode, struct error *e)
{
    char temp[FILE_PATH + 32];
    int fd = file_open_temp(temp, path, mode);
    if (fd < 0)
        return file_fail(e, path);
    if (file_write_all(fd, bytes, n) < 0 || fsync(fd) < 0) {
        file_abandon(fd, temp);
        return file_fail(e, path);
    }
    if (close(fd) < 0 || rename(temp, path) < 0) {
        file_abandon(-1, temp);
        return file_fail(e, path);
    }
    if (file_sync_parent(path) < 0)
        return file_fail(e, path);
    return ERR_NONE;
}

static enum err file_make_one(const char *path, unsigned mode, struct error *e)
{
    struct stat st;
    if (mkdir(path, (mode_t)mode) == 0)
        return file_sync_parent(path) < 0 ? file_fail(e, path) : ERR_NONE;
    int no = errno;
    /* Whatever mkdir says of a folder that is there (EEXIST, EROFS, EACCES), it is there. */
    if (stat(path, &st) == 0) {
        if (S_ISDIR(st.st_mode))
            return ERR_NONE;
        no = ENOTDIR;
    }
    errno = no;
    return no == ENOTDIR ? error_set(e, ERR_IO, "%s: not a folder", path) : file_fail(e, path);
}

enum err file_make_dir(const char *path, unsigned mode, struct error *e)
{
    char part[FILE_PATH];
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof part)
        return error_set(e, ERR_USAGE, "%s: no name for a folder", n ? path : "\"\"");
    memcpy(part, path, n + 1);
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        enum err code = file_make_one(part, mode, e);
        if (code)
            return code;
        *slash = '/';
    }
    return file_make_one(path, mode, e);
}

char *file_join(char out[4096], const char *dir, const char *name)
{
    size_t n = strlen(dir);
    const char *between = n == 0 || dir[n - 1] == '/' ? "" : "/";
    if (snprintf(out, FILE_PATH, "%s%s%s", dir, between, name) >= FILE_PATH)
        die("path too long: %.100s...", dir);
    return out;
}

/* Cuts the last part of an absolute path; the root stays "". */
static bool file_to_parent(char *path)
{
    char *slash = strrchr(path, '/');
    if (!slash)
        return false;
    *slash = 0;
    return true;
}

void file_program_dir(char out[4096])
{
    ssize_t n = readlink("/proc/self/exe", out, FILE_PATH - 1);
    if (n <= 0)
        die("/proc/self/exe: %s", error_errno(errno));
    out[n] = 0;
    file_to_parent(out);
}

static bool file_try(char out[4096], const char *dir, const char *between, const char *name)
{
    return snprintf(out, FILE_PATH, "%s%s%s", dir, between, name) < FILE_PATH && access(out, F_OK) == 0;
}

enum err file_find_asset(const char *name, char out[4096], struct error *e)
{
    char dir[FILE_PATH], program[FILE_PATH];
    file_program_dir(program);
    /* The installed place goes first: beside an installed program lie strangers, such as /usr/bin/locale. */
    if (file_try(out, program, "/../share/sosedi/", name))
        return ERR_NONE;
    memcpy(dir, program, sizeof dir);
    for (int i = 0; i <= FILE_PARENTS; i++) {
        if (file_try(out, dir, "/", name) || file_try(out, dir, "/assets/", name))
            return ERR_NONE;
        if (!file_to_parent(dir))
            break;
    }
    return error_set(e, ERR_NOT_FOUND, "%s: neither in %s/../share/sosedi nor up to %d folders above it", name, program,
                     FILE_PARENTS);
}
