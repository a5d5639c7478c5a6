/* SQL texts for SQLite turned into texts for PostgreSQL, as sql_pg.h says. Pure. */
#ifndef SYNC_HUB_SQL_PG_TEXT_H
#define SYNC_HUB_SQL_PG_TEXT_H

#include "kiosk/base/buf.h"

enum { SQL_PG_PARAMS = 32, SQL_PG_NAME = 24 };

struct sql_pg_params {
    int count;
    char names[SQL_PG_PARAMS][SQL_PG_NAME]; /* with the colon; [0] is $1 */
};

/* A statement: parameters are numbered in the order of their first occurrence. Dies when there are too many. */
void sql_pg_statement(struct buf *out, const char *text, struct sql_pg_params *p);
/* A schema or script without parameters: types are translated. */
void sql_pg_schema(struct buf *out, const char *text);

#endif
