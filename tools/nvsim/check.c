#include "nvenc.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int report(struct session *session, int status, const char *structure, const char *field, const char *format, va_list arguments)
{
    char text[256], escaped[512];
    vsnprintf(text, sizeof text, format, arguments);
    log_event("violation", "\"session\":%d,\"status\":\"%s\",\"struct\":\"%s\",\"field\":\"%s\",\"text\":\"%s\"", session == NULL ? -1 : session->id,
        status_name(status), structure, field, json_text(text, escaped, sizeof escaped));
    if (session != NULL) {
        snprintf(session->error, sizeof session->error, "%s.%s: %s", structure, field, text);
    }
    const char *strict = setting("NVSIM_STRICT");
    return strict != NULL && strcmp(strict, "0") == 0 ? SUCCESS : status;
}

int violation(struct session *session, int status, const char *structure, const char *field, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int result = report(session, status, structure, field, format, arguments);
    va_end(arguments);
    return result;
}

int wrong(struct session *session, enum layout_struct_id id, enum layout_field_id field, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int result = report(session, INVALID_PARAM, layout_structs[id].name, layout_fields[field].name, format, arguments);
    va_end(arguments);
    return result;
}

static int check_reserved(struct session *session, struct view view, enum layout_struct_id id, const struct layout_field *field)
{
    const struct layout_place *place = &field->in[view.api];
    if (place->bits != 0) {
        uint64_t value = get(view, (enum layout_field_id)(field - layout_fields));
        return value == 0 ? SUCCESS : violation(session, INVALID_PARAM, layout_structs[id].name, field->name,
            "reserved bits %d to %d of the word at byte %d are 0x%llx, API %s wants 0", place->bit, place->bit + place->bits - 1, place->at,
            (unsigned long long)value, api_name(view.api));
    }
    for (int at = place->at; at < place->at + place->bytes; at++) {
        if (view.bytes[at] != 0) {
            return violation(session, INVALID_PARAM, layout_structs[id].name, field->name, "reserved byte %d is 0x%02x, API %s wants 0", at,
                view.bytes[at], api_name(view.api));
        }
    }
    return SUCCESS;
}

int check_struct(struct session *session, struct view view, enum layout_struct_id id)
{
    const struct layout_struct *layout = &layout_structs[id];
    if (view.bytes == NULL) {
        return violation(session, INVALID_PTR, layout->name, "", "null pointer");
    }
    if (layout->revision[view.api] != 0) {
        uint32_t seen, wanted = version_word(view.api, id);
        memcpy(&seen, view.bytes, sizeof seen);
        int result = seen == wanted ? SUCCESS
            : violation(session, INVALID_VERSION, layout->name, "version", "0x%08x, API %s wants 0x%08x", seen, api_name(view.api), wanted);
        if (result != SUCCESS) {
            return result;
        }
    }
    /* What only the driver writes ("reservedInternal") is not the client's to clear. */
    for (int i = layout->first; i < layout->first + layout->count; i++) {
        const struct layout_field *field = &layout_fields[i];
        if (strncmp(field->name, "reserved", 8) == 0 && strcmp(field->name, "reservedInternal") != 0) {
            int result = check_reserved(session, view, id, field);
            if (result != SUCCESS) {
                return result;
            }
        }
    }
    return SUCCESS;
}
