/* What the opening of a WebSocket and its frames need from OpenSSL, for either role. */
#ifndef UPGRADE_H
#define UPGRADE_H

#include <stdint.h>

/* The Sec-WebSocket-Accept that belongs to a key (RFC 6455, 4.2.2). */
void upgrade_accept(const char *key, char accept[32]);

/* A fresh key: base64 of 16 random bytes. */
void upgrade_key(char key[32]);

uint32_t upgrade_mask(void);

#endif
