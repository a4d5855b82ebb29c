/* Inputs and outputs of a session: created, registered, mapped, locked and destroyed. */
#include "nvenc.h"
#include "table.h"
#include <stdlib.h>

#define FORMAT_WRONG "0x%x, simulated are NV12, YV12, IYUV and YUV420_10BIT"

/* The session's buffer of that handle and kind; null where there is none. */
static struct input *input_of(struct session *session, void *handle, enum input_kind kind)
{
    struct input *input = session->inputs;
    while (input != NULL && !(input == handle && input->kind == kind)) {
        input = input->next;
    }
    return input;
}

static struct output *output_of(struct session *session, void *handle)
{
    struct output *output = session->outputs;
    while (output != NULL && output != handle) {
        output = output->next;
    }
    return output;
}

static struct input *add_input(struct session *session, struct input from)
{
    struct input *input = malloc(sizeof *input);
    if (input != NULL) {
        *input = from;
        input->next = session->inputs;
        session->inputs = input;
    }
    return input;
}

static void remove_input(struct session *session, struct input *input)
{
    struct input **link = &session->inputs;
    while (*link != input) {
        link = &(*link)->next;
    }
    *link = input->next;
    if (input->kind == INPUT_CREATED) {
        free(input->bytes);
    }
    free(input);
}

static int stray(struct session *session, const char *what, void *handle)
{
    return violation(session, INVALID_PARAM, what, "", "%p is none of this session's", handle), INVALID_PARAM;
}

static int create_input(struct session *session, struct view create)
{
    int result = check_struct(session, create, CREATE_INPUT_BUFFER);
    if (result != SUCCESS) {
        return result;
    }
    struct input input = { .kind = INPUT_CREATED };
    input.width = (uint32_t)get(create, CREATE_INPUT_BUFFER_width);
    input.height = (uint32_t)get(create, CREATE_INPUT_BUFFER_height);
    input.format = (uint32_t)get(create, CREATE_INPUT_BUFFER_bufferFmt);
    if (!format_is_known(input.format)) {
        return wrong(session, CREATE_INPUT_BUFFER, CREATE_INPUT_BUFFER_bufferFmt, FORMAT_WRONG, input.format), INVALID_PARAM;
    }
    if (input.width < 32 || input.width > 8192 || input.height < 32 || input.height > 8192) {
        return wrong(session, CREATE_INPUT_BUFFER, CREATE_INPUT_BUFFER_width, "%ux%u", input.width, input.height), INVALID_PARAM;
    }
    /* Wider than the picture, so that clients who do not ask for the pitch are found out. */
    input.pitch = (format_row_bytes(input.format, input.width) / 256 + 1) * 256;
    input.bytes = calloc(1, format_bytes(input.format, input.pitch, input.height));
    struct input *made = input.bytes == NULL ? NULL : add_input(session, input);
    put_pointer(create, CREATE_INPUT_BUFFER_inputBuffer, made);
    return made == NULL ? OUT_OF_MEMORY : SUCCESS;
}

static int destroy_input(struct session *session, void *handle)
{
    struct input *input = input_of(session, handle, INPUT_CREATED);
    if (input == NULL) {
        return stray(session, "nvEncDestroyInputBuffer", handle);
    }
    remove_input(session, input);
    return SUCCESS;
}

static int lock_input(struct session *session, struct view lock)
{
    int result = check_struct(session, lock, LOCK_INPUT_BUFFER);
    struct input *input = result == SUCCESS ? input_of(session, get_pointer(lock, LOCK_INPUT_BUFFER_inputBuffer), INPUT_CREATED) : NULL;
    if (input == NULL) {
        return result != SUCCESS ? result : stray(session, "nvEncLockInputBuffer", get_pointer(lock, LOCK_INPUT_BUFFER_inputBuffer));
    }
    if (input->locked) {
        return violation(session, INVALID_CALL, "nvEncLockInputBuffer", "", "the buffer is locked already"), INVALID_CALL;
    }
    input->locked = true;
    put_pointer(lock, LOCK_INPUT_BUFFER_bufferDataPtr, input->bytes);
    put(lock, LOCK_INPUT_BUFFER_pitch, input->pitch);
    return SUCCESS;
}

static int unlock_input(struct session *session, void *handle)
{
    struct input *input = input_of(session, handle, INPUT_CREATED);
    if (input == NULL || !input->locked) {
        return input == NULL ? stray(session, "nvEncUnlockInputBuffer", handle)
            : violation(session, INVALID_CALL, "nvEncUnlockInputBuffer", "", "the buffer is not locked");
    }
    input->locked = false;
    return SUCCESS;
}

static int register_resource(struct session *session, struct view resource)
{
    int result = check_struct(session, resource, REGISTER_RESOURCE);
    if (result != SUCCESS) {
        return result;
    }
    struct input input = { .kind = INPUT_REGISTERED, .bytes = get_pointer(resource, REGISTER_RESOURCE_resourceToRegister) };
    input.width = (uint32_t)get(resource, REGISTER_RESOURCE_width);
    input.height = (uint32_t)get(resource, REGISTER_RESOURCE_height);
    input.pitch = (uint32_t)get(resource, REGISTER_RESOURCE_pitch);
    input.format = (uint32_t)get(resource, REGISTER_RESOURCE_bufferFormat);
    if (get(resource, REGISTER_RESOURCE_resourceType) != 1) {
        return wrong(session, REGISTER_RESOURCE, REGISTER_RESOURCE_resourceType, "%u, only 1 (CUDA memory) is simulated",
            (unsigned)get(resource, REGISTER_RESOURCE_resourceType)), UNIMPLEMENTED;
    }
    if (!format_is_known(input.format)) {
        return wrong(session, REGISTER_RESOURCE, REGISTER_RESOURCE_bufferFormat, FORMAT_WRONG, input.format), INVALID_PARAM;
    }
    if (input.pitch < format_row_bytes(input.format, input.width)) {
        return wrong(session, REGISTER_RESOURCE, REGISTER_RESOURCE_pitch, "%u, a row has %u bytes", input.pitch,
            format_row_bytes(input.format, input.width)), INVALID_PARAM;
    }
    struct input *made = input.bytes == NULL ? NULL : add_input(session, input);
    put_pointer(resource, REGISTER_RESOURCE_registeredResource, made);
    return made == NULL ? RESOURCE_REGISTER_FAILED : SUCCESS;
}

static int unregister_resource(struct session *session, void *handle)
{
    struct input *input = input_of(session, handle, INPUT_REGISTERED);
    if (input == NULL) {
        return stray(session, "nvEncUnregisterResource", handle), RESOURCE_NOT_REGISTERED;
    }
    if (input->mapped > 0) {
        return violation(session, INVALID_CALL, "nvEncUnregisterResource", "", "the resource is mapped"), INVALID_CALL;
    }
    remove_input(session, input);
    return SUCCESS;
}

static int map(struct session *session, struct view view)
{
    int result = check_struct(session, view, MAP_INPUT_RESOURCE);
    if (result != SUCCESS) {
        return result;
    }
    void *handle = get_pointer(view, MAP_INPUT_RESOURCE_registeredResource);
    struct input *resource = input_of(session, handle, INPUT_REGISTERED);
    if (resource == NULL) {
        return stray(session, "nvEncMapInputResource", handle), RESOURCE_NOT_REGISTERED;
    }
    struct input mapped = *resource;
    mapped.kind = INPUT_MAPPED;
    mapped.resource = resource;
    struct input *made = add_input(session, mapped);
    resource->mapped += made != NULL;
    put_pointer(view, MAP_INPUT_RESOURCE_mappedResource, made);
    put(view, MAP_INPUT_RESOURCE_mappedBufferFmt, resource->format);
    return made == NULL ? MAP_FAILED : SUCCESS;
}

static int unmap(struct session *session, void *handle)
{
    struct input *input = input_of(session, handle, INPUT_MAPPED);
    if (input == NULL) {
        return stray(session, "nvEncUnmapInputResource", handle), RESOURCE_NOT_MAPPED;
    }
    input->resource->mapped--;
    remove_input(session, input);
    return SUCCESS;
}

static int create_output(struct session *session, struct view create)
{
    int result = check_struct(session, create, CREATE_BITSTREAM_BUFFER);
    if (result != SUCCESS) {
        return result;
    }
    struct output *output = calloc(1, sizeof *output);
    if (output != NULL) {
        output->next = session->outputs;
        session->outputs = output;
    }
    put_pointer(create, CREATE_BITSTREAM_BUFFER_bitstreamBuffer, output);
    return output == NULL ? OUT_OF_MEMORY : SUCCESS;
}

static int destroy_output(struct session *session, void *handle)
{
    struct output *output = output_of(session, handle);
    if (output == NULL) {
        return stray(session, "nvEncDestroyBitstreamBuffer", handle);
    }
    struct output **link = &session->outputs;
    while (*link != output) {
        link = &(*link)->next;
    }
    *link = output->next;
    free(output->coded.data);
    free(output);
    return SUCCESS;
}

/* Calls that take a struct, and calls that take a handle, between entering the session and leaving it. */
static int with_struct(void *encoder, uint8_t *bytes, int (*call)(struct session *, struct view))
{
    struct session *session;
    int result = session_enter(encoder, OP_BUFFER, &session, NULL);
    if (result == SUCCESS) {
        result = call(session, (struct view){ bytes, session->api });
        session_leave(session);
    }
    return result;
}

static int with_handle(void *encoder, void *handle, int (*call)(struct session *, void *))
{
    struct session *session;
    int result = session_enter(encoder, OP_BUFFER, &session, NULL);
    if (result == SUCCESS) {
        result = call(session, handle);
        session_leave(session);
    }
    return result;
}

int nvenc_create_input(void *encoder, uint8_t *create) { return with_struct(encoder, create, create_input); }
int nvenc_destroy_input(void *encoder, void *input) { return with_handle(encoder, input, destroy_input); }
int nvenc_lock_input(void *encoder, uint8_t *lock) { return with_struct(encoder, lock, lock_input); }
int nvenc_unlock_input(void *encoder, void *input) { return with_handle(encoder, input, unlock_input); }
int nvenc_register(void *encoder, uint8_t *resource) { return with_struct(encoder, resource, register_resource); }
int nvenc_unregister(void *encoder, void *resource) { return with_handle(encoder, resource, unregister_resource); }
int nvenc_map(void *encoder, uint8_t *view) { return with_struct(encoder, view, map); }
int nvenc_unmap(void *encoder, void *mapped) { return with_handle(encoder, mapped, unmap); }
int nvenc_create_output(void *encoder, uint8_t *create) { return with_struct(encoder, create, create_output); }
int nvenc_destroy_output(void *encoder, void *output) { return with_handle(encoder, output, destroy_output); }
