/* One row per community with resources, and how many it has of each cell. */
#include "kiosk/store/replica_provider.h"

#include "kiosk/base/text.h"
#include "kiosk/store/marks.h"
#include "kiosk/store/replica_item.h"

static enum err replica_provider_run(struct replica_writer *w, const char *text, const char *id, struct error *e)
{
    struct sql_stmt *st = sql_get(w->db, text);
    sql_bind_text(st, ":id", id);
    return sql_run(st, e);
}

/* As the resource names it; its own record says it better, when it is here. */
static enum err replica_provider_add(struct replica_writer *w, const char *id, const struct json *d, struct error *e)
{
    char key[640];
    const char *name = json_str(d, "providerName", "");
    text_sort_key(key, sizeof key, name);
    struct sql_stmt *st = sql_get(w->db, "INSERT INTO provider (sort_key, id, ord, name, city, cells)"
                                         " VALUES (:key, :id, 0, :name, :city, 0) ON CONFLICT (id) DO NOTHING");
    sql_bind_text(st, ":key", key);
    sql_bind_text(st, ":id", id);
    sql_bind_text(st, ":name", name);
    sql_bind_text(st, ":city", json_str(d, "addressLocality", ""));
    enum err code = sql_run(st, e);
    return code || sql_changes(w->db) == 0 ? code : replica_provider_come(w, id, e);
}

static enum err replica_provider_cell(struct replica_writer *w, const char *id, int cell, int sign, struct error *e)
{
    struct sql_stmt *st = sql_get(w->db, "INSERT INTO provider_cell (id, cell, times) VALUES (:id, :cell, :sign)"
                                         " ON CONFLICT (id, cell) DO UPDATE SET times = times + :sign");
    sql_bind_text(st, ":id", id);
    sql_bind_int(st, ":cell", cell);
    sql_bind_int(st, ":sign", sign);
    enum err code = sql_run(st, e);
    if (!code && sign < 0)
        code = replica_provider_run(w, "DELETE FROM provider_cell WHERE id = :id AND times <= 0", id, e);
    if (!code)
        code = replica_provider_run(
            w, "UPDATE provider SET cells = (SELECT coalesce(sum(1 << cell), 0) FROM provider_cell WHERE id = :id) WHERE id = :id", id, e);
    return !code && sign < 0 ? replica_provider_run(w, "DELETE FROM provider WHERE id = :id AND cells = 0", id, e) : code;
}

enum err replica_provider_count(struct replica_writer *w, const struct json *d, int sign, struct error *e)
{
    char room[CONTENT_ID];
    const char *id = replica_item_owner(d, room);
    int cell = marks_resource_cell(d);
    if (cell < 0 || !id[0])
        return ERR_NONE;
    enum err code = sign > 0 ? replica_provider_add(w, id, d, e) : ERR_NONE;
    return code ? code : replica_provider_cell(w, id, cell, sign, e);
}

enum err replica_provider_come(struct replica_writer *w, const char *id, struct error *e)
{
    return replica_provider_run(w,
                                "UPDATE provider SET (sort_key, ord, name, city) = (SELECT r.sort_key, r.ord, r.name, r.city"
                                " FROM record r WHERE r.id = :id) WHERE id = :id AND EXISTS"
                                " (SELECT 1 FROM record r WHERE r.id = :id AND r.kind = 'community')",
                                id, e);
}

enum err replica_provider_leave(struct replica_writer *w, int64_t ord, struct error *e)
{
    struct sql_stmt *st = sql_get(w->db, "UPDATE provider SET ord = 0 WHERE ord = :ord AND ord <> 0");
    sql_bind_int(st, ":ord", ord);
    return sql_run(st, e);
}
