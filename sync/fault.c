/* The words for what went wrong. */
#include "sync/fault.h"

static const char *const fault_names[FAULT_COUNT] = {
    [FAULT_NONE] = "",   [FAULT_NET] = "net",         [FAULT_TLS] = "tls",   [FAULT_CLOCK] = "clock",
    [FAULT_HUB] = "hub", [FAULT_BUSY] = "busy",       [FAULT_SIGN] = "sign", [FAULT_STALE] = "stale",
    [FAULT_OLD] = "old", [FAULT_REVOKED] = "revoked", [FAULT_DISK] = "disk", [FAULT_REFUSED] = "refused",
};

const char *fault_name(enum fault f) { return f >= 0 && f < FAULT_COUNT ? fault_names[f] : "hub"; }

enum fault fault_of_store(enum err code) { return code ? FAULT_DISK : FAULT_NONE; }
