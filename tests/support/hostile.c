#include "tests/support/hostile.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/base/text.h"

enum { HOSTILE_LINE = 4096, HOSTILE_TABLE = 8 };

struct hostile_texts {
    char **line;
    size_t count, room;
};

static void hostile_add(struct hostile_texts *t, const char *line)
{
    if (!line[0])
        return;
    if (t->count == t->room) {
        t->room = t->room ? 2 * t->room : 1024;
        t->line = realloc(t->line, t->room * sizeof *t->line);
        if (!t->line)
            die("hostile: no memory");
    }
    t->line[t->count++] = strdup(line);
}

static int hostile_hex(const char *s)
{
    char two[3] = {s[0], s[0] ? s[1] : 0, 0};
    char *end;
    long v = strtol(two, &end, 16);
    return *end || !two[0] ? 0 : (int)v;
}

/* "\e", "\n", "\x9b" become bytes. false: there is none. */
static bool hostile_unescape(char *out, const char *line)
{
    bool any = false;
    size_t n = 0;
    for (; *line; line++) {
        if (line[0] != '\\' || !strchr("enrx", line[1]) || !line[1]) {
            out[n++] = *line;
            continue;
        }
        any = true;
        line++;
        int byte = *line == 'e' ? 27 : *line == 'n' ? '\n' : *line == 'r' ? '\r' : hostile_hex(line + 1);
        line += *line == 'x' && line[1] && line[2] ? 2 : 0;
        if (byte)
            out[n++] = (char)byte;
    }
    out[n] = '\0';
    return any;
}

static void hostile_latin1(char *out, const char *line)
{
    size_t n = 0;
    for (; *line; line++)
        n += text_encode((unsigned char)*line, out + n);
    out[n] = '\0';
}

static void hostile_add_all(struct hostile_texts *t, const char *line)
{
    char bytes[HOSTILE_LINE], wide[2 * HOSTILE_LINE];
    hostile_add(t, line);
    bool escaped = hostile_unescape(bytes, line);
    if (escaped)
        hostile_add(t, bytes);
    if (!text_is_valid(bytes, strlen(bytes))) {
        hostile_latin1(wide, bytes);
        hostile_add(t, wide);
    }
}

static void hostile_read(struct hostile_texts *t, const char *folder, const char *name, int every)
{
    char path[8192], line[HOSTILE_LINE];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        return;
    for (int i = 0; fgets(line, sizeof line, f); i++) {
        line[strcspn(line, "\n")] = '\0';
        if (i % every == 0)
            hostile_add_all(t, line);
    }
    fclose(f);
}

static void hostile_read_folder(struct hostile_texts *t, const char *folder, int every)
{
    struct dirent **list;
    int n = scandir(folder, &list, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        if (list[i]->d_type == DT_REG)
            hostile_read(t, folder, list[i]->d_name, every);
        free(list[i]);
    }
    if (n >= 0)
        free(list);
}

const struct hostile_texts *hostile_texts_get(void)
{
    static struct hostile_texts texts;
    const char *data = getenv("SOSEDI_DATA") ? getenv("SOSEDI_DATA") : "../shared/data";
    char folder[4096];
    if (texts.count)
        return &texts;
    snprintf(folder, sizeof folder, "%s/hostile-text", data);
    hostile_read_folder(&texts, folder, 1);
    snprintf(folder, sizeof folder, "%s/hostile-text/libvterm", data);
    hostile_read_folder(&texts, folder, 1);
    snprintf(folder, sizeof folder, "%s/hostile-text/unicode-16", data);
    hostile_read_folder(&texts, folder, HOSTILE_TABLE);
    return texts.count ? &texts : NULL;
}

size_t hostile_texts_count(const struct hostile_texts *t) { return t->count; }
const char *hostile_texts_at(const struct hostile_texts *t, size_t i) { return t->line[i % t->count]; }
