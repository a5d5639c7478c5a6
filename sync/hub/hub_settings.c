/* The table of settings. */
#include "sync/hub/hub_settings.h"

#include <stddef.h>
#include <unistd.h>

#include "kiosk/base/file.h"
#include "sync/hub/seats/retention.h"

const struct config_key hub_settings[] = {
    {"hub", "retention_days", 'i', 1, RETENTION_DAYS_MAX, "30",
     "days after an event's end until what people wrote in sign-ups is erased; the consent they gave says 30"},
    {"hub", "backups", 's', 0, 0, "",
     "none: there are no backups, so what a kiosk sent is safe at once; yes: only once a backup holds it"},
    {"http", "rate", 'i', 0, 100000, "50",
     "requests a second of one address, 0: no limit (behind a proxy that limits itself)"},
    {"http", "burst", 'i', 1, 1000000, "300", "requests one address may make at once before that counts"},
    {"http", "timeout", 'i', 1, 600, "90",
     "seconds after which a silent connection is closed; kiosks ask every minute, and a slow line is silent for long"},
    {"http", "connections", 'i', 4, 60000, "1000", "connections at most; one address gets a quarter of them"},
    {"database", "url", 's', 0, 0, "", "postgres://.. of the database, \"\": hub.db in the data folder"},
    {"database", "standbys", 'i', 0, 100, "0", "standbys of PostgreSQL that must have what is called safe"},
    {"tls", "cert", 's', 0, 0, "", "file with the certificate chain (PEM), \"\": no TLS here"},
    {"tls", "key", 's', 0, 0, "", "file with its key (PEM)"},
    {"snapshot", "pages", 'i', 0, 1000000, "20",
     "sealed pages (of 500 changes) after which a new snapshot is made for kiosks, 0: only by hand"},
    {"snapshot", "hours", 'i', 0, 8760, "24", "at least so many hours between two"},
    {"snapshot", "level", 'i', 1, 19, "12", "compression (zstd)"},
    {"snapshot", "keep_days", 'i', 0, 365, "3", "days an older one is served on after a newer one was made"},
    {"snapshot", "keep_pages", 'i', 0, 1000000, "0",
     "sealed pages kept before the newest snapshot; kiosks that are further behind take the snapshot. 0: all"},
    {.section = NULL},
};

enum err hub_settings_load(struct config **out, const char *dir, const char *path, struct error *e)
{
    char def[4096];
    if (!path)
        path = file_join(def, dir, "hub.conf");
    else if (access(path, F_OK) < 0)
        return error_set(e, ERR_NOT_FOUND, "%s: no such file", path);
    return config_load(out, path, hub_settings, e);
}
