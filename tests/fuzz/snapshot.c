/* Snapshots: a whole replica with some bytes changed. See fuzz_patch. */
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/store/replica.h"
#include "kiosk/store/replica_snapshot.h"
#include "tests/support/fill.h"
#include "tests/support/folder.h"
#include "tests/support/fuzz.h"

static char path[FOLDER_FILE], extra[FOLDER_FILE];
static struct buf whole; /* a sound snapshot */
static struct replica_position at;

static void make_whole(void)
{
    struct replica_writer *w;
    bool damaged;
    folder_file(path, fuzz_folder(), "replica.db");
    folder_file(extra, fuzz_folder(), "snapshot.db");
    fill_replica(path, 6, 3);
    buf_init(&whole, 1 << 20);
    fuzz_check(!replica_writer_open(&w, path, NULL, false, &damaged, NULL) && !replica_writer_position(w, &at, NULL) &&
                   !replica_snapshot_write(w, extra, NULL) && !file_read(extra, &whole, NULL),
               "a snapshot is made");
    replica_writer_close(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct row rows[20];
    if (whole.len == 0)
        make_whole();
    char *copy = malloc(whole.len);
    memcpy(copy, whole.data, whole.len);
    fuzz_patch(copy, whole.len, data, n);
    fuzz_check(file_write(extra, copy, whole.len, 0600, NULL) == ERR_NONE, "it is written");
    enum err code = replica_snapshot_check(extra, &at, "UTC", NULL);
    fuzz_check(code == ERR_NONE || memcmp(copy, whole.data, whole.len) != 0, "a sound one is taken");
    struct replica *r = code == ERR_NONE ? replica_open(extra) : NULL;
    if (r) {
        replica_events(r, &(struct event_filter){.text = "шах"}, 0, rows, 20);
        replica_records(r, &(struct record_filter){.kind = "community"}, 0, rows, 20);
        replica_close(r);
    }
    free(copy);
    return 0;
}
