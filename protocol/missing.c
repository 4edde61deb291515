#include "missing.h"

#include <stdint.h>

#ifdef LACKS_EXPLICIT_BZERO
void missing_explicit_bzero(void *bytes, size_t length) {
    memset(bytes, 0, length);
    __asm__ __volatile__("" : : "r"(bytes) : "memory"); /* somebody may look: it stays */
}
#endif

#ifdef LACKS_MEMRCHR
void *missing_memrchr(const void *bytes, int byte, size_t length) {
    const unsigned char *all = bytes;
    while (length--)
        if (all[length] == (unsigned char)byte)
            return (void *)(uintptr_t)(all + length);
    return NULL;
}
#endif

#ifdef LACKS_MEMMEM
void *missing_memmem(const void *bytes, size_t length, const void *wanted, size_t wanted_length) {
    const char *at = bytes;
    for (; wanted_length <= length; at++, length--)
        if (!memcmp(at, wanted, wanted_length))
            return (void *)(uintptr_t)at;
    return NULL;
}
#endif
