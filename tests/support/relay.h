/* A line that is counted, and that can be cut: passes bytes between whoever connects and a server on the loopback, one
 * connection at a time. */
#ifndef TESTS_SUPPORT_RELAY_H
#define TESTS_SUPPORT_RELAY_H

#include <pthread.h>
#include <stdatomic.h>

struct relay {
    int port;             /* of the server */
    char url[64];         /* http://127.0.0.1:PORT of the relay */
    atomic_long up, down; /* bytes so far, to the server and from it */
    atomic_long cut;      /* each connection breaks off after about so many bytes from the server; 0: never */
    atomic_int connections;
    int listen_fd;
    pthread_t thread;
};

void relay_start(struct relay *r, int port);
void relay_stop(struct relay *r); /* breaks what is under way */

#endif
