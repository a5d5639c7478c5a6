/* Giving kiosks the hub's word on itself, and hearing it again. */
#include "sync/hub/serve/intake_proof.h"

#include <stdio.h>

#include "sync/hub/feed.h"

static bool intake_is_beyond(const struct intake *b, const struct wire_proof *p, int64_t epoch)
{
    return p->epoch > epoch || (p->epoch == epoch && p->seq > feed_seq(b->hub->db));
}

int64_t intake_forgotten_epoch(const struct intake *b, int64_t epoch)
{
    struct wire_proof p = {0}, head = {0};
    const struct wire_keys *keys = &b->keys->doc;
    bool proof = b->v.proof[0] && wire_proof_read(&p, b->v.proof, b->kid, keys);
    bool mark = b->v.mark[0] && wire_proof_read(&head, b->v.mark, "", keys);
    bool log = proof && p.n > 0 && (p.inc > b->kiosk.inc || (p.inc == b->kiosk.inc && p.n > b->kiosk.log_n));
    if (!log && !(proof && intake_is_beyond(b, &p, epoch)) && !(mark && intake_is_beyond(b, &head, epoch)))
        return 0;
    int64_t newest = proof ? p.epoch : 1;
    return mark && head.epoch > newest ? head.epoch : newest;
}

void intake_prove(const struct intake *b, char out[WIRE_PROOF + 1], int64_t inc, int64_t n, const char *h)
{
    struct wire_proof p = {
        .epoch = hub_meta_int(b->hub->db, "epoch", 1), .seq = feed_seq(b->hub->db), .inc = inc, .n = n};
    snprintf(p.h, sizeof p.h, "%s", h);
    wire_proof_write(out, &p, b->kid, b->keys->feed);
}
