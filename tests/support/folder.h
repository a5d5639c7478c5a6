/* A folder of one's own for a test, and reading what is in it. */
#ifndef TESTS_SUPPORT_FOLDER_H
#define TESTS_SUPPORT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

enum { FOLDER_PATH = 256, FOLDER_FILE = 320 };

/* Makes a new empty folder under TMPDIR (or /tmp). */
void folder_new(char out[FOLDER_PATH]);
void folder_remove(const char *path); /* with all files in it; no folders inside are expected */
/* True when any file of the folder holds these bytes; which tells its name (FOLDER_PATH bytes, may be NULL). */
bool folder_holds(const char *path, const void *bytes, size_t n, char *which);
/* "folder/name" */
void folder_file(char out[FOLDER_FILE], const char *folder, const char *name);
/* Overwrites n bytes of a file at an offset with 0xA5. */
void folder_spoil(const char *file, long offset, size_t n);

#endif
