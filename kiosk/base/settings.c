/* Every setting a kiosk has, with its default and a line of help. */
#include "kiosk/base/settings.h"

#include <stddef.h>
#include <unistd.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "kiosk/base/log.h"

const struct config_key settings_kiosk[] = {
    {"hub", "ca", 's', 0, 0, "",
     "file with the certificates (PEM) to trust instead of the system's, \"\": the system's"},
    {"hub", "proxy", 's', 0, 0, "", "proxy URL for the exchange, \"\": none; never used for addresses of this machine"},
    {"hub", "patience", 'i', 2, 3600, "60", "seconds without a byte from the hub until the line is given up"},
    {"centre", "name", 's', 0, 0, "", "name on the title line, \"\": the one given at enrolment"},
    {"centre", "timezone", 's', 0, 0, "Europe/Moscow", "IANA name of the zone whose days the screens show"},
    {"centre", "city", 's', 0, 0, "", "the town it stands in, as the communities write it: \"near you\", \"\": not known"},
    {"centre", "hours", 's', 0, 0, "", "when it is open (\"Mo-Fr 10:00-19:00; Sa 11:00-17:00\"), \"\": not known"},
    {"centre", "languages", 's', 0, 0, "", "languages offered, the first one first (\"ru en\"), \"\": all there are"},
    {"centre", "help", 's', 0, 0, "", "whom to ask, shown on the help screen (\"the desk by the door\")"},
    {"staff", "pin", 's', 0, 0, "", "digits that open the staff area, 4 to 12, \"\": closed"},
    {"screen", "idle", 'i', 10, 3600, "60", "seconds without a key until \"still here?\""},
    {"screen", "idle_grace", 'i', 5, 600, "20", "seconds from then until everything typed is gone"},
    {"screen", "sound", 'b', 0, 0, "no", "a short tone when something needs attention or is done"},
    {"screen", "scanner", 'b', 0, 0, "yes", "a code scanner that types is attached: recognise its bursts"},
    {"screen", "colors", 'b', 0, 0, "yes", "use colours when the terminal has them"},
    {"screen", "contrast", 'b', 0, 0, "no", "white, black and yellow only, for who sees badly (F8 changes it for one person)"},
    {"screen", "hide_contacts", 'b', 0, 0, "no", "stars instead of names, telephones and addresses while they are typed (F6 changes it)"},
    {"speech", "on", 'b', 0, 0, "no", "Speech Dispatcher says what gets the focus"},
    {"speech", "socket", 's', 0, 0, "", "its Unix socket, \"\": the usual one"},
    {"printer", "url", 's', 0, 0, "",
     "usb:/dev/usb/lp0, tcp://HOST:9100, serial:/dev/ttyS0, file:PATH; \"\": no printer"},
    {"printer", "width", 'i', 384, 576, "384", "dots across the paper: 384 (58 mm), 512 or 576 (80 mm)"},
    {"printer", "mode", 's', 0, 0, "raster", "raster (letters drawn as dots, every printer) or text (needs codepage)"},
    {"printer", "charset", 's', 0, 0, "cp866", "cp866 or cp1251: how letters are sent in mode text"},
    {"printer", "codepage", 'i', 0, 255, "17",
     "number of that charset in the printer's ESC t table, for mode text; the test page shows it"},
    {"printer", "cut", 's', 0, 0, "none", "none, partial or full"},
    {"printer", "module", 'i', 4, 12, "6", "dots of one QR module"},
    {"printer", "baud", 'i', 1200, 115200, "9600", "speed of a serial printer"},
    {"anchor", "file", 's', 0, 0, "",
     "file on another disk, or a device (EEPROM), that shows when this one went back to an older state, \"\": none"},
    {"usb", "folder", 's', 0, 0, "/run/sosedi/usb",
     "where a USB stick is mounted for the exchange without a line, \"\": sticks are not used"},
    {.section = NULL},
};

const char *const settings_staff[][2] = {{"centre", "name"}, {"centre", "city"}, {"centre", "hours"}, {"centre", "help"}, {"screen", "sound"}, {NULL, NULL}};

enum err settings_load(struct config **out, const char *dir, const char *path, struct error *e)
{
    char def[4096], staff[4096], quoted[400];
    struct error why;
    if (!path || !*path)
        path = file_join(def, dir, "kiosk.conf");
    else if (access(path, F_OK) < 0)
        return error_set(e, ERR_NOT_FOUND, "%s: no such file", path);
    enum err code = config_load(out, path, settings_kiosk, e);
    /* That one a program wrote: when it is spoilt the terminal starts all the same, with what the other file says. */
    if (code == ERR_NONE && config_overlay(*out, file_join(staff, dir, "staff.conf"), &why) != ERR_NONE)
        log_line(LOG_ERROR, "settings", "error=%s", log_quote(quoted, sizeof quoted, why.text));
    return code;
}

enum err settings_save(const struct config *c, const char *dir, struct error *e)
{
    char path[4096];
    struct buf text;
    buf_init(&text, 64 * 1024);
    buf_add_str(&text, "# Set at the terminal (staff page). Goes before kiosk.conf.\n");
    for (int i = 0; settings_staff[i][0]; i++)
        config_write(c, settings_staff[i][0], settings_staff[i][1], &text);
    enum err code = file_write(file_join(path, dir, "staff.conf"), text.data, text.len, 0600, e);
    buf_done(&text);
    return code;
}
