/* A voice: Speech Dispatcher, spoken to through its Unix socket in SSIP, and the only place that does. Nothing here waits: what cannot be
 * sent now is sent when the socket is ready, and what is said next replaces what has not been said. Without a server there is silence.
 * Source: SSIP 1.0 (Speech Dispatcher's documentation): commands end with CRLF, replies are "NNN-..." lines ended by one "NNN ...". */
#ifndef KIOSK_UI_SPEECH_H
#define KIOSK_UI_SPEECH_H

#include <stdint.h>

struct speech;

enum { SPEECH_TEXT = 2000, SPEECH_AGAIN_MS = 5000 };

/* path: the socket; "" is the usual one: SPEECHD_ADDRESS ("unix_socket:PATH"), else speech-dispatcher/speechd.sock in XDG_RUNTIME_DIR or
 * in /run. Connects when there is something to say. */
struct speech *speech_new(const char *path);
void speech_free(struct speech *s); /* what was to be said is overwritten; takes NULL */
/* Says text (UTF-8) in this language at once, breaking off what is being said. "" only breaks off. mono_ms: now. */
void speech_say(struct speech *s, const char *lang, const char *text, int64_t mono_ms);
int speech_fd(const struct speech *s);       /* to poll; -1: none */
short speech_events(const struct speech *s); /* POLLIN, and POLLOUT while something waits to be sent */
void speech_ready(struct speech *s);         /* the socket is: sends and takes replies */

#endif
