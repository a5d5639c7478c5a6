/* Enrolment messages (PROTOCOL.md, 2). The code never travels: it is the key of both MACs. */
#ifndef SYNC_WIRE_ENROL_H
#define SYNC_WIRE_ENROL_H

#include "kiosk/ticket/code.h"
#include "sync/wire.h"

enum { WIRE_CODE4 = 4, WIRE_HOST = 64, WIRE_NAME = 200 };

struct wire_enrol {
    char code4[WIRE_CODE4 + 1];
    uint8_t pk[CRYPTO_SIGN_PUBLIC];
    char nonce[WIRE_NONCE + 1];
    char mac[WIRE_HEX + 1];
};
struct wire_enrolled {
    char kid[CRYPTO_KID + 1];
    char name[WIRE_NAME + 1];
    char scope[17];
    char nonce[WIRE_NONCE + 1];
    uint8_t root[CRYPTO_SIGN_PUBLIC];
    int64_t keys, epoch, inc;
    char host[WIRE_HOST + 1]; /* of the ticket's QR, "" when there is none */
    char mac[WIRE_HEX + 1];
};

/* Fill in mac. code: the 16 plain symbols. */
void wire_enrol_sign(struct wire_enrol *m, const char *code);
void wire_enrolled_sign(struct wire_enrolled *m, const char *code);
bool wire_enrol_verify(const struct wire_enrol *m, const char *code);
bool wire_enrolled_verify(const struct wire_enrolled *m, const char *code);

void wire_enrol_write(const struct wire_enrol *m, struct buf *out);
void wire_enrolled_write(const struct wire_enrolled *m, struct buf *out);
enum err wire_enrol_parse(struct wire_enrol *out, const char *bytes, size_t n, struct error *e) MUST_CHECK;
enum err wire_enrolled_parse(struct wire_enrolled *out, const char *bytes, size_t n, struct error *e) MUST_CHECK;

#endif
