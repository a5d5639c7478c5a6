/* The text that small messages are packed against (PROTOCOL.md, 3): what heads and items have in common. Part of the wire:
 * both sides need the same bytes, so it is never changed, only followed by a second one under another number. */
#ifndef SYNC_WIRE_WORDS_H
#define SYNC_WIRE_WORDS_H

extern const char wire_words[]; /* number 1 */

#endif
