/* Texts made to break programs: the files of ../shared/data/hostile-text (SOSEDI_DATA), line by line. */
#ifndef TESTS_SUPPORT_HOSTILE_H
#define TESTS_SUPPORT_HOSTILE_H

#include <stddef.h>

struct hostile_texts;

/* Read once, kept to the end; NULL: the folder is not there. Every line of every file, of the large tables of Unicode
 * every eighth. What stands in a file as an escape ("\e[2J") is there as it stands and as the bytes it means; bytes
 * that are no UTF-8 as they are and as Latin-1, so that they pass where only UTF-8 does. */
const struct hostile_texts *hostile_texts_get(void);
size_t hostile_texts_count(const struct hostile_texts *t);
const char *hostile_texts_at(const struct hostile_texts *t, size_t i); /* any i: they come round; never "" */

#endif
