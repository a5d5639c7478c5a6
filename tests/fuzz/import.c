/* Files given to import: a calendar or one of the tables, as the first byte says, from 'A' on as JSON. Nothing is kept. */
#include <stdlib.h>
#include <string.h>

#include <stdio.h>
#include <unistd.h>

#include "sync/hub/import/import.h"
#include "tests/support/fuzz.h"

enum { NOW = 1795435200 }; /* 2026-11-23T12:00:00Z */

static const char *const tables[] = {"ics",       "topics", "cities",   "places",  "communities",
                                     "resources", "calls",  "articles", "notices", "events"};
static struct hub hub;

static void clean_up(void) { hub_close(&hub); }

static void make_hub(void)
{
    fuzz_check(hub_create(&hub, fuzz_folder(), NULL, NULL) == ERR_NONE, "a hub is made");
    hub.clock = clock_test((int64_t)NOW * 1000);
    atexit(clean_up);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char path[64], *files[] = {path}, *told = NULL;
    size_t size = 0;
    if (n == 0)
        return 0;
    if (hub.db == NULL)
        make_hub();
    int fd = fuzz_file(data + 1, n - 1, path);
    struct import_order order = {.what = tables[(data[0] - '0') % 10u], .files = files, .file_count = 1};
    order.source = "fuzz";
    order.dry = true;
    order.json = data[0] >= 'A' && strcmp(order.what, "ics") != 0;
    order.out = open_memstream(&told, &size);
    enum err code = import_run(&hub, &order, NULL);
    fclose(order.out);
    fuzz_check(code == ERR_NONE || code == ERR_INVALID || code == ERR_TOO_BIG, "only the file can be at fault");
    for (char *line, *rest = told; (line = strsep(&rest, "\n")) != NULL;)
        fuzz_clean(line, TEXT_LINE);
    free(told);
    close(fd);
    return 0;
}
