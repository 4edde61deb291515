/* Functions of today's C libraries that an old glibc (explicit_bzero: 2.25), macOS or Windows
 * lacks. meson.build includes this everywhere, but only where one of them is lacking, and says
 * which as LACKS_…. Macros, since a header may offer what its library lacks: zig's of an old glibc
 * do, with _FORTIFY_SOURCE. */
#ifndef MISSING_H
#define MISSING_H

#include <string.h>

#ifdef LACKS_EXPLICIT_BZERO
#define explicit_bzero missing_explicit_bzero
void missing_explicit_bzero(void *bytes, size_t length);
#endif

#ifdef LACKS_MEMRCHR
#define memrchr missing_memrchr
void *missing_memrchr(const void *bytes, int byte, size_t length);
#endif

#ifdef LACKS_MEMMEM
#define memmem missing_memmem
void *missing_memmem(const void *bytes, size_t length, const void *wanted, size_t wanted_length);
#endif

#endif
