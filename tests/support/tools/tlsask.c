/* Asks a hub for its health over TLS with a clock that is wrong by so many seconds; prints what came of it. For tests.
 * usage: tlsask URL CA-FILE SECONDS [EARLIEST]. "200 none off=0": status, fault, how wrong the clock is afterwards. */
#include <stdio.h>
#include <stdlib.h>

#include "kiosk/base/clock.h"
#include "sync/transport.h"

int main(int argc, char **argv)
{
    struct transport *t;
    struct transport_answer a;
    struct error e = {0};
    char url[256];
    if (argc < 4 || transport_url_check(url, argv[1], &e) || transport_curl_new(&t, url, argv[2], NULL, NULL, &e))
        return 2;
    struct clock right = clock_system(), clock = right;
    clock_learn(&clock, clock_wall_ms(&right) + strtoll(argv[3], NULL, 10) * 1000);
    transport_curl_clock(t, &clock, argc > 4 ? strtoll(argv[4], NULL, 10) : 0);
    transport_answer_init(&a);
    enum err code = t->send(t, &(struct transport_request){.path = "/health", .max = 4096}, &a, &e);
    int64_t off = (clock_wall_ms(&clock) - clock_wall_ms(&right)) / 1000;
    long long wrong = strtoll(argv[3], NULL, 10);
    if (off >= -2 && off <= 2)
        off = 0;
    else if (off >= wrong - 2 && off <= wrong + 2)
        off = wrong;
    printf("%d %s off=%lld\n", a.status, a.fault ? fault_name(a.fault) : "none", (long long)off);
    transport_answer_done(&a);
    transport_free(t);
    return code == ERR_NONE ? 0 : 1;
}
