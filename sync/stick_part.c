/* Manifests, and the files that they name. */
#include "sync/stick_part.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/date.h"

static const char stick_first_line[] = "sosedi-manifest 1\n";
static const char stick_comment[] =
    "# The files of this folder, each with its hash (BLAKE2b-256) and its length in bytes. Please change nothing here, "
    "and\n"
    "# copy the whole folder or nothing of it. What people wrote is sealed: only their hub can read it.\n"
    "# Файлы этой папки: контрольная сумма, размер в байтах, имя. Пожалуйста, ничего здесь не меняйте; копируйте всю\n"
    "# папку целиком. Данные людей запечатаны: прочесть их может только центр.\n";
static const char stick_manifest_name[] = "MANIFEST.txt";

static const char stick_readme[] =
    "Sosedi / Соседи\r\n"
    "\r\n"
    "Эта флешка возит сообщения между терминалами «Соседи» и их центром, когда нет связи. Если вы её нашли,\r\n"
    "отдайте её, пожалуйста, в библиотеку или центр, где стоит терминал. Личных данных здесь прочесть нельзя:\r\n"
    "они запечатаны ключом центра. Файлы ничего не делают с вашим компьютером.\r\n"
    "\r\n"
    "В центре:    kiosk-hub bundle in ПАПКА, затем kiosk-hub bundle out ПАПКА\r\n"
    "У терминала: вставьте флешку и откройте страницу для сотрудников (F12), или\r\n"
    "             kiosk-sync import ПАПКА, затем kiosk-sync export ПАПКА\r\n"
    "\r\n"
    "This stick carries messages between Sosedi terminals and their hub where there is no connection. If you found\r\n"
    "it, please hand it to the library or centre that has such a terminal. Nothing personal can be read here: it is\r\n"
    "sealed to the hub's key. The files do nothing to your computer.\r\n"
    "\r\n"
    "At the hub:    kiosk-hub bundle in FOLDER, then kiosk-hub bundle out FOLDER\r\n"
    "At a terminal: put the stick in and open the staff page (F12), or\r\n"
    "               kiosk-sync import FOLDER, then kiosk-sync export FOLDER\r\n"
    "\r\n"
    "Each folder has a MANIFEST.txt that names its files.\r\n";

bool stick_name_of_url(char out[STICK_NAME], const char *path)
{
    static const char query[] = "?after=";
    const char *mark = strchr(path, '?');
    int n = mark && strncmp(mark, query, sizeof query - 1) == 0
                ? snprintf(out, STICK_NAME, "%.*s-%s", (int)(mark - path - 1), path + 1, mark + sizeof query - 1)
                : snprintf(out, STICK_NAME, "%s", path + 1);
    return path[0] == '/' && n > 0 && n < STICK_NAME && stick_path_is_good(out);
}

/* ---- in memory */

void stick_manifest_init(struct stick_manifest *m, const char *part, const char *from, const char *to, int64_t now)
{
    *m = (struct stick_manifest){0};
    snprintf(m->part, sizeof m->part, "%s", part);
    snprintf(m->from, sizeof m->from, "%s", from);
    snprintf(m->to, sizeof m->to, "%s", to);
    instant_format_utc(now, m->made);
}

void stick_manifest_done(struct stick_manifest *m)
{
    free(m->files);
    *m = (struct stick_manifest){0};
}

static int stick_file_compare(const void *a, const void *b)
{
    return strcmp(((const struct stick_file *)a)->name, ((const struct stick_file *)b)->name);
}

/* The place of a name, or where it would be. */
static size_t stick_manifest_place(const struct stick_manifest *m, const char *name)
{
    size_t low = 0, high = m->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(m->files[mid].name, name) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

const struct stick_file *stick_manifest_find(const struct stick_manifest *m, const char *name)
{
    size_t i = stick_manifest_place(m, name);
    return i < m->count && strcmp(m->files[i].name, name) == 0 ? &m->files[i] : NULL;
}

static struct stick_file *stick_manifest_append(struct stick_manifest *m)
{
    if (m->count == m->cap) {
        m->cap = m->cap ? m->cap * 2 : 64;
        m->files = mem_resize(m->files, m->cap, sizeof *m->files);
    }
    m->files[m->count] = (struct stick_file){0};
    return &m->files[m->count++];
}

static void stick_manifest_put(struct stick_manifest *m, const struct stick_file *f)
{
    size_t i = stick_manifest_place(m, f->name);
    if (i == m->count || strcmp(m->files[i].name, f->name) != 0) {
        stick_manifest_append(m);
        memmove(&m->files[i + 1], &m->files[i], (m->count - 1 - i) * sizeof *m->files);
    }
    m->files[i] = *f;
}

void stick_manifest_add(struct stick_manifest *m, const char *name, const void *bytes, size_t n, const char *what)
{
    struct stick_file f = {.bytes = (int64_t)n};
    snprintf(f.name, sizeof f.name, "%s", name);
    snprintf(f.what, sizeof f.what, "%s", what);
    wire_hash(f.hash, bytes, n);
    stick_manifest_put(m, &f);
}

/* ---- as text */

void stick_manifest_write(struct stick_manifest *m, struct buf *out)
{
    char hash[WIRE_HEX + 1];
    size_t start = out->len;
    buf_addf(out, "%s%s", stick_first_line, stick_comment);
    buf_addf(out, "part %s\nfrom %s\nto %s\nmade %s\n", m->part, m->from, m->to, m->made);
    for (size_t i = 0; i < m->count; i++) {
        const struct stick_file *f = &m->files[i];
        buf_addf(out, "file %s %" PRId64 " %s %s\n", f->hash, f->bytes, f->name, f->what);
    }
    if (out->overflow)
        return;
    wire_hash(hash, out->data + start, out->len - start);
    buf_addf(out, "end %s\n", hash);
}

/* The last line is the hash of all before it. */
static enum err stick_manifest_check_end(const char *bytes, size_t n, size_t *body, struct error *e)
{
    enum { STICK_END = 4 + WIRE_HEX + 1 };
    char hash[WIRE_HEX + 1];
    if (n < STICK_END || memcmp(bytes + n - STICK_END, "end ", 4) != 0)
        return error_set(e, ERR_CORRUPT, "cut off: the copy was not finished");
    *body = n - STICK_END;
    wire_hash(hash, bytes, *body);
    if (memcmp(hash, bytes + *body + 4, WIRE_HEX) != 0 || bytes[n - 1] != '\n')
        return error_set(e, ERR_CORRUPT, "changed since it was written");
    return ERR_NONE;
}

/* "NAME rest" of a line: the rest into out, false when the line is another one or the rest too long or not plain. */
static bool stick_take(const char *line, const char *name, char *out, size_t size)
{
    size_t n = strlen(name);
    if (strncmp(line, name, n) != 0 || line[n] != ' ' || strlen(line + n + 1) >= size)
        return false;
    for (const char *p = line + n + 1; *p; p++)
        if ((unsigned char)*p < 0x20 || (unsigned char)*p > 0x7e)
            return false;
    memcpy(out, line + n + 1, strlen(line + n + 1) + 1);
    return true;
}

/* "HASH BYTES NAME WORDS" */
static bool stick_take_file(struct stick_manifest *m, char *text)
{
    char *at = NULL, *hash = strtok_r(text, " ", &at), *bytes = strtok_r(NULL, " ", &at),
         *name = strtok_r(NULL, " ", &at);
    if (!hash || !bytes || !name || !wire_is_hash(hash) || strlen(name) >= STICK_NAME || !stick_path_is_good(name))
        return false;
    if (strlen(bytes) > 10 || strspn(bytes, "0123456789") != strlen(bytes) || m->count == STICK_FILES)
        return false;
    struct stick_file *f = stick_manifest_append(m);
    f->bytes = strtoll(bytes, NULL, 10);
    memcpy(f->name, name, strlen(name) + 1);
    memcpy(f->hash, hash, sizeof f->hash);
    snprintf(f->what, sizeof f->what, "%s", at ? at : "");
    return f->bytes <= STICK_FILE_MAX;
}

static bool stick_take_line(struct stick_manifest *m, char *line)
{
    char file[WIRE_HEX + 16 + STICK_NAME + STICK_WORDS];
    if (line[0] == '#')
        return true;
    if (stick_take(line, "file", file, sizeof file))
        return stick_take_file(m, file);
    return stick_take(line, "part", m->part, sizeof m->part) || stick_take(line, "from", m->from, sizeof m->from) ||
           stick_take(line, "to", m->to, sizeof m->to) || stick_take(line, "made", m->made, sizeof m->made);
}

static enum err stick_manifest_take_lines(struct stick_manifest *m, const char *bytes, size_t n, struct error *e)
{
    struct wire_line line;
    char text[512];
    for (size_t pos = 0; wire_next_line(bytes, n, &pos, &line);) {
        if (line.n >= sizeof text || memchr(line.s, 0, line.n))
            return error_set(e, ERR_INVALID, "a line that is none of a manifest");
        memcpy(text, line.s, line.n);
        text[line.n] = 0;
        if (!stick_take_line(m, text))
            return error_set(e, ERR_INVALID, "a line that is none of a manifest");
    }
    if (m->count > 1)
        qsort(m->files, m->count, sizeof *m->files, stick_file_compare);
    for (size_t i = 1; i < m->count; i++)
        if (strcmp(m->files[i - 1].name, m->files[i].name) == 0)
            return error_set(e, ERR_INVALID, "%s: named twice", m->files[i].name);
    return ERR_NONE;
}

enum err stick_manifest_parse(struct stick_manifest *out, const char *bytes, size_t n, struct error *e)
{
    size_t body = 0, first = sizeof stick_first_line - 1;
    *out = (struct stick_manifest){0};
    if (n < first || memcmp(bytes, stick_first_line, first) != 0)
        return error_set(e, ERR_INVALID, "not a manifest of this version");
    enum err code = stick_manifest_check_end(bytes, n, &body, e);
    return code ? code : stick_manifest_take_lines(out, bytes + first, body - first, e);
}

/* ---- on the stick */

static const char *stick_join(char out[STICK_PATH], const char *part, const char *name)
{
    if (snprintf(out, STICK_PATH, "%s/%s", part, name) >= STICK_PATH)
        die("a name too long for a stick: %s", name);
    return out;
}

static enum err stick_part_parse(struct stick *s, const char *part, const struct buf *bytes, struct stick_manifest *m,
                                 struct error *e)
{
    enum err code = stick_manifest_parse(m, bytes->data, bytes->len, e);
    if (!code && strcmp(m->part, part) != 0)
        code = error_set(e, ERR_INVALID, "it is the manifest of %s", m->part);
    if (code) {
        error_prefix(e, "%s/%s/%s", s->name, part, stick_manifest_name);
        s->fault = ERR_CORRUPT;
    }
    return code;
}

/* Files, but no manifest. */
static bool stick_part_is_begun(struct stick *s, const char *part)
{
    char(*names)[32] = mem_new(STICK_NAMES, sizeof *names);
    int count = 0;
    enum err code = stick_list(s, part, names, &count, NULL);
    free(names);
    return !code && count > 0;
}

enum err stick_part_load(struct stick *s, const char *part, struct stick_manifest *m, struct error *e)
{
    char path[STICK_PATH];
    struct buf bytes;
    *m = (struct stick_manifest){0};
    buf_init(&bytes, STICK_MANIFEST_MAX);
    enum err code = stick_read(s, stick_join(path, part, stick_manifest_name), &bytes, e);
    if (code == ERR_NOT_FOUND && stick_part_is_begun(s, part))
        code = s->fault = error_set(e, ERR_CORRUPT, "%s/%s: missing, so the copy was not finished", s->name, path);
    else if (!code)
        code = stick_part_parse(s, part, &bytes, m, e);
    buf_done(&bytes);
    return code;
}

enum err stick_part_read(struct stick *s, const struct stick_manifest *m, const char *name, struct buf *out,
                         struct error *e)
{
    char path[STICK_PATH], hash[WIRE_HEX + 1];
    const struct stick_file *f = stick_manifest_find(m, name);
    size_t before = out->len;
    if (!f)
        return error_set(e, ERR_NOT_FOUND, "%s/%s/%s: not on this stick", s->name, m->part, name);
    if ((size_t)f->bytes > out->max - before)
        return error_set(e, ERR_TOO_BIG, "%s/%s/%s: larger than such a file can be", s->name, m->part, name);
    enum err code = stick_read(s, stick_join(path, m->part, name), out, e);
    if (code == ERR_NOT_FOUND)
        return s->fault = error_set(e, ERR_CORRUPT, "%s/%s: missing: the copy was not finished", s->name, path);
    if (code)
        return code;
    wire_hash(hash, out->data + before, out->len - before);
    if ((int64_t)(out->len - before) == f->bytes && strcmp(hash, f->hash) == 0)
        return ERR_NONE;
    out->len = before;
    out->data[before] = 0;
    return s->fault =
               error_set(e, ERR_CORRUPT, "%s/%s: not as it was written: the copy was not finished, or the stick fails",
                         s->name, path);
}

/* Whether the stick has these bytes under this name: then they need not be written again. */
static bool stick_has(struct stick *s, const char *path, const struct buf *bytes)
{
    struct buf there;
    buf_init(&there, bytes->len);
    bool same = stick_read(s, path, &there, NULL) == ERR_NONE && there.len == bytes->len &&
                memcmp(there.data, bytes->data, bytes->len) == 0;
    buf_done(&there);
    return same;
}

enum err stick_part_write(struct stick *s, struct stick_manifest *m, const char *name, const struct buf *bytes,
                          const char *what, struct error *e)
{
    char path[STICK_PATH];
    stick_join(path, m->part, name);
    enum err code = stick_has(s, path, bytes) ? ERR_NONE : stick_write(s, path, bytes->data, bytes->len, e);
    if (!code)
        stick_manifest_add(m, name, bytes->data, bytes->len, what);
    return code;
}

/* ---- large files */

static enum err stick_hash_take(void *context, int64_t at, const void *bytes, size_t n, struct error *e)
{
    (void)at;
    (void)e;
    crypto_stream_add(context, bytes, n);
    return ERR_NONE;
}

static bool stick_has_file(struct stick *s, const char *path, const struct stick_file *f)
{
    struct crypto_stream stream;
    uint8_t raw[CRYPTO_HASH];
    char hash[WIRE_HEX + 1];
    enum err fault = s->fault;
    crypto_stream_begin(&stream);
    enum err code = stick_pour(s, path, 0, f->bytes, &(struct stick_sink){stick_hash_take, &stream}, NULL);
    crypto_stream_end(&stream, raw);
    crypto_hex(hash, raw, sizeof raw);
    s->fault = fault; /* one that is not there yet, or another, is none */
    return !code && strcmp(hash, f->hash) == 0;
}

enum err stick_part_copy(struct stick *s, struct stick_manifest *m, const struct stick_file *f, int fd, struct error *e)
{
    char path[STICK_PATH];
    stick_join(path, m->part, f->name);
    enum err code = stick_has_file(s, path, f) ? ERR_NONE : stick_copy(s, path, fd, e);
    if (!code)
        stick_manifest_put(m, f);
    return code;
}

enum err stick_part_pour(struct stick *s, const struct stick_manifest *m, const char *name, int64_t from,
                         const struct stick_sink *sink, struct error *e)
{
    char path[STICK_PATH];
    const struct stick_file *f = stick_manifest_find(m, name);
    if (!f)
        return error_set(e, ERR_NOT_FOUND, "%s/%s/%s: not on this stick", s->name, m->part, name);
    enum err code = stick_pour(s, stick_join(path, m->part, name), from, f->bytes, sink, e);
    if (code == ERR_NOT_FOUND)
        return s->fault = error_set(e, ERR_CORRUPT, "%s/%s: missing: the copy was not finished", s->name, path);
    return code;
}

/* ---- the end of a part */

static bool stick_is_ours(const char *name)
{
    static const char *const ends[] = {".batch", ".reply", ".sig", ".tmp"};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof ends / sizeof ends[0]; i++)
        if (strcmp(dot, ends[i]) == 0)
            return true;
    return false;
}

/* Of a writing that was broken off before its manifest. */
static void stick_remove_begun(struct stick *s, const struct stick_manifest *m)
{
    char path[STICK_PATH], (*names)[32] = mem_new(STICK_NAMES, sizeof *names);
    int count = 0;
    if (stick_list(s, m->part, names, &count, NULL) != ERR_NONE)
        count = 0;
    for (int i = 0; i < count; i++)
        if (stick_is_ours(names[i]) && !stick_manifest_find(m, names[i]) &&
            stick_remove(s, stick_join(path, m->part, names[i]), NULL) == ERR_IO)
            break;
    free(names);
}

/* Names of an older manifest of the same part, and begun ones: what else lies there is not ours. A file that cannot be
 * removed does no harm. */
static void stick_remove_old(struct stick *s, const struct stick_manifest *m, const struct stick_manifest *before)
{
    char path[STICK_PATH];
    stick_remove_begun(s, m);
    for (size_t i = 0; before && i < before->count; i++)
        if (!stick_manifest_find(m, before->files[i].name) &&
            stick_remove(s, stick_join(path, m->part, before->files[i].name), NULL) == ERR_IO)
            return;
}

enum err stick_part_finish(struct stick *s, struct stick_manifest *m, const struct stick_manifest *before,
                           struct error *e)
{
    char path[STICK_PATH];
    struct buf text;
    buf_init(&text, STICK_MANIFEST_MAX);
    stick_manifest_write(m, &text);
    enum err code = text.overflow
                        ? error_set(e, ERR_TOO_BIG, "%s/%s: too many files", s->name, m->part)
                        : stick_write(s, stick_join(path, m->part, stick_manifest_name), text.data, text.len, e);
    buf_done(&text);
    if (!code)
        stick_remove_old(s, m, before);
    return code ? code : stick_sync(s, e);
}

enum err stick_write_readme(struct stick *s, struct error *e)
{
    struct buf text;
    buf_init(&text, sizeof stick_readme);
    buf_add_str(&text, stick_readme);
    enum err code = stick_has(s, "README.txt", &text) ? ERR_NONE : stick_write(s, "README.txt", text.data, text.len, e);
    buf_done(&text);
    return code;
}
