/* Plain text from what calendars write in descriptions. Several big ones export HTML there, against RFC 5545. */
#ifndef SYNC_HUB_PLAIN_H
#define SYNC_HUB_PLAIN_H

/* If s looks like HTML: tags are taken out, those that end a line or paragraph become LF, list items begin with "- ", a
 * link's address follows its text in brackets when it is not the text, the common entities become characters. Else s as
 * it is. The result is new memory, the caller frees; it is never longer than 2 * strlen(s) + 1. Not sanitised. */
char *plain_from_html(const char *s);

#endif
