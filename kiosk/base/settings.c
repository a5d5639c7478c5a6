/* Every setting a kiosk has, with its default and a line of help. */
#include "kiosk/base/settings.h"

#include <stddef.h>
#include <unistd.h>

#include "kiosk/base/file.h"

const struct config_key settings_kiosk[] = {
    {"hub", "ca", 's', 0, 0, "",
     "file with the certificates (PEM) to trust instead of the system's, \"\": the system's"},
    {"hub", "proxy", 's', 0, 0, "", "proxy URL for the exchange, \"\": none; never used for addresses of this machine"},
    {"hub", "patience", 'i', 2, 3600, "60", "seconds without a byte from the hub until the line is given up"},
    {"centre", "name", 's', 0, 0, "", "name on the title line, \"\": the one given at enrolment"},
    {"centre", "timezone", 's', 0, 0, "Europe/Moscow", "IANA name of the zone whose days the screens show"},
    {"centre", "city", 's', 0, 0, "", "the town it stands in, as the communities write it: \"near you\", \"\": not known"},
    {"centre", "languages", 's', 0, 0, "", "languages offered, the first one first (\"ru en\"), \"\": all there are"},
    {"centre", "help", 's', 0, 0, "", "whom to ask, shown on the help screen (\"the desk by the door\")"},
    {"staff", "pin", 's', 0, 0, "", "digits that open the staff area, 4 to 12, \"\": closed"},
    {"screen", "idle", 'i', 10, 3600, "60", "seconds without a key until \"still here?\""},
    {"screen", "idle_grace", 'i', 5, 600, "20", "seconds from then until everything typed is gone"},
    {"screen", "scanner", 'b', 0, 0, "yes", "a code scanner that types is attached: recognise its bursts"},
    {"screen", "colors", 'b', 0, 0, "yes", "use colours when the terminal has them"},
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

enum err settings_load(struct config **out, const char *dir, const char *path, struct error *e)
{
    char def[4096];
    if (!path || !*path)
        path = file_join(def, dir, "kiosk.conf");
    else if (access(path, F_OK) < 0)
        return error_set(e, ERR_NOT_FOUND, "%s: no such file", path);
    return config_load(out, path, settings_kiosk, e);
}
