/* Inside the store: the kinds of records and the order of their rows (record.ord, see assets/schema/replica.sql). */
#ifndef KIOSK_STORE_REPLICA_ORD_H
#define KIOSK_STORE_REPLICA_ORD_H

#include <stdint.h>

enum { REPLICA_D_MAX = 256 * 1024 }; /* bytes of a record.d: an item has 64 KB at most, escapes may lengthen it */

/* A kind's number, 1..11; 0 when it is none. */
int replica_kind(const char *kind);
/* kind << 56 | key << 24 | tie; only the low 24 bits of tie count. kind 1..127. */
int64_t replica_ord(int kind, uint32_t key, uint32_t tie);
/* The smallest and the largest ord of a kind. */
int64_t replica_ord_first(int kind);
int64_t replica_ord_last(int kind);
/* A tie of 24 bits from an id: spreads rows of one key, so that a free one is found at once. */
uint32_t replica_tie(const char *id);

#endif
