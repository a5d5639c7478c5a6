/* A stick's folder, one part of a path at a time and never through a link. */
#include "sync/stick.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/base/file.h"

enum { STICK_DIR = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

static enum err stick_say(const struct stick *s, const char *path, struct error *e)
{
    const char *between = path[0] ? "/" : "";
    switch (errno) {
    case ENOENT:
        return error_set(e, ERR_NOT_FOUND, "%s%s%s: not there", s->name, between, path);
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return error_set(e, ERR_FULL, "%s%s%s: no space left on the stick", s->name, between, path);
    case EROFS:
    case EACCES:
    case EPERM:
        return error_set(e, ERR_DENIED, "%s%s%s: the stick lets nothing be written or read here (%s)", s->name, between,
                         path, error_errno(errno));
    case ELOOP:
    case ENOTDIR:
    case EISDIR:
    case ENXIO:
        return error_set(e, ERR_INVALID, "%s%s%s: a link, a device or a folder where none should be", s->name, between,
                         path);
    default:
        return error_set(e, ERR_IO, "%s%s%s: the stick fails or was taken out (%s)", s->name, between, path,
                         error_errno(errno));
    }
}

static enum err stick_fail(struct stick *s, const char *path, struct error *e)
{
    enum err code = stick_say(s, path, e);
    if (code != ERR_NOT_FOUND)
        s->fault = code;
    return code;
}

/* Closes without disturbing the errno that is about to be reported. */
static void stick_close_fd(int fd)
{
    int no = errno;
    if (fd >= 0)
        close(fd);
    errno = no;
}

static int stick_sync_fd(int fd)
{
    int rc = fsync(fd);
    return rc < 0 && errno == EINVAL ? 0 : rc; /* file systems that cannot have nothing better to offer */
}

/* ---- paths */

/* big: README.txt and MANIFEST.txt are for people. */
static bool stick_path_check(const char *path, bool big)
{
    bool start = true;
    size_t n = strlen(path);
    if (n == 0 || n >= STICK_PATH || strchr("./", path[n - 1]))
        return false;
    for (const char *p = path; *p; p++) {
        bool word = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || (big && *p >= 'A' && *p <= 'Z');
        if (start ? !word : !word && !strchr("._-/", *p))
            return false;
        if (strchr("./", *p) && !start && p[-1] == '.') /* FAT drops a dot at the end; two have a meaning */
            return false;
        start = *p == '/';
    }
    return true;
}

bool stick_path_is_good(const char *path) { return stick_path_check(path, false); }

/* One folder further down; with make it is made when missing. */
static int stick_step(int at, const char *name, bool make)
{
    int fd = openat(at, name, STICK_DIR);
    if (fd >= 0 || errno != ENOENT || !make)
        return fd;
    if (mkdirat(at, name, 0755) < 0 && errno != EEXIST)
        return -1;
    fd = openat(at, name, STICK_DIR);
    /* Whoever carries the stick on is somebody else: the umask has no say. FAT cannot, and need not. */
    if (fd >= 0 && fchmod(fd, 0755) == 0 && stick_sync_fd(at) < 0) {
        stick_close_fd(fd);
        return -1;
    }
    return fd;
}

/* The folder that holds the path's last part, which is left in *name. -1: errno. */
static int stick_walk(const struct stick *s, const char *path, bool make, const char **name)
{
    char part[STICK_PATH];
    int at = fcntl(s->fd, F_DUPFD_CLOEXEC, 0);
    const char *slash;
    while (at >= 0 && (slash = strchr(path, '/'))) {
        memcpy(part, path, (size_t)(slash - path));
        part[slash - path] = 0;
        int next = stick_step(at, part, make);
        stick_close_fd(at);
        at = next;
        path = slash + 1;
    }
    *name = path;
    return at;
}

static enum err stick_check_path(const struct stick *s, const char *path, struct error *e)
{
    if (stick_path_check(path, true))
        return ERR_NONE;
    return error_set(e, ERR_INVALID, "%s: a name that cannot be on a stick", s->name);
}

/* ---- opening */

enum err stick_open(struct stick *s, const char *dir, bool make, struct error *e)
{
    *s = (struct stick){.fd = -1};
    if (snprintf(s->name, sizeof s->name, "%s", dir) >= (int)sizeof s->name - 8)
        return error_set(e, ERR_USAGE, "%s: the name is too long", dir);
    /* DIR is named by the operator: there a link is their own. */
    int at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (at < 0)
        return stick_fail(s, "", e);
    s->fd = stick_step(at, "sosedi", make);
    stick_close_fd(at);
    enum err code = s->fd < 0 ? stick_fail(s, "sosedi", e) : ERR_NONE;
    strncat(s->name, "/sosedi", sizeof s->name - strlen(s->name) - 1);
    return code;
}

void stick_close(struct stick *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}

bool stick_is_there(const char *dir)
{
    struct stat st, above;
    int at = dir[0] ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (at < 0)
        return false;
    bool mounted = fstat(at, &st) == 0 && fstatat(at, "..", &above, 0) == 0 && st.st_dev != above.st_dev;
    bool there = mounted || fstatat(at, "sosedi", &st, AT_SYMLINK_NOFOLLOW) == 0;
    close(at);
    return there;
}

/* ---- files */

static int stick_read_all(int fd, struct buf *out)
{
    char chunk[16384];
    ssize_t n;
    while ((n = read(fd, chunk, sizeof chunk)) != 0) {
        if (n > 0)
            buf_add(out, chunk, (size_t)n);
        else if (errno != EINTR)
            return -1;
        if (out->overflow)
            return 0;
    }
    return 0;
}

static enum err stick_read_fd(struct stick *s, const char *path, int fd, struct buf *out, struct error *e)
{
    struct stat st;
    size_t before = out->len;
    if (fstat(fd, &st) < 0)
        return stick_fail(s, path, e);
    if (!S_ISREG(st.st_mode)) {
        errno = ENXIO;
        return stick_fail(s, path, e);
    }
    enum err code = ERR_NONE;
    if (st.st_size < 0 || (uint64_t)st.st_size > out->max - before)
        return error_set(e, ERR_TOO_BIG, "%s/%s: larger than such a file can be", s->name, path);
    if (stick_read_all(fd, out) < 0)
        code = stick_fail(s, path, e);
    else if (out->overflow)
        code = error_set(e, ERR_TOO_BIG, "%s/%s: larger than such a file can be", s->name, path);
    if (code) {
        out->len = before;
        out->data[before] = 0;
    }
    return code;
}

/* -1: errno. Not blocking: a FIFO in the place of a file must not stop the program. */
static int stick_open_file(const struct stick *s, const char *path)
{
    const char *name;
    int at = stick_walk(s, path, false, &name);
    int fd = at < 0 ? -1 : openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    stick_close_fd(at);
    return fd;
}

enum err stick_read(struct stick *s, const char *path, struct buf *out, struct error *e)
{
    enum err code = stick_check_path(s, path, e);
    if (code)
        return code;
    int fd = stick_open_file(s, path);
    code = fd < 0 ? stick_fail(s, path, e) : stick_read_fd(s, path, fd, out, e);
    stick_close_fd(fd);
    return code;
}

static enum err stick_pour_fd(struct stick *s, const char *path, int fd, int64_t from, const struct stick_sink *sink,
                              struct error *e)
{
    char chunk[65536];
    ssize_t n;
    enum err code = ERR_NONE;
    while (!code && (n = pread(fd, chunk, sizeof chunk, (off_t)from)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        code = n < 0 ? stick_fail(s, path, e) : sink->take(sink->context, from, chunk, (size_t)n, e);
        from += n;
    }
    return code;
}

enum err stick_pour(struct stick *s, const char *path, int64_t from, int64_t bytes, const struct stick_sink *sink,
                    struct error *e)
{
    struct stat st;
    enum err code = stick_check_path(s, path, e);
    if (code)
        return code;
    int fd = stick_open_file(s, path);
    if (fd < 0 || fstat(fd, &st) < 0)
        code = stick_fail(s, path, e);
    else if (!S_ISREG(st.st_mode) || st.st_size != bytes)
        code = s->fault =
            error_set(e, ERR_CORRUPT, "%s/%s: not as long as it was: the copy was not finished", s->name, path);
    else
        code = stick_pour_fd(s, path, fd, from, sink, e);
    stick_close_fd(fd);
    return code;
}

/* What a file is made of: bytes, or what a descriptor gives. */
struct stick_source {
    const void *bytes;
    size_t n;
    int fd; /* -1: bytes */
};

static int stick_write_source(int fd, const struct stick_source *from)
{
    char chunk[65536];
    ssize_t n;
    if (from->fd < 0)
        return file_write_all(fd, from->bytes, from->n);
    for (off_t at = 0; (n = pread(from->fd, chunk, sizeof chunk, at)) != 0; at += n > 0 ? n : 0)
        if (n < 0 ? errno != EINTR : file_write_all(fd, chunk, (size_t)n) < 0)
            return -1;
    return 0;
}

static int stick_write_temp(int at, const char *temp, const struct stick_source *from)
{
    unlinkat(at, temp, 0);
    int fd = openat(at, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0)
        return -1;
    int rc = fchmod(fd, 0644) < 0 && errno != EPERM ? -1 : 0;
    if (rc == 0)
        rc = stick_write_source(fd, from);
    if (rc == 0)
        rc = fsync(fd);
    stick_close_fd(fd);
    return rc;
}

static enum err stick_put(struct stick *s, const char *path, const struct stick_source *from, struct error *e)
{
    const char *name;
    char temp[STICK_PATH + 8];
    enum err code = stick_check_path(s, path, e);
    if (code)
        return code;
    int at = stick_walk(s, path, true, &name);
    if (at < 0)
        return stick_fail(s, path, e);
    snprintf(temp, sizeof temp, "%s.tmp", name);
    if (stick_write_temp(at, temp, from) < 0 || renameat(at, temp, at, name) < 0 || stick_sync_fd(at) < 0) {
        code = stick_fail(s, path, e);
        unlinkat(at, temp, 0);
    }
    stick_close_fd(at);
    return code;
}

enum err stick_write(struct stick *s, const char *path, const void *bytes, size_t n, struct error *e)
{
    return stick_put(s, path, &(struct stick_source){bytes, n, -1}, e);
}

enum err stick_copy(struct stick *s, const char *path, int fd, struct error *e)
{
    return stick_put(s, path, &(struct stick_source){.fd = fd}, e);
}

enum err stick_remove(struct stick *s, const char *path, struct error *e)
{
    const char *name;
    enum err code = stick_check_path(s, path, e);
    if (code)
        return code;
    int at = stick_walk(s, path, false, &name);
    bool gone = at >= 0 && unlinkat(at, name, 0) == 0;
    if (!gone && errno != ENOENT)
        code = stick_fail(s, path, e);
    stick_close_fd(at);
    return code;
}

/* ---- folders */

static int stick_compare(const void *a, const void *b) { return strcmp(a, b); }

enum err stick_list(struct stick *s, const char *path, char (*names)[32], int *count, struct error *e)
{
    const char *name;
    *count = 0;
    int at = stick_walk(s, path, false, &name);
    int fd = at < 0 ? -1 : openat(at, name, STICK_DIR);
    stick_close_fd(at);
    if (fd < 0)
        return errno == ENOENT ? ERR_NONE : stick_fail(s, path, e);
    DIR *dir = fdopendir(fd);
    if (!dir)
        die("out of memory");
    errno = 0;
    for (struct dirent *d = readdir(dir); d && *count < STICK_NAMES; d = readdir(dir))
        if (strlen(d->d_name) < 32 && stick_path_is_good(d->d_name) && !strchr(d->d_name, '/'))
            snprintf(names[(*count)++], 32, "%.31s", d->d_name);
    enum err code = errno ? stick_fail(s, path, e) : ERR_NONE;
    closedir(dir);
    qsort(names, (size_t)*count, sizeof *names, stick_compare);
    return code;
}

enum err stick_sync(struct stick *s, struct error *e) { return syncfs(s->fd) < 0 ? stick_fail(s, "", e) : ERR_NONE; }
