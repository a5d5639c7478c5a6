/* The two small signed documents: keys and heads. */
#include "sync/wire_page.h"

#include <stdlib.h>
#include <string.h>

#include "sync/wire_field.h"
#include "sync/wire_reply.h"

static bool wire_key_is_there(const uint8_t pk[CRYPTO_SIGN_PUBLIC])
{
    static const uint8_t none[CRYPTO_SIGN_PUBLIC];
    return memcmp(pk, none, sizeof none) != 0;
}

static struct json *wire_keys_old(const struct wire_keys *k)
{
    struct json *old = json_new_object();
    if (wire_key_is_there(k->old_feed))
        wire_put_bytes(old, "feed", k->old_feed, sizeof k->old_feed);
    if (wire_key_is_there(k->old_lease))
        wire_put_bytes(old, "lease", k->old_lease, sizeof k->old_lease);
    return old;
}

void wire_keys_write(const struct wire_keys *k, struct buf *out)
{
    struct json *j = json_new_object(), *list = json_new_array();
    json_put_int(j, "v", 1);
    json_put_int(j, "n", k->n);
    wire_put_bytes(j, "root", k->root, sizeof k->root);
    wire_put_bytes(j, "feed", k->feed, sizeof k->feed);
    wire_put_bytes(j, "lease", k->lease, sizeof k->lease);
    if (wire_key_is_there(k->old_feed) || wire_key_is_there(k->old_lease))
        json_put(j, "old", wire_keys_old(k));
    for (int i = 0; i < k->seal_count; i++) {
        struct json *seal = json_new_object();
        json_put_str(seal, "id", k->seal[i].id);
        wire_put_bytes(seal, "pk", k->seal[i].pk, sizeof k->seal[i].pk);
        json_put(list, NULL, seal);
    }
    json_put(j, "seal", list);
    wire_put_line(j, out);
}

static void wire_keys_get_seals(struct wire_in *in, struct wire_keys *out)
{
    const struct json *list = json_get(in->j, "seal");
    if (json_count(list) < 1 || json_count(list) > WIRE_SEALS || !json_is_array(list)) {
        in->bad = "seal";
        return;
    }
    for (const struct json *it = json_first(list); it; it = json_next(it)) {
        struct wire_in seal = {.j = it};
        struct wire_seal *s = &out->seal[out->seal_count++];
        wire_in_str(&seal, "id", s->id, sizeof s->id, wire_ok_word);
        wire_in_bytes(&seal, "pk", s->pk, sizeof s->pk);
        if (seal.bad)
            in->bad = "seal";
    }
}

static void wire_keys_get_old(struct wire_in *in, struct wire_keys *out)
{
    struct wire_in old = {.j = json_get(in->j, "old")};
    if (!json_is_object(old.j))
        return;
    if (wire_in_has(&old, "feed"))
        wire_in_bytes(&old, "feed", out->old_feed, sizeof out->old_feed);
    if (wire_in_has(&old, "lease"))
        wire_in_bytes(&old, "lease", out->old_lease, sizeof out->old_lease);
    if (old.bad)
        in->bad = "old";
}

static void wire_keys_take(struct wire_in *in, void *into)
{
    struct wire_keys *out = into;
    out->n = wire_in_int(in, "n", 1, JSON_INT_MAX);
    wire_in_bytes(in, "root", out->root, sizeof out->root);
    wire_in_bytes(in, "feed", out->feed, sizeof out->feed);
    wire_in_bytes(in, "lease", out->lease, sizeof out->lease);
    wire_keys_get_old(in, out);
    wire_keys_get_seals(in, out);
}

enum err wire_keys_parse(struct wire_keys *out, const char *bytes, size_t n, struct error *e)
{
    static const struct wire_reader reader = {"key document", wire_keys_take};
    *out = (struct wire_keys){0};
    return wire_read(&reader, out, bytes, n, e);
}

bool wire_keys_verify(const struct wire_keys *k, const char *sig, enum wire_domain domain, const char *before,
                      const struct wire_line *bytes)
{
    return wire_verify(sig, domain, before, bytes->s, bytes->n, k->feed) ||
           (wire_key_is_there(k->old_feed) && wire_verify(sig, domain, before, bytes->s, bytes->n, k->old_feed));
}

bool wire_keys_verify_grant(const struct wire_keys *k, const struct wire_grant *g, const char *kid)
{
    return wire_grant_verify(g, kid, k->lease) ||
           (wire_key_is_there(k->old_lease) && wire_grant_verify(g, kid, k->old_lease));
}

static void wire_head_put_index(struct json *j, const struct wire_head *h)
{
    if (h->index_n < 0) {
        json_put_null(j, "index");
        return;
    }
    struct json *index = json_new_object();
    json_put_int(index, "n", h->index_n);
    json_put_str(index, "hash", h->index_hash);
    json_put(j, "index", index);
}

static void wire_head_put_snapshot(struct json *j, const struct wire_snapshot *s)
{
    if (!s->path[0]) {
        json_put_null(j, "snapshot");
        return;
    }
    struct json *snap = json_new_object();
    json_put_str(snap, "path", s->path);
    json_put_str(snap, "hash", s->hash);
    json_put_int(snap, "seq", s->seq);
    json_put_int(snap, "page", s->page);
    json_put_str(snap, "chain", s->chain);
    json_put_int(snap, "bytes", s->bytes);
    json_put_int(snap, "size", s->size);
    json_put_int(snap, "pages_bytes", s->pages_bytes);
    json_put_int(snap, "schema", s->schema);
    json_put_str(snap, "zone", s->zone);
    json_put(j, "snapshot", snap);
}

void wire_head_write(const struct wire_head *h, struct buf *out)
{
    struct json *j = json_new_object();
    json_put_int(j, "v", 1);
    json_put_str(j, "scope", h->scope);
    json_put_int(j, "epoch", h->epoch);
    json_put_int(j, "seq", h->seq);
    json_put_int(j, "per", h->per);
    json_put_int(j, "sealed", h->sealed);
    json_put_str(j, "chain", h->chain);
    wire_head_put_index(j, h);
    json_put_int(j, "min_page", h->min_page);
    wire_head_put_snapshot(j, &h->snapshot);
    json_put_int(j, "safe_opseq", h->safe_opseq);
    json_put_int(j, "keys", h->keys);
    json_put_str(j, "min_client", h->min_client);
    json_put_str(j, "time", h->time);
    if (h->mark[0])
        json_put_str(j, "mark", h->mark);
    wire_put_line(j, out);
}

static void wire_head_get_index(struct wire_in *in, struct wire_head *h)
{
    struct wire_in index = {.j = json_get(in->j, "index")};
    h->index_n = -1;
    if (!json_is_object(index.j)) {
        if (h->sealed > 0 && !in->bad)
            in->bad = "index";
        return;
    }
    h->index_n = wire_in_int(&index, "n", 0, JSON_INT_MAX);
    wire_in_str(&index, "hash", h->index_hash, sizeof h->index_hash, wire_ok_hash);
    if (!in->bad)
        in->bad = index.bad;
}

static bool wire_ok_path(const char *s) { return s[0] && s[0] != '/' && !strstr(s, "..") && !strpbrk(s, "?#%\\ "); }

static bool wire_ok_zone(const char *s)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+_/";
    return s[0] && strspn(s, allowed) == strlen(s);
}

static void wire_head_get_snapshot(struct wire_in *in, struct wire_snapshot *s)
{
    struct wire_in snap = {.j = json_get(in->j, "snapshot")};
    if (!json_is_object(snap.j))
        return;
    wire_in_str(&snap, "path", s->path, sizeof s->path, wire_ok_path);
    wire_in_str(&snap, "hash", s->hash, sizeof s->hash, wire_ok_hash);
    s->seq = wire_in_int(&snap, "seq", 1, JSON_INT_MAX);
    s->page = wire_in_int(&snap, "page", 1, JSON_INT_MAX);
    wire_in_str(&snap, "chain", s->chain, sizeof s->chain, wire_ok_hash);
    s->bytes = wire_in_int(&snap, "bytes", 1, JSON_INT_MAX);
    s->size = wire_in_int(&snap, "size", 1, JSON_INT_MAX);
    s->pages_bytes = wire_in_int(&snap, "pages_bytes", 0, JSON_INT_MAX);
    s->schema = wire_in_int(&snap, "schema", 1, JSON_INT_MAX);
    wire_in_str(&snap, "zone", s->zone, sizeof s->zone, wire_ok_zone);
    if (!in->bad)
        in->bad = snap.bad;
}

/* What the members say together: pages lie below seq, the index names the last page. */
static void wire_head_check(struct wire_in *in, const struct wire_head *h)
{
    if (in->bad)
        return;
    if (h->sealed > h->seq / h->per)
        in->bad = "sealed";
    else if (h->sealed > 0 && h->index_n != (h->sealed - 1) / WIRE_INDEX_PAGES)
        in->bad = "index";
    else if (h->snapshot.path[0] && (h->snapshot.page > h->sealed || h->snapshot.seq != h->snapshot.page * h->per))
        in->bad = "snapshot";
}

static void wire_head_take(struct wire_in *in, void *into)
{
    struct wire_head *out = into;
    wire_in_str(in, "scope", out->scope, sizeof out->scope, wire_ok_word);
    out->epoch = wire_in_int(in, "epoch", 1, UINT32_MAX >> 11);
    out->seq = wire_in_int(in, "seq", 0, JSON_INT_MAX);
    out->per = wire_in_int(in, "per", WIRE_PER, WIRE_PER);
    out->sealed = wire_in_int(in, "sealed", 0, JSON_INT_MAX);
    wire_in_str(in, "chain", out->chain, sizeof out->chain, wire_ok_hash);
    wire_head_get_index(in, out);
    out->min_page = wire_in_int(in, "min_page", 1, JSON_INT_MAX);
    wire_head_get_snapshot(in, &out->snapshot);
    out->safe_opseq = wire_in_int(in, "safe_opseq", 0, JSON_INT_MAX);
    out->keys = wire_in_int(in, "keys", 1, JSON_INT_MAX);
    wire_in_str(in, "min_client", out->min_client, sizeof out->min_client, wire_ok_word);
    wire_in_str(in, "time", out->time, sizeof out->time, wire_ok_time);
    if (wire_in_has(in, "mark"))
        wire_in_str(in, "mark", out->mark, sizeof out->mark, wire_ok_sig);
    wire_head_check(in, out);
}

enum err wire_head_parse(struct wire_head *out, const char *bytes, size_t n, struct error *e)
{
    static const struct wire_reader reader = {"head", wire_head_take};
    *out = (struct wire_head){0};
    return wire_read(&reader, out, bytes, n, e);
}

int wire_version_compare(const char *a, const char *b)
{
    while (*a || *b) {
        char *a_end, *b_end;
        long x = strtol(a, &a_end, 10), y = strtol(b, &b_end, 10);
        if (x != y)
            return x < y ? -1 : 1;
        if (a_end == a && b_end == b)
            return strcmp(a, b);
        a = *a_end == '.' ? a_end + 1 : a_end;
        b = *b_end == '.' ? b_end + 1 : b_end;
    }
    return 0;
}
