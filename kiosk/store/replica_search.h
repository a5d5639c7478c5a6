/* Inside the store: words for the search, the same for what is stored and for what is typed. A word is a run of letters
 * and digits, folded (text_fold), accents dropped; every other character parts words. The letters known here are a part
 * of those that FTS5's tokenizer unicode61 knows, so one word is always one token, and nothing of FTS5's query language
 * passes. */
#ifndef KIOSK_STORE_REPLICA_SEARCH_H
#define KIOSK_STORE_REPLICA_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/base/buf.h"

enum { REPLICA_SEARCH_WORDS = 8, REPLICA_SEARCH_QUERY = 640 };

bool replica_search_is_word(uint32_t cp); /* cp folded */
/* Appends the words of text, each followed by a space. */
void replica_search_words(struct buf *out, const char *text);
/* What was typed as an FTS5 query: the beginnings of at most 8 words, all wanted. A single letter is no beginning yet
 * and is left out (but a single CJK character is a word). False when nothing is left: then there is nothing to search
 * for. */
bool replica_search_query(char out[REPLICA_SEARCH_QUERY], const char *typed);

#endif
