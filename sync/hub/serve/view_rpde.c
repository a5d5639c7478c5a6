/* The feed as RPDE 1.0 for OpenActive's tools: in it a record occurs once and moves when it changes. */
#include "sync/hub/serve/view.h"

#include <string.h>

/* An item's line ends with "d":{..}}; the marker cannot occur before it because kinds and ids are plain words. */
static void view_rpde_item(struct buf *out, int64_t seq, const char *kind, const char *id, const char *line)
{
    static const char put[] = ",\"op\":\"put\",\"d\":";
    const char *d = strstr(line, put);
    buf_addf(out, "{\"state\":\"%s\",\"kind\":\"%s\",\"id\":\"%s\",\"modified\":%lld", d ? "updated" : "deleted", kind,
             id, (long long)seq);
    if (d) {
        d += sizeof put - 1;
        buf_add_str(out, ",\"data\":");
        buf_add(out, d, strlen(d) - 1);
    }
    buf_add_char(out, '}');
}

enum err view_rpde(struct view *v, const char *kind, int64_t after, int64_t limit, const char *base, struct buf *out,
                   struct error *e)
{
    struct sql_stmt *st = sql_get(
        v->hub->db, "SELECT c.seq, c.id, c.line FROM change c WHERE c.kind = :kind AND c.seq > :after AND NOT EXISTS "
                    "(SELECT 1 FROM change n WHERE n.id = c.id AND n.seq > c.seq) ORDER BY c.seq LIMIT :limit");
    bool row = true;
    int64_t last = after;
    enum err err = ERR_NONE;
    sql_bind_text(st, ":kind", kind);
    sql_bind_int(st, ":after", after);
    sql_bind_int(st, ":limit", limit);
    buf_add_str(out, "{\"items\":[");
    while (!(err = sql_step(st, &row, e)) && row) {
        if (last != after)
            buf_add_char(out, ',');
        last = sql_int(st, 0);
        view_rpde_item(out, last, kind, sql_text(st, 1), sql_text(st, 2));
    }
    buf_addf(out,
             "],\"next\":\"%s/rpde/%s?afterChangeNumber=%lld&limit=%lld\",\"license\":"
             "\"https://creativecommons.org/licenses/by/4.0/\"}\n",
             base, kind, (long long)last, (long long)limit);
    if (!err && out->overflow)
        err = error_set(e, ERR_TOO_BIG, "the page of %s", kind);
    return err;
}
