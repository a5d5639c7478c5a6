/* A report is the staff page and what lies behind it, as text. */
#include "screens/staff_report.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/config.h"
#include "kiosk/base/date.h"
#include "kiosk/base/file.h"
#include "kiosk/base/settings.h"
#include "kiosk/ticket/crypto.h"
#include "kiosk/ui/ui.h"

enum { REPORT_MAX = 256 * 1024, REPORT_PROGRAM_MAX = 64 * 1024 * 1024 };

char *staff_program_hash(char out[STAFF_HASH])
{
    struct buf program;
    struct error e;
    uint8_t hash[CRYPTO_HASH];
    out[0] = '\0';
    buf_init(&program, REPORT_PROGRAM_MAX);
    if (file_read("/proc/self/exe", &program, &e) == ERR_NONE) {
        crypto_digest(hash, program.data, program.len);
        for (int i = 0; i < STAFF_HASH / 2; i++)
            snprintf(out + 2 * i, 3, "%02x", hash[i]);
    }
    buf_done(&program);
    return out;
}

/* Everything but the PIN; addresses and names of files say nothing about people. */
static void report_settings(const struct ui *ui, struct buf *out)
{
    buf_add_str(out, "\n# settings\n");
    for (const struct config_key *k = settings_kiosk; ui->config && k->section; k++)
        if (strcmp(k->name, "pin") != 0 && strcmp(k->name, "proxy") != 0)
            config_write(ui->config, k->section, k->name, out);
}

static void report_files(const struct ui *ui, struct buf *out)
{
    static const char *const names[] = {"replica.db", "replica.db-wal", "ledger.db", "ledger.db-wal",
                                        "kiosk.key",  "kiosk.conf",     "staff.conf"};
    char path[4096];
    struct stat st;
    struct statvfs disk;
    buf_add_str(out, "\n# files, bytes\n");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (stat(file_join(path, ui->data, names[i]), &st) == 0)
            buf_addf(out, "%s %lld\n", names[i], (long long)st.st_size);
    if (statvfs(ui->data, &disk) == 0)
        buf_addf(out, "free %llu\n", (unsigned long long)disk.f_bavail * disk.f_frsize);
}

static void report_machine(struct buf *out)
{
    struct utsname u;
    struct error e;
    buf_add_str(out, "\n# machine\n");
    if (uname(&u) == 0)
        buf_addf(out, "%s %s %s\n", u.sysname, u.release, u.machine);
    buf_add_str(out, "up, idle (s): ");
    if (file_read("/proc/uptime", out, &e) != ERR_NONE)
        buf_add_str(out, "?\n");
}

enum err staff_report(const struct ui *ui, const struct staff_fact *facts, int count, char path[STAFF_REPORT_PATH],
                      struct error *e)
{
    struct buf out;
    char when[26];
    buf_init(&out, REPORT_MAX);
    instant_format_local(ui->now, ui->zone, when);
    buf_addf(&out, "# report of a terminal, %s\n", ui->time_known ? when : "the date is not known");
    for (int i = 0; i < count; i++)
        buf_addf(&out, "%s%s: %s\n", facts[i].bad ? "! " : "", facts[i].label, facts[i].text);
    report_settings(ui, &out);
    report_files(ui, &out);
    report_machine(&out);
    enum err code = out.overflow ? error_set(e, ERR_TOO_BIG, "the report is longer than %d bytes", REPORT_MAX)
                                 : file_write(file_join(path, ui->data, "report.txt"), out.data, out.len, 0600, e);
    buf_done(&out);
    return code;
}
