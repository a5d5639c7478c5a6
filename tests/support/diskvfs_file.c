/* A disk: its files, the writes that no sync has made safe, and what a crash leaves of them. */
#include "tests/support/diskvfs_file.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"

enum { DISK_TEAR = 512 };

struct disk {
    char *folder;
    struct disk_file *files;
    unsigned fail_ops;
    int64_t fail_nth; /* operations until it fails; 0: never */
    bool fail_for_good;
    int64_t crash_nth;
    bool dead;
    int64_t limit;
    int64_t counts[8]; /* by bit */
};

struct disk_image {
    struct disk_file *files; /* name and now only */
};

/* ---- bytes */

static void disk_bytes_room(struct disk_bytes *b, size_t n)
{
    if (n <= b->room)
        return;
    size_t room = b->room ? b->room : 4096;
    while (room < n)
        room *= 2;
    b->bytes = realloc(b->bytes, room);
    if (!b->bytes)
        die("diskvfs: no memory");
    b->room = room;
}

static void disk_bytes_size(struct disk_bytes *b, size_t n)
{
    disk_bytes_room(b, n);
    if (n > b->n)
        memset(b->bytes + b->n, 0, n - b->n);
    b->n = n;
}

static void disk_bytes_put(struct disk_bytes *b, size_t at, const void *bytes, size_t n)
{
    if (at + n > b->n)
        disk_bytes_size(b, at + n);
    if (n)
        memcpy(b->bytes + at, bytes, n);
}

static void disk_bytes_copy(struct disk_bytes *to, const struct disk_bytes *from)
{
    to->n = 0;
    disk_bytes_put(to, 0, from->bytes, from->n);
}

/* ---- files */

const char *disk_folder(const struct disk *d) { return d->folder; }

static struct disk_file *disk_file_find(const struct disk *d, const char *name)
{
    for (struct disk_file *f = d->files; f; f = f->next)
        if (strcmp(f->name, name) == 0)
            return f;
    return NULL;
}

static struct disk_file *disk_file_add(struct disk_file **list, const char *name)
{
    struct disk_file *f = mem_new(1, sizeof *f);
    f->name = mem_dup_str(name);
    f->next = *list;
    *list = f;
    return f;
}

static void disk_file_free(struct disk_file *f)
{
    disk_shm_clear(&f->shm);
    free(f->name);
    free(f->now.bytes);
    free(f->safe.bytes);
    free(f->held.bytes);
    free(f->writes);
    free(f);
}

static void disk_files_free(struct disk_file **list)
{
    for (struct disk_file *f = *list, *next; f; f = next) {
        next = f->next;
        disk_file_free(f);
    }
    *list = NULL;
}

static void disk_file_remove(struct disk *d, struct disk_file *gone)
{
    struct disk_file **p = &d->files;
    while (*p != gone)
        p = &(*p)->next;
    *p = gone->next;
    disk_file_free(gone);
}

struct disk_file *disk_file_hold(struct disk *d, const char *name, bool create)
{
    struct disk_file *f = disk_file_find(d, name);
    if (!f && create)
        f = disk_file_add(&d->files, name);
    if (f)
        f->uses++;
    return f;
}

void disk_file_drop(struct disk *d, struct disk_file *f)
{
    if (--f->uses == 0 && !f->name[0])
        disk_file_remove(d, f);
}

void disk_file_unlink(struct disk *d, struct disk_file *f)
{
    if (f->uses == 0)
        disk_file_remove(d, f);
    else
        f->name[0] = '\0';
}

void disk_shm_clear(struct disk_shm *m)
{
    for (int i = 0; i < DISK_REGIONS && m->regions[i]; i++) {
        free(m->regions[i]);
        m->regions[i] = NULL;
    }
}

static struct disk_write *disk_file_note(struct disk_file *f)
{
    if (f->write_count == f->write_room) {
        f->write_room = f->write_room ? f->write_room * 2 : 64;
        f->writes = realloc(f->writes, f->write_room * sizeof *f->writes);
        if (!f->writes)
            die("diskvfs: no memory");
    }
    return &f->writes[f->write_count++];
}

void disk_file_write(struct disk_file *f, int64_t at, const void *bytes, size_t n)
{
    *disk_file_note(f) = (struct disk_write){.at = (size_t)at, .n = n, .from = f->held.n};
    disk_bytes_put(&f->held, f->held.n, bytes, n);
    disk_bytes_put(&f->now, (size_t)at, bytes, n);
}

void disk_file_truncate(struct disk_file *f, size_t n)
{
    *disk_file_note(f) = (struct disk_write){.truncate = true, .n = n};
    disk_bytes_size(&f->now, n);
}

/* One write of the past reaches the safe bytes, as far as `n` of it. */
static void disk_file_land(struct disk_file *f, const struct disk_write *w, size_t n)
{
    if (w->truncate)
        disk_bytes_size(&f->safe, w->n);
    else
        disk_bytes_put(&f->safe, w->at, f->held.bytes + w->from, n);
}

void disk_file_sync(struct disk_file *f)
{
    for (size_t i = 0; i < f->write_count; i++)
        disk_file_land(f, &f->writes[i], f->writes[i].n);
    f->write_count = 0;
    f->held.n = 0;
}

/* ---- failing */

bool disk_is_last(const struct disk *d) { return !d->dead && d->crash_nth == 1; }

bool disk_fails(struct disk *d, unsigned op)
{
    for (int bit = 0; bit < 8; bit++)
        d->counts[bit] += op >> bit & 1;
    if (d->dead)
        return true;
    if (op & DISK_CHANGES && d->crash_nth > 0 && --d->crash_nth == 0) {
        d->dead = true;
        return true;
    }
    if (!(op & d->fail_ops) || d->fail_nth == 0)
        return false;
    if (d->fail_nth > 1) {
        d->fail_nth--;
        return false;
    }
    if (!d->fail_for_good)
        d->fail_nth = 0;
    return true;
}

void disk_fail(struct disk *d, unsigned ops, int64_t nth, bool for_good)
{
    d->fail_ops = ops;
    d->fail_nth = ops ? nth : 0;
    d->fail_for_good = for_good;
}

void disk_crash_after(struct disk *d, int64_t nth) { d->crash_nth = nth; }
void disk_crash_now(struct disk *d) { d->dead = true; }
bool disk_is_dead(const struct disk *d) { return d->dead; }
void disk_limit(struct disk *d, int64_t bytes) { d->limit = bytes; }

int64_t disk_bytes(const struct disk *d)
{
    int64_t sum = 0;
    for (const struct disk_file *f = d->files; f; f = f->next)
        sum += (int64_t)f->now.n;
    return sum;
}

bool disk_has_room(const struct disk *d, const struct disk_file *f, int64_t size)
{
    int64_t more = size - (int64_t)f->now.n;
    return d->limit == 0 || more <= 0 || disk_bytes(d) + more <= d->limit;
}

int64_t disk_count(const struct disk *d, unsigned ops)
{
    int64_t sum = 0;
    for (int bit = 0; bit < 8; bit++)
        sum += ops >> bit & 1 ? d->counts[bit] : 0;
    return sum;
}

/* Half are whole, the others lost, or their first sectors only. */
static size_t disk_gamble(const struct disk_write *w, uint32_t (*random)(void *, uint32_t), void *context)
{
    uint32_t fate = random(context, 4);
    if (fate < 2)
        return w->n;
    if (fate == 2 || w->n <= DISK_TEAR)
        return 0;
    return (size_t)random(context, (uint32_t)(w->n / DISK_TEAR)) * DISK_TEAR;
}

static void disk_file_reboot(struct disk_file *f, enum disk_loss loss, uint32_t (*random)(void *, uint32_t),
                             void *context)
{
    for (size_t i = 0; i < f->write_count && loss != DISK_LOSES; i++) {
        const struct disk_write *w = &f->writes[i];
        size_t n = loss == DISK_KEEPS ? w->n : disk_gamble(w, random, context);
        if (n || loss == DISK_KEEPS)
            disk_file_land(f, w, n);
    }
    f->write_count = 0;
    f->held.n = 0;
    disk_bytes_copy(&f->now, &f->safe);
}

static void disk_check_closed(const struct disk *d)
{
    for (const struct disk_file *f = d->files; f; f = f->next)
        if (f->uses)
            die("diskvfs: %s/%s is open", d->folder, f->name);
}

void disk_reboot(struct disk *d, enum disk_loss loss, uint32_t (*random)(void *context, uint32_t bound), void *context)
{
    disk_check_closed(d);
    for (struct disk_file *f = d->files; f; f = f->next)
        if (f->write_count)
            disk_file_reboot(f, loss, random, context);
    d->dead = false;
    d->crash_nth = 0;
    disk_fail(d, 0, 0, false);
}

/* ---- disks and images */

struct disk *disk_new(const char *folder)
{
    struct disk *d = mem_new(1, sizeof *d);
    d->folder = mem_dup_str(folder);
    diskvfs_attach(d);
    return d;
}

void disk_free(struct disk *d)
{
    if (!d)
        return;
    disk_check_closed(d);
    diskvfs_detach(d);
    disk_files_free(&d->files);
    free(d->folder);
    free(d);
}

struct disk_image *disk_image_take(const struct disk *d)
{
    struct disk_image *image = mem_new(1, sizeof *image);
    for (const struct disk_file *f = d->files; f; f = f->next)
        if (f->name[0])
            disk_bytes_copy(&disk_file_add(&image->files, f->name)->now, &f->now);
    return image;
}

void disk_image_put(struct disk *d, const struct disk_image *image)
{
    disk_check_closed(d);
    disk_files_free(&d->files);
    for (const struct disk_file *f = image->files; f; f = f->next)
        disk_file_put(d, f->name, f->now.bytes, f->now.n);
}

void disk_image_free(struct disk_image *image)
{
    if (!image)
        return;
    disk_files_free(&image->files);
    free(image);
}

const void *disk_file_get(const struct disk *d, const char *name, size_t *n)
{
    const struct disk_file *f = disk_file_find(d, name);
    *n = f ? f->now.n : 0;
    return !f ? NULL : f->now.bytes ? (const void *)f->now.bytes : "";
}

void disk_file_put(struct disk *d, const char *name, const void *bytes, size_t n)
{
    struct disk_file *f = disk_file_find(d, name);
    if (!f)
        f = disk_file_add(&d->files, name);
    f->now.n = 0;
    disk_bytes_put(&f->now, 0, bytes, n);
    disk_bytes_copy(&f->safe, &f->now);
    f->write_count = 0;
    f->held.n = 0;
}

void disk_file_delete(struct disk *d, const char *name)
{
    struct disk_file *f = disk_file_find(d, name);
    if (f)
        disk_file_unlink(d, f);
}
