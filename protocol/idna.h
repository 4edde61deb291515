/* Host names beyond ASCII, as name servers and certificates have them: "bücher.example" is
 * "xn--bcher-kva.example" (RFC 5891; Punycode: RFC 3492). */
#ifndef IDNA_H
#define IDNA_H

/* The end of a sentence on a name that is NULL here. */
#define IDNA_LIMITS                                                                                \
    "it must be UTF-8, and no part between two dots longer than 63 characters (of its form in "    \
    "ASCII, xn--…)."

/* The name in ASCII: labels in it already stay as they are. Capital letters of Latin-1, Greek and
 * Cyrillic become small ones, and the full stops of East Asia dots; all else is taken as it is
 * written. NULL: it is no UTF-8, or a label is too long for a name server. The caller frees it. */
char *idna_to_ascii(const char *host);

#endif
