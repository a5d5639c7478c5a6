/* Small files of the kernel, and one question to it. */
#include "sync/line.h"

#include <linux/wireless.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "kiosk/base/text.h"

enum { LINE_FILE = 64 * 1024, LINE_PATH = 4096, LINE_BEST = 70 /* of the link quality that drivers report */ };

static bool line_file(const char *root, const char *name, struct buf *out)
{
    char path[LINE_PATH];
    buf_clear(out);
    snprintf(path, sizeof path, "%s/%s", root, name);
    return file_read(path, out, NULL) == ERR_NONE;
}

/* The device of the route to everywhere. */
static bool line_device(const char *root, struct buf *file, char device[IFNAMSIZ])
{
    if (!line_file(root, "proc/net/route", file))
        return false;
    for (const char *row = file->data; (row = strchr(row, '\n')) != NULL;) {
        char name[IFNAMSIZ];
        unsigned destination, gateway, flags;
        row++;
        if (sscanf(row, "%15s %x %x %x", name, &destination, &gateway, &flags) == 4 && destination == 0 &&
            (flags & 1)) {
            memcpy(device, name, IFNAMSIZ);
            return true;
        }
    }
    return false;
}

/* "wlan0: 0000   54.  -56.  -256 ...": the second number is the quality. -1: the device is no radio. */
static int line_signal(const char *root, struct buf *file, const char *device)
{
    char name[IFNAMSIZ + 2];
    snprintf(name, sizeof name, "%s:", device);
    if (!line_file(root, "proc/net/wireless", file))
        return -1;
    const char *row = strstr(file->data, name);
    unsigned status;
    int quality;
    if (!row || sscanf(row + strlen(name), "%x %d", &status, &quality) != 2)
        return -1;
    return quality < 0 ? 0 : quality > LINE_BEST ? 100 : quality * 100 / LINE_BEST;
}

/* The name that the network gives itself; "" when there is none to ask. */
static void line_name(const char *device, char out[IW_ESSID_MAX_SIZE + 1])
{
    struct iwreq ask;
    char raw[IW_ESSID_MAX_SIZE + 1] = "";
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    memset(&ask, 0, sizeof ask);
    snprintf(ask.ifr_name, sizeof ask.ifr_name, "%s", device);
    ask.u.essid.pointer = raw;
    ask.u.essid.length = IW_ESSID_MAX_SIZE;
    if (fd >= 0 && ioctl(fd, SIOCGIWESSID, &ask) == 0)
        text_sanitize(out, IW_ESSID_MAX_SIZE + 1, raw, strnlen(raw, IW_ESSID_MAX_SIZE), TEXT_LINE);
    else
        out[0] = '\0';
    if (fd >= 0)
        close(fd);
}

char *line_read(const char *root, char out[LINE_TEXT])
{
    struct buf file;
    char device[IFNAMSIZ], name[IW_ESSID_MAX_SIZE + 1];
    buf_init(&file, LINE_FILE);
    out[0] = '\0';
    if (line_device(root, &file, device)) {
        int signal = line_signal(root, &file, device);
        if (signal < 0) {
            snprintf(out, LINE_TEXT, "wire %s", device);
        } else {
            line_name(device, name);
            snprintf(out, LINE_TEXT, "radio %d %s", signal / 10 * 10, name);
        }
    }
    buf_done(&file);
    return out;
}
