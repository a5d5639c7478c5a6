/* Errors: one list of codes, and a record of what went wrong where it arose.
 *
 * A function that can fail returns `enum err` and takes `struct error *e` last. It fills e (when e is not NULL) by
 * `return error_set(e, ERR_IO, "%s: %s", path, error_errno(errno))` at the place where the fault is known; callers pass
 * it up untouched or prefix it with error_prefix(). The text is for the operator (English, no personal data). */
#ifndef KIOSK_BASE_ERROR_H
#define KIOSK_BASE_ERROR_H

#define MUST_CHECK __attribute__((warn_unused_result))

enum err {
    ERR_NONE = 0,
    ERR_USAGE,   /* the command line or a call is wrong */
    ERR_INVALID, /* bytes from outside break their format */
    ERR_TOO_BIG, /* a hard maximum was met */
    ERR_NOT_FOUND,
    ERR_EXISTS,
    ERR_IO,      /* the system refused: file, socket, device */
    ERR_FULL,    /* no space left */
    ERR_CORRUPT, /* a database or sealed page is damaged */
    ERR_BUSY,    /* somebody else holds it; try again */
    ERR_DENIED,  /* not allowed, revoked, wrong key or signature */
    ERR_TIMEOUT,
    ERR_NET,      /* no answer from the other side */
    ERR_CONFLICT, /* the other side knows something else (409) */
    ERR_GONE,     /* no longer kept (410) */
    ERR_STATE,    /* the call does not fit the present state */
    ERR_MEMORY,
    ERR_COUNT
};

struct error {
    enum err code;
    char text[320]; /* UTF-8, NUL-terminated, cut when longer */
};

/* Records code and message in e (may be NULL) and returns code. */
enum err error_set(struct error *e, enum err code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Puts "prefix: " before the recorded message; returns e->code (ERR_NONE when e is NULL). */
enum err error_prefix(struct error *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A short English name of a code, for logs: "not found". Never NULL. */
const char *error_name(enum err code);

/* What the system says of an errno, in English whatever language the screen speaks: "No space left on device". Never
 * NULL, static. */
const char *error_errno(int no);

/* For bugs and failed small allocations only: writes the message to standard error and aborts the program. */
void die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* malloc/realloc/strdup that die() instead of failing: for small, bounded sizes only. */
void *mem_new(unsigned long count, unsigned long size); /* zeroed */
void *mem_resize(void *p, unsigned long count, unsigned long size);
char *mem_dup_str(const char *s); /* NULL gives NULL */

#endif
