/* Kinds and the order of rows. The numbers are kept in files: append only. */
#include "kiosk/store/replica_ord.h"

#include <stddef.h>
#include <string.h>

static const char *const replica_kinds[] = {
    "topic",   "city", "place",      "community", "event",  "resource", /* 1.. */
    "article", "call", "initiative", "form",      "notice",
};

int replica_kind(const char *kind)
{
    for (size_t i = 0; i < sizeof replica_kinds / sizeof replica_kinds[0]; i++)
        if (strcmp(replica_kinds[i], kind) == 0)
            return (int)i + 1;
    return 0;
}

int64_t replica_ord(int kind, uint32_t key, uint32_t tie)
{
    return (int64_t)kind << 56 | (int64_t)key << 24 | (int64_t)(tie & 0xFFFFFF);
}

int64_t replica_ord_first(int kind) { return replica_ord(kind, 0, 0); }
int64_t replica_ord_last(int kind) { return replica_ord(kind, UINT32_MAX, 0xFFFFFF); }

uint32_t replica_tie(const char *id)
{
    uint32_t h = 2166136261u; /* FNV-1a, folded to 24 bits */
    for (; *id; id++)
        h = (h ^ (uint8_t)*id) * 16777619u;
    return (h >> 24 ^ h) & 0xFFFFFF;
}
