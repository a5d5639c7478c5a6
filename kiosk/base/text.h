/* UTF-8 text: the one door for text from outside, and what screens need to know of its width.
 * Sources: RFC 3629 (UTF-8), UAX #11 (width), UAX #29 in outline (clusters). */
#ifndef KIOSK_BASE_TEXT_H
#define KIOSK_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes one code point at s (n bytes left, n > 0) strictly: no overlongs, surrogates, nothing above U+10FFFF.
 * Returns the bytes used; a bad byte gives *cp = 0xFFFD and 1. */
size_t text_decode(const char *s, size_t n, uint32_t *cp);
/* Writes 1-4 bytes, returns how many; an invalid code point is written as U+FFFD. out holds at least 4 bytes. */
size_t text_encode(uint32_t cp, char *out);
/* Puts n bytes at out[*len], whole or not at all: false when they and a NUL do not fit in size. No NUL is written. */
bool text_put(char *out, size_t size, size_t *len, const char *bytes, size_t n);
bool text_is_valid(const char *s, size_t n);

/* The door. Copies n bytes of s into out (size bytes with the NUL), making it harmless to terminal, printer and log:
 * bad bytes become U+FFFD; C0, C1 and DEL are dropped, LF and TAB become a space (with TEXT_LINES LF stays, CRLF is
 * LF); bidi controls, zero-width, soft hyphen, BOM, tags, private use, noncharacters dropped; common base + mark pairs
 * composed (й ё ї ў and Latin), then at most one combining mark per base; leading and trailing spaces trimmed. Cut at a
 * cluster's border when too long. Returns the length of out. Idempotent. */
enum text_flags { TEXT_LINE = 0, TEXT_LINES = 1 };
size_t text_sanitize(char *out, size_t size, const char *s, size_t n, enum text_flags flags);
/* The same into fresh memory, the caller frees; text beyond max_bytes is cut. */
char *text_dup_clean(const char *s, size_t n, size_t max_bytes, enum text_flags flags);

int text_width_char(uint32_t cp); /* columns: 0, 1 or 2 */
int text_width(const char *s);    /* columns of a whole string */
/* The next cluster (base and its marks) at s: bytes in *bytes, columns returned; 0 bytes at the end. */
int text_cluster(const char *s, size_t *bytes);
size_t text_fit(const char *s, int columns); /* bytes of the longest prefix of whole clusters within columns */
/* Copies s, cut to columns with "…" at the end when it is longer; returns its columns. */
int text_ellipsis(char *out, size_t size, const char *s, int columns);

/* Word wrap. Start with *pos = 0; each call gives one line (offset, bytes) no wider than columns >= 2; false at the
 * end. Breaks at spaces and after hyphens, inside a word only when the word is wider than a line; LF ends a line. */
bool text_wrap(const char *s, int columns, size_t *pos, size_t *line, size_t *bytes);

/* Folding for search and sorting: lower case (Cyrillic, Latin, Greek), ё to е, diacritics of Latin letters dropped.
 * й stays й. Writes at most size bytes with the NUL; returns the length. */
size_t text_fold(char *out, size_t size, const char *s);
/* Makes the first letter of s a capital, in place (Cyrillic, basic Latin): the start of a sentence. */
void text_capitalize(char *s);
/* A key whose memcmp order is the order people expect: case-blind, punctuation passed over, digits before letters,
 * Latin before Cyrillic, the letters of Cyrillic alphabets where their readers look for them, ё after е only when all
 * else is equal. Valid UTF-8 without a NUL, at most three times as long as s; same conventions as text_fold. */
size_t text_sort_key(char *out, size_t size, const char *s);

/* The Russian PC layout (ЙЦУКЕН) against the US one: the character of the same key with the same Shift. Each of the 95
 * printable ASCII characters has its own on the Russian side: letters and [ ] ; ' , . ` (with Shift too) give letters,
 * / gives '.', ? gives ',', @ gives ", # gives №, $ gives ';', ^ gives ':', & gives '?', | gives '/', the rest stay.
 * text_key_to_us takes one character, for letter shortcuts: of those, only what is not ASCII (letters, №) is
 * unmistakable and mapped; everything else comes back as it is. */
uint32_t text_key_to_us(uint32_t cp);
uint32_t text_key_to_ru(uint32_t cp); /* ASCII only; everything else comes back as it is */
/* A whole burst of a scanner: when it holds any Russian letter or №, all of it was typed under the Russian layout and
 * every character is mapped back, punctuation too; otherwise it is copied. Returns the length of out, cut at size. */
size_t text_keys_to_us(char *out, size_t size, const char *s);

#endif
