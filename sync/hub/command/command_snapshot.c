/* kiosk-hub snapshot: by a person, or by serve in a process of its own. */
#include "sync/hub/command.h"

#include <stdio.h>

#include "sync/hub/hub_settings.h"
#include "sync/hub/serve/snapshot.h"

static int snapshot_run(struct hub *h, const struct snapshot_policy *p)
{
    struct error e = {0};
    struct wire_snapshot s;
    bool made;
    if (snapshot_make(h, p, &made, &e))
        return command_fail(&e);
    snapshot_newest(h, hub_meta_int(h->db, "epoch", 1), &s);
    struct buf b;
    buf_init(&b, 1024);
    if (!s.path[0])
        buf_add_str(&b, "no page is sealed yet: nothing to make a snapshot of\n");
    else
        buf_addf(&b, "%s changes 1..%lld, %lld bytes%s\n", s.path, (long long)s.seq, (long long)s.bytes,
                 made ? "" : " (made before; nothing was sealed since)");
    int code = command_print(&b);
    buf_done(&b);
    return code;
}

int command_snapshot(struct hub *h, int argc, char **argv)
{
    const struct cli_option options[] = {{.name = NULL}};
    struct config *c = NULL;
    struct snapshot_policy p;
    struct error e = {0};
    int words = command_parse(argc, argv,
                              "snapshot\nMakes a snapshot up to the last sealed page. serve does "
                              "so by itself when there is enough new (hub.conf, [snapshot]).",
                              options);
    if (words < 0)
        return -1 - words;
    if (words > 0)
        return command_usage("snapshot takes no words");
    if (hub_settings_load(&c, h->dir, h->config, &e))
        return command_fail(&e);
    snapshot_policy_read(&p, c);
    config_free(c);
    return snapshot_run(h, &p);
}
