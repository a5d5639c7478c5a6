/* The machine's way to the network as the system reports it: which device carries the default route, and of a radio its
 * network's name and signal. Nothing is sent. Sources: proc(5) (/proc/net/route, /proc/net/wireless), Linux wireless
 * extensions (SIOCGIWESSID). */
#ifndef SYNC_LINE_H
#define SYNC_LINE_H

#include <stddef.h>

enum { LINE_TEXT = 80 };

/* "" : no way out; "wire eth0"; "radio 62 Biblioteka" (signal of 100; the name sanitised, perhaps ""). root "" for the
 * running system, else a folder that has proc/ and sys/. out is returned. */
char *line_read(const char *root, char out[LINE_TEXT]);

#endif
