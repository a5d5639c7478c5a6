/* What fuzz targets share. A target is tests/fuzz/NAME.c with LLVMFuzzerTestOneInput alone; clang's fuzzer drives it in
 * `make fuzz`, replay.c with the files of tests/fuzz/corpus/NAME in `make test`. */
#ifndef TESTS_SUPPORT_FUZZ_H
#define TESTS_SUPPORT_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/base/json.h"
#include "kiosk/base/text.h"

/* One input; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
/* Called once before the first: readies the cryptography. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* A property of every input: says what was broken and aborts. */
void fuzz_check(bool holds, const char *what);
/* The bytes up to the first NUL as a string in memory of exactly its size; the caller frees. */
char *fuzz_text(const uint8_t *data, size_t n);
/* The text is what the door gives: going through it again changes nothing. */
void fuzz_clean(const char *s, enum text_flags flags);
/* Every string in j is clean (lines allowed), and at most max bytes. */
void fuzz_clean_json(const struct json *j, size_t max);
/* The bytes as a file in memory; its path. The caller closes the descriptor that is returned. */
int fuzz_file(const uint8_t *data, size_t n, char path[64]);
/* A folder that is removed when the program ends. */
const char *fuzz_folder(void);
/* Changes bytes of a large file by a small input: pieces of {offset u24, length u8, bytes}. */
void fuzz_patch(char *bytes, size_t size, const uint8_t *data, size_t n);

#endif
