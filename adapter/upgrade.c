#include "upgrade.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

enum { NONCE_BYTES = 16 };

void upgrade_accept(const char *key, char accept[32]) {
    char both[96];
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    snprintf(both, sizeof both, "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    EVP_Digest(both, strlen(both), digest, &length, EVP_sha1(), NULL);
    EVP_EncodeBlock((unsigned char *)accept, digest, (int)length);
}

void upgrade_key(char key[32]) {
    unsigned char nonce[NONCE_BYTES];
    RAND_bytes(nonce, sizeof nonce);
    EVP_EncodeBlock((unsigned char *)key, nonce, sizeof nonce);
}

uint32_t upgrade_mask(void) {
    uint32_t mask = 0;
    RAND_bytes((unsigned char *)&mask, sizeof mask);
    return mask;
}
