#include "azure.h"

#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void azure_finish(struct azure_file *file) {
    memory_wipe_text(&file->secret);
    free(file->path);
    cJSON_Delete(file->roles);
    *file = (struct azure_file){0};
}

#ifndef HAVE_EXPAT

int azure_read(struct azure_file *file, const char *path, char *error, size_t size) {
    (void)path;
    *file = (struct azure_file){0};
    snprintf(error, size,
             "This ptvsd-dap was built without libexpat, and so reads no such files. "
             "Install libexpat's development files, and build it again.");
    return -1;
}

#else
#include <errno.h>
#include <expat.h>

enum { FILE_LIMIT = 4 << 20, DEPTH_LIMIT = 64 };

struct reading {
    struct azure_file *file;
    XML_Parser parser;
    char *names[DEPTH_LIMIT]; /* of the elements that are open */
    int depth;
    cJSON *role;        /* the one that is open */
    const char *refuse; /* why the file is not read on */
};

static const char *attribute(const char **attributes, const char *name) {
    for (; *attributes; attributes += 2)
        if (!strcmp(attributes[0], name))
            return attributes[1];
    return NULL;
}

/* Is an element of this name open `up` levels above the newest? */
static bool is_at(const struct reading *reading, int up, const char *name) {
    return reading->depth > up && !strcmp(reading->names[reading->depth - 1 - up], name);
}

static bool is_in(const struct reading *reading, const char *name) {
    for (int i = 0; i < reading->depth; i++)
        if (!strcmp(reading->names[i], name))
            return true;
    return false;
}

/* ---- a web site -------------------------------------------------------------------------------
 */

static void replace(char **text, const char *fresh) {
    free(*text);
    *text = memory_copy_text(fresh);
}

static void take_site(struct reading *reading, const char **attributes) {
    struct azure_file *file = reading->file;
    const char *key = attribute(attributes, "key"), *value = attribute(attributes, "value");
    const char *type = attribute(attributes, "type"), *path = attribute(attributes, "path");
    if (!is_at(reading, 0, "add"))
        return;
    if (is_at(reading, 1, "appSettings") && key && value && !strcmp(key, "WSGI_PTVSD_SECRET"))
        replace(&file->secret, value);
    if (is_at(reading, 1, "handlers") && path && type && strstr(type, ".WebSocketProxy"))
        replace(&file->path, path);
}

/* ---- a cloud service --------------------------------------------------------------------------
 */

static void begin_role(struct reading *reading, const char **attributes) {
    const char *name = attribute(attributes, "name");
    reading->role = cJSON_CreateObject();
    cJSON_AddStringToObject(reading->role, "name", name ? name : "");
    cJSON_AddObjectToObject(reading->role, "environment");
    cJSON_AddItemToArray(reading->file->roles, reading->role);
}

/* A variable without a value gets one from Azure. */
static void take_variable(struct reading *reading, const char **attributes) {
    cJSON *environment = cJSON_GetObjectItemCaseSensitive(reading->role, "environment");
    const char *name = attribute(attributes, "name"), *value = attribute(attributes, "value");
    if (!name || !*name)
        return;
    cJSON_DeleteItemFromObjectCaseSensitive(environment, name);
    cJSON_AddItemToObject(environment, name,
                          value ? cJSON_CreateString(value) : cJSON_CreateNull());
}

static void take_service(struct reading *reading, const char **attributes) {
    const char *command = attribute(attributes, "commandLine");
    if (reading->depth == 2 && (is_at(reading, 0, "WorkerRole") || is_at(reading, 0, "WebRole")))
        begin_role(reading, attributes);
    if (!reading->role || !is_in(reading, "Runtime"))
        return;
    if (is_at(reading, 0, "Variable"))
        take_variable(reading, attributes);
    if (is_at(reading, 0, "ProgramEntryPoint") && command) {
        cJSON_DeleteItemFromObjectCaseSensitive(reading->role, "command");
        cJSON_AddStringToObject(reading->role, "command", command);
    }
}

/* ---- XML --------------------------------------------------------------------------------------
 */

static void stop(struct reading *reading, const char *why) {
    reading->refuse = why;
    XML_StopParser(reading->parser, XML_FALSE);
}

static void begin_root(struct reading *reading, const char *name) {
    struct azure_file *file = reading->file;
    if (!strcmp(name, "configuration"))
        file->kind = AZURE_SITE;
    else if (!strcmp(name, "ServiceDefinition"))
        file->kind = AZURE_SERVICE;
    else
        stop(reading, "it is neither a web.debug.config nor a ServiceDefinition.csdef");
}

static void element_begins(void *context, const char *name, const char **attributes) {
    struct reading *reading = context;
    if (reading->refuse)
        return;
    if (reading->depth == DEPTH_LIMIT) {
        stop(reading, "it is nested too deeply");
        return;
    }
    reading->names[reading->depth++] = memory_copy_text(name);
    if (reading->depth == 1)
        begin_root(reading, name);
    if (reading->file->kind == AZURE_SITE)
        take_site(reading, attributes);
    else if (reading->file->kind == AZURE_SERVICE)
        take_service(reading, attributes);
}

static void element_ends(void *context, const char *name) {
    struct reading *reading = context;
    (void)name;
    if (reading->refuse)
        return;
    free(reading->names[--reading->depth]);
    if (reading->depth == 1)
        reading->role = NULL;
}

/* Visual Studio writes none, and entities are a way to make much of little. */
static void doctype_begins(void *context, const char *name, const char *system, const char *public,
                           int internal) {
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    stop(context, "it has a document type");
}

static int parse(struct reading *reading, FILE *input, const char *path, char *error, size_t size) {
    size_t total = 0, count;
    char bytes[16384];
    enum XML_Status status = XML_STATUS_OK;
    while (status == XML_STATUS_OK && (count = fread(bytes, 1, sizeof bytes, input)) > 0) {
        total += count;
        if (total > FILE_LIMIT)
            reading->refuse = "it is larger than 4 MiB";
        status = reading->refuse ? XML_STATUS_ERROR
                                 : XML_Parse(reading->parser, bytes, (int)count, XML_FALSE);
    }
    if (status == XML_STATUS_OK && !ferror(input))
        status = XML_Parse(reading->parser, "", 0, XML_TRUE);
    if (ferror(input))
        reading->refuse = strerror(errno);
    if (!reading->refuse && status == XML_STATUS_OK)
        return 0;
    if (reading->refuse)
        snprintf(error, size, "%s cannot be used: %s.", path, reading->refuse);
    else
        snprintf(error, size, "%s is no XML: %s in line %lu.", path,
                 XML_ErrorString(XML_GetErrorCode(reading->parser)),
                 (unsigned long)XML_GetCurrentLineNumber(reading->parser));
    return -1;
}

int azure_read(struct azure_file *file, const char *path, char *error, size_t size) {
    *file = (struct azure_file){.roles = cJSON_CreateArray()};
    FILE *input = fopen(path, "rbe");
    if (!input) {
        snprintf(error, size, "Cannot read %s: %s.", path, strerror(errno));
        return -1;
    }
    struct reading reading = {.file = file, .parser = XML_ParserCreate(NULL)};
    XML_SetUserData(reading.parser, &reading);
    XML_SetElementHandler(reading.parser, element_begins, element_ends);
    XML_SetStartDoctypeDeclHandler(reading.parser, doctype_begins);
    int result = parse(&reading, input, path, error, size);
    XML_ParserFree(reading.parser);
    while (reading.depth)
        free(reading.names[--reading.depth]);
    fclose(input);
    return result;
}

#endif
