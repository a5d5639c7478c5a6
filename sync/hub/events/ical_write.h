/* Writing events in the one form the hub stores (RFC 5545): a VCALENDAR with the VEVENTs of one UID and the zones they
 * need. */
#ifndef SYNC_HUB_EVENTS_ICAL_WRITE_H
#define SYNC_HUB_EVENTS_ICAL_WRITE_H

#include "kiosk/base/buf.h"
#include "sync/hub/events/ical.h"

/* Appends "BEGIN:VEVENT" .. "END:VEVENT" with what tells the times, and title, place, status and class. Texts are
 * expected to be sanitised. CRLF, folded at 75 bytes. */
void ical_write_event(struct buf *out, const struct ical_event *ev);
void ical_write_begin(struct buf *out); /* of the VCALENDAR */
void ical_write_end(struct buf *out);
void ical_write_block(struct buf *out, const char *block); /* ready lines, folded again: a VTIMEZONE from the file */

#endif
