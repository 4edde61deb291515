#include "reach_tls.h"

#include "idna.h"
#include "memory.h"
#include "tls_anchors.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct reading {
    struct reach *reach;
    const cJSON *arguments;
    struct dap_error *error;
};

static int want_text(struct reading *reading, const char *name, const char **text) {
    *text = NULL;
    if (dap_want_text(reading->arguments, name, text, reading->error) < 0)
        return -1;
    if (*text && !**text)
        *text = NULL;
    return 0;
}

/* Whoever asks for a check believes in a channel that is checked. */
static int refuse_without_tls(struct reading *reading) {
    static const char *const checks[] = {"tlsCaFile",     "tlsPin",        "tlsServerName",
                                         "tlsMinVersion", "tlsClientCert", "tlsClientKey"};
    enum address_scheme scheme = reading->reach->address.scheme;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        const cJSON *given = cJSON_GetObjectItemCaseSensitive(reading->arguments, checks[i]);
        if (dap_given(reading->arguments, checks[i]) &&
            !(cJSON_IsString(given) && !*given->valuestring))
            return dap_refuse(reading->error,
                              "\"%s\" is given, but %s:// is not encrypted. Give \"uri\" with "
                              "%ss:// instead, or leave \"%s\" out.",
                              checks[i], address_scheme_name(scheme), address_scheme_name(scheme),
                              checks[i]);
    }
    return 0;
}

static int read_anchors(struct reading *reading) {
    const char *path;
    char why[200];
    if (want_text(reading, "tlsCaFile", &path) < 0)
        return -1;
    if (!path)
        return 0;
    reading->reach->tls.anchors = tls_anchors_read(path, why, sizeof why);
    if (reading->reach->tls.anchors)
        return 0;
    return dap_refuse(reading->error,
                      "\"tlsCaFile\", %.120s, %s. Name a file with the program's certificate or "
                      "that of the authority that issued it.",
                      path, why);
}

/* ---- the pin --------------------------------------------------------------------------------- */

enum { BASE64_CHARACTERS = 43 }; /* of 32 bytes, and one = */

static size_t base64_length(const char *text) {
    return strcspn(text, "=\" ");
}

/* Base64 may begin with slashes of its own: its length tells. */
static const char *after_its_signs(const char *pin) {
    pin += strspn(pin, "=: \"");
    while (*pin == '/' && base64_length(pin) != BASE64_CHARACTERS)
        pin++;
    return pin + strspn(pin, "=: \"");
}

/* openssl prints "sha256 Fingerprint=", curl takes "sha256//", browsers and others vary. */
static const char *after_its_name(const char *pin) {
    static const char *const names[] = {"SHA256 Fingerprint", "SHA-256 Fingerprint", "pin-sha256",
                                        "SHA256", "SHA-256"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strncasecmp(pin, names[i], strlen(names[i])))
            return after_its_signs(pin + strlen(names[i]));
    return pin;
}

static int hex_digit(char byte) {
    const char *digits = "0123456789abcdef", *at = strchr(digits, byte | 0x20);
    return byte && at ? (int)(at - digits) : -1;
}

/* Gives the number of hex digits, separated or not; -1 if there is anything else. */
static int read_hex(const char *text, unsigned char pin[TLS_PIN_BYTES]) {
    int digits = 0;
    for (; *text; text++) {
        int digit = hex_digit(*text);
        if (digit < 0 && strchr(": -", *text))
            continue;
        if (digit < 0)
            return -1;
        if (digits < TLS_PIN_BYTES * 2)
            pin[digits / 2] = (unsigned char)(pin[digits / 2] << 4 | digit);
        digits++;
    }
    return digits;
}

/* In both alphabets. */
static bool read_base64(const char *text, unsigned char pin[TLS_PIN_BYTES]) {
    char whole[BASE64_CHARACTERS + 2];
    unsigned char bytes[TLS_PIN_BYTES + 4];
    size_t length = base64_length(text);
    if (length != BASE64_CHARACTERS)
        return false;
    for (size_t i = 0; i < length; i++)
        whole[i] = text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i];
    strcpy(whole + length, "=");
    if (EVP_DecodeBlock(bytes, (const unsigned char *)whole, BASE64_CHARACTERS + 1) < TLS_PIN_BYTES)
        return false;
    memcpy(pin, bytes, TLS_PIN_BYTES);
    return true;
}

static int add_pin(struct reading *reading, const char *pin) {
    enum { SHA1_DIGITS = 40 };
    struct tls_terms *terms = &reading->reach->tls;
    const char *value = after_its_name(pin);
    unsigned char *bytes = terms->pins[terms->pin_count];
    int digits = read_hex(value, bytes);
    if (digits == TLS_PIN_BYTES * 2 || read_base64(value, bytes)) {
        terms->pin_count++;
        return 0;
    }
    return dap_refuse(reading->error,
                      "\"tlsPin\" is no SHA-256 fingerprint%s: 64 hex digits, as 'openssl x509 "
                      "-noout -fingerprint -sha256 -in CERTFILE' prints them for the program's "
                      "certificate, or 44 characters of base64.",
                      digits == SHA1_DIGITS ? " (it is as long as a SHA-1 one)" : "");
}

/* One, or a list of which one has to fit: while a certificate is changed there are two. */
static int read_pins(struct reading *reading) {
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(reading->arguments, "tlsPin"), *one;
    const char *pin;
    if (!cJSON_IsArray(given))
        return want_text(reading, "tlsPin", &pin) < 0 ? -1 : pin ? add_pin(reading, pin) : 0;
    int count = cJSON_GetArraySize(given);
    if (count < 1 || count > TLS_PINS_MOST)
        return dap_refuse(reading->error, "\"tlsPin\" must be a fingerprint, or a list of 1 to %d.",
                          TLS_PINS_MOST);
    cJSON_ArrayForEach(one, given) {
        if (!cJSON_IsString(one))
            return dap_refuse(reading->error,
                              "\"tlsPin\" must be a fingerprint, or a list of them.");
        if (add_pin(reading, one->valuestring) < 0)
            return -1;
    }
    return 0;
}

/* ---- the rest -------------------------------------------------------------------------------- */

static int read_min_version(struct reading *reading) {
    static const struct {
        const char *name;
        int version;
    } versions[] = {{"1.0", TLS1_VERSION},
                    {"1", TLS1_VERSION},
                    {"1.1", TLS1_1_VERSION},
                    {"1.2", TLS1_2_VERSION},
                    {"1.3", TLS1_3_VERSION}};
    struct reach *reach = reading->reach;
    const char *text;
    if (want_text(reading, "tlsMinVersion", &text) < 0)
        return -1;
    if (!text)
        return 0;
    const char *number = strncasecmp(text, "TLS", 3) ? text : text + 3;
    number += strspn(number, "v ");
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
        if (!strcmp(number, versions[i].name))
            reach->tls.min_version = versions[i].version;
    if (!reach->tls.min_version)
        return dap_refuse(reading->error,
                          "\"tlsMinVersion\" must be \"1.0\", \"1.1\", \"1.2\" or \"1.3\".");
    if (reach->address.scheme == ADDRESS_WSS && reach->tls.min_version < TLS1_2_VERSION)
        return dap_refuse(reading->error,
                          "\"tlsMinVersion\" below \"1.2\" is for tcps:// only, as web servers "
                          "have long had better: leave it out.");
    return 0;
}

static int read_name(struct reading *reading) {
    const char *name;
    if (want_text(reading, "tlsServerName", &name) < 0)
        return -1;
    if (!name)
        return 0;
    reading->reach->tls.name = idna_to_ascii(name);
    return reading->reach->tls.name
               ? 0
               : dap_refuse(reading->error, "\"tlsServerName\" is no host name: " IDNA_LIMITS);
}

static int read_client(struct reading *reading) {
    const char *certificate, *key;
    if (want_text(reading, "tlsClientCert", &certificate) < 0 ||
        want_text(reading, "tlsClientKey", &key) < 0)
        return -1;
    return tls_client_read(&reading->reach->tls.client, certificate, key, reading->error);
}

int reach_read_tls(struct reach *reach, const cJSON *arguments, struct dap_error *error) {
    struct reading reading = {reach, arguments, error};
    struct tls_terms *terms = &reach->tls;
    if (dap_want_bool(arguments, "tlsAllowUntrusted", &terms->allow_untrusted, error) < 0 ||
        dap_want_bool(arguments, "tlsAllowNameMismatch", &terms->allow_name_mismatch, error) < 0)
        return -1;
    if (reach->address.scheme == ADDRESS_TCP || reach->address.scheme == ADDRESS_WS)
        return refuse_without_tls(&reading);
    if (read_anchors(&reading) < 0 || read_pins(&reading) < 0 || read_name(&reading) < 0 ||
        read_min_version(&reading) < 0 || read_client(&reading) < 0)
        return -1;
    return 0;
}
