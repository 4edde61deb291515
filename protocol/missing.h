/* Functions of today's C libraries that an old glibc (explicit_bzero: 2.25), macOS or Windows
 * lacks, under their own names. meson.build includes this everywhere, and only where one of them is
 * lacking: which it says as LACKS_…. */
#ifndef MISSING_H
#define MISSING_H

#include <stddef.h>

#ifdef LACKS_EXPLICIT_BZERO
void explicit_bzero(void *bytes, size_t length);
#endif

#ifdef LACKS_MEMRCHR
void *memrchr(const void *bytes, int byte, size_t length);
#endif

#ifdef LACKS_MEMMEM
void *memmem(const void *bytes, size_t length, const void *wanted, size_t wanted_length);
#endif

#endif
