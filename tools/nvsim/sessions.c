/* Sessions are opened and closed here, and every call passes through session_enter. */
#include "nvenc.h"
#include "table.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t list_lock = PTHREAD_MUTEX_INITIALIZER;
static struct session *sessions;
static int opened;

static struct session *find(void *handle)
{
    pthread_mutex_lock(&list_lock);
    struct session *found = sessions;
    while (found != NULL && found != handle) {
        found = found->next;
    }
    pthread_mutex_unlock(&list_lock);
    return found;
}

static bool context_is_gone(const struct session *session)
{
    struct context *context = context_of(session->context);
    return context == NULL || context_is_dead(context);
}

int session_enter(void *handle, enum operation op, struct session **entered, struct fault *left)
{
    struct session *session = find(handle);
    if (session == NULL) {
        return violation(NULL, INVALID_ENCODERDEVICE, "encoder", "", "%p is no open session", handle), INVALID_ENCODERDEVICE;
    }
    struct fault fault = fault_of((struct call){ op, session->gpu->index, session->initialized ? session->settings.codec : -1, session->id });
    /* Whoever polls for output sees a hung engine as one that is never done. */
    if (fault.effect == EFFECT_HANG && left == NULL) {
        fault_hang();
        return GENERIC;
    }
    if (fault.effect == EFFECT_STATUS) {
        return fault.status;
    }
    pthread_mutex_lock(&session->lock);
    if (op != OP_CLOSE && (fault.effect == EFFECT_LOST || context_is_gone(session))) {
        snprintf(session->error, sizeof session->error, "the device is gone");
        pthread_mutex_unlock(&session->lock);
        return DEVICE_NOT_EXIST;
    }
    if (left != NULL) {
        *left = fault;
    }
    *entered = session;
    return SUCCESS;
}

void session_leave(struct session *session) { pthread_mutex_unlock(&session->lock); }

static int refuse(const struct gpu *gpu, int status, const char *why)
{
    log_event("refused", "\"gpu\":%d,\"status\":\"%s\",\"text\":\"%s\"", gpu->index, status_name(status), why);
    return status;
}

int nvenc_open(uint8_t *bytes, void **encoder)
{
    *encoder = NULL;
    /* The API's number lies at the same place in every version. */
    uint32_t word = (uint32_t)get((struct view){ bytes, 0 }, OPEN_ENCODE_SESSION_EX_PARAMS_apiVersion);
    int api = api_of(word);
    if (api < 0) {
        return violation(NULL, INVALID_VERSION, "NV_ENC_OPEN_ENCODE_SESSION_EX_PARAMS", "apiVersion",
            "0x%08x is no API from 11.1 to 13.0", word), INVALID_VERSION;
    }
    if (api > api_maximum()) {
        return api_is_newer(api);
    }
    struct view open = { bytes, api };
    int result = check_struct(NULL, open, OPEN_ENCODE_SESSION_EX_PARAMS);
    if (result != SUCCESS) {
        return result;
    }
    if (get(open, OPEN_ENCODE_SESSION_EX_PARAMS_deviceType) != 1) {
        return wrong(NULL, OPEN_ENCODE_SESSION_EX_PARAMS, OPEN_ENCODE_SESSION_EX_PARAMS_deviceType, "%u, only 1 (CUDA) is simulated",
            (unsigned)get(open, OPEN_ENCODE_SESSION_EX_PARAMS_deviceType)), UNSUPPORTED_DEVICE;
    }
    struct context *context = context_of(get_pointer(open, OPEN_ENCODE_SESSION_EX_PARAMS_device));
    if (context == NULL) {
        return wrong(NULL, OPEN_ENCODE_SESSION_EX_PARAMS, OPEN_ENCODE_SESSION_EX_PARAMS_device, "no live CUDA context"), INVALID_DEVICE;
    }
    const struct gpu *gpu = context_gpu(context);
    struct fault fault = fault_of((struct call){ OP_OPEN, gpu->index, -1, -1 });
    if (fault.effect == EFFECT_HANG) {
        fault_hang();
        return GENERIC;
    }
    if (fault.effect == EFFECT_STATUS) {
        return refuse(gpu, fault.status, "a rule");
    }
    if (fault.effect == EFFECT_LOST || context_is_dead(context)) {
        return refuse(gpu, DEVICE_NOT_EXIST, "the device is lost");
    }
    if (gpu->engines == 0) {
        return refuse(gpu, UNSUPPORTED_DEVICE, "the card has no encoder");
    }
    struct session *session = calloc(1, sizeof *session);
    if (session == NULL || !slots_take(gpu, session->slots)) {
        free(session);
        return refuse(gpu, OUT_OF_MEMORY, "every session is taken");
    }
    session->api = api;
    session->gpu = gpu;
    session->context = context;
    pthread_mutex_init(&session->lock, NULL);
    pthread_mutex_lock(&list_lock);
    session->id = ++opened;
    session->next = sessions;
    sessions = session;
    pthread_mutex_unlock(&list_lock);
    *encoder = session;
    log_event("open", "\"gpu\":%d,\"session\":%d,\"api\":\"%s\"", gpu->index, session->id, api_name(api));
    return SUCCESS;
}

static int free_buffers(struct session *session)
{
    int left = 0;
    for (struct input *input = session->inputs, *next; input != NULL; input = next, left++) {
        next = input->next;
        if (input->kind == INPUT_CREATED) {
            free(input->bytes);
        }
        free(input);
    }
    for (struct output *output = session->outputs, *next; output != NULL; output = next, left++) {
        next = output->next;
        free(output->coded.data);
        free(output);
    }
    return left;
}

int nvenc_destroy(void *encoder)
{
    struct session *session;
    int result = session_enter(encoder, OP_CLOSE, &session, NULL);
    if (result != SUCCESS) {
        return result;
    }
    pthread_mutex_lock(&list_lock);
    for (struct session **link = &sessions; *link != NULL; link = &(*link)->next) {
        if (*link == session) {
            *link = session->next;
            break;
        }
    }
    pthread_mutex_unlock(&list_lock);
    session_leave(session);

    if (session->coder != NULL) {
        coder_of(session->settings.codec)->close(session->coder);
    }
    int left = free_buffers(session);
    /* Of a lost device nothing can be destroyed. */
    if (left > 0 && !context_is_gone(session)) {
        log_event("leak", "\"session\":%d,\"buffers\":%d", session->id, left);
    }
    slots_give_back(session->slots);
    log_event("close", "\"gpu\":%d,\"session\":%d,\"pictures\":%llu,\"locked\":%llu,\"bytes\":%llu", session->gpu->index, session->id,
        (unsigned long long)session->submitted, (unsigned long long)session->locked, (unsigned long long)session->bytes);
    pthread_mutex_destroy(&session->lock);
    free(session);
    return SUCCESS;
}

const char *nvenc_error(void *encoder)
{
    struct session *session = find(encoder);
    return session == NULL ? "no open session" : session->error;
}
