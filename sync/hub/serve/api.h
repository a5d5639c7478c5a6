/* The hub's answers: requests in, replies out, no sockets here and no SQL (http.h carries them). */
#ifndef SYNC_HUB_SERVE_API_H
#define SYNC_HUB_SERVE_API_H

#include "sync/hub/serve/intake.h"
#include "sync/hub/serve/view.h"

/* All texts are as the stranger sent them, NULL when missing; borrowed for the call. */
struct api_request {
    const char *method, *path;
    const char *if_none_match, *signature, *user_agent, *language;
    const char *range, *if_range;
    bool may_pack;                                                       /* CK-Pack: 1 */
    const char *(*query)(const struct api_request *q, const char *name); /* value of a query member or NULL */
    void *carrier;                                                       /* of query */
    struct wire_line body;
};

struct api_reply {
    int status;
    const char *type;  /* Content-Type, static */
    const char *cache; /* Cache-Control, static */
    char etag[WIRE_HASH16 + 3];
    char signature[WIRE_SIG + 1];
    bool varies, packed; /* with CK-Pack; the body is packed */
    int retry_after;     /* seconds, 0: none */
    struct blob *body;   /* never NULL after api_answer; the carrier drops it */
    int fd; /* a file to send instead of the body; the carrier closes it. -1: none */
    /* Of what may be had in parts, a file or a body: with 206 n bytes from first on; size: the whole, 0: not in parts */
    int64_t first, n, size;
};

struct api {
    struct hub *hub;
    const struct keys *keys;
    struct view view;
    int full_count; /* occurrences whose event is to be published again; the loop does it between requests */
    char full[INTAKE_FULL][WIRE_UUID + 1];
};

void api_init(struct api *a, struct hub *h, const struct keys *k);
void api_done(struct api *a);
void api_answer(struct api *a, const struct api_request *q, struct api_reply *out);

/* For the handlers: a text of its own as the body. */
void api_say(struct api_reply *out, int status, const char *text);

#endif
