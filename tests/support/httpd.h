/* An HTTP server of one connection for tests: gives the very bytes it was told, keeps the request. */
#ifndef TESTS_SUPPORT_HTTPD_H
#define TESTS_SUPPORT_HTTPD_H

#include <pthread.h>
#include <stddef.h>

struct httpd {
    const char *reply; /* NULL: never answers, holds the line until the other side hangs up */
    size_t n;
    size_t repeat_last;  /* after reply: so many more bytes 'x' */
    char request[16384]; /* as received, NUL-terminated; complete after httpd_stop */
    char url[64];        /* http://127.0.0.1:PORT */
    int listen_fd;
    pthread_t thread;
};

/* Begins to listen on a free port and serves one connection in a thread. */
void httpd_start(struct httpd *h);
void httpd_stop(struct httpd *h);

#endif
