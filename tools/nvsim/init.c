/* Initialising and reconfiguring a session's coder. */
#include "nvenc.h"
#include "table.h"
#include <string.h>

#define RECONFIGURE RECONFIGURE_PARAMS

static void tell(const struct session *session, const char *event)
{
    static const char *const codecs[CODEC_COUNT] = { "h264", "hevc", "av1" };
    static const char *const modes[] = { "constqp", "vbr", "cbr" };
    const struct settings *s = &session->settings;
    log_event(event, "\"gpu\":%d,\"session\":%d,\"codec\":\"%s\",\"depth\":%d,\"width\":%d,\"height\":%d,\"rate\":\"%u/%u\","
        "\"mode\":\"%s\",\"average\":%u,\"maximum\":%u,\"vbv\":%u,\"gop\":%u,\"b\":%d,\"lookahead\":%d", session->gpu->index, session->id,
        codecs[s->codec], s->depth, s->width, s->height, s->rate_num, s->rate_den, modes[s->rate_mode], s->average, s->maximum, s->vbv, s->gop,
        s->group - 1, s->lookahead);
}

static int initialize(struct session *session, struct view init)
{
    if (session->initialized) {
        return violation(session, INVALID_CALL, "nvEncInitializeEncoder", "", "the session is initialized already"), INVALID_CALL;
    }
    struct settings settings;
    int result = settings_read(session, init, &settings);
    if (result != SUCCESS) {
        return result;
    }
    const struct coder_kind *kind = coder_of(settings.codec);
    session->coder = kind->open(&settings);
    if (session->coder == NULL) {
        return violation(session, UNSUPPORTED_PARAM, "NV_ENC_INITIALIZE_PARAMS", "", "the library behind the simulator refuses"), UNSUPPORTED_PARAM;
    }
    session->settings = settings;
    session->initialized = true;
    tell(session, "init");
    return SUCCESS;
}

static int reconfigure(struct session *session, struct view view)
{
    if (!session->initialized) {
        return violation(session, ENCODER_NOT_INITIALIZED, "nvEncReconfigureEncoder", "", "before nvEncInitializeEncoder"), ENCODER_NOT_INITIALIZED;
    }
    struct settings settings;
    int result = check_struct(session, view, RECONFIGURE);
    if (result == SUCCESS) {
        result = settings_read(session, inside(view, RECONFIGURE_PARAMS_reInitEncodeParams), &settings);
    }
    if (result != SUCCESS) {
        return result;
    }
    const struct settings *old = &session->settings;
    if (settings.codec != old->codec || settings.group != old->group || settings.gop != old->gop || settings.depth != old->depth) {
        return wrong(session, RECONFIGURE, RECONFIGURE_PARAMS_reInitEncodeParams, "codec, depth and GOP structure cannot change"), INVALID_PARAM;
    }
    const struct coder_kind *kind = coder_of(settings.codec);
    bool other_size = settings.width != old->width || settings.height != old->height;
    if (other_size) {
        struct coder *coder = kind->open(&settings);
        if (coder == NULL) {
            return INVALID_PARAM;
        }
        kind->close(session->coder);
        session->coder = coder;
    } else if (!kind->change_rate(session->coder, &settings)) {
        return GENERIC;
    }
    session->reset |= other_size || get(view, RECONFIGURE_PARAMS_resetEncoder) != 0 || get(view, RECONFIGURE_PARAMS_forceIDR) != 0;
    session->settings = settings;
    tell(session, "reconfigure");
    return SUCCESS;
}

static int headers(struct session *session, struct view payload)
{
    int result = check_struct(session, payload, SEQUENCE_PARAM_PAYLOAD);
    if (result != SUCCESS || !session->initialized) {
        return result != SUCCESS ? result : ENCODER_NOT_INITIALIZED;
    }
    uint8_t memory[1024];
    struct bytes bytes = { memory, 0, sizeof memory };
    uint32_t *size = get_pointer(payload, SEQUENCE_PARAM_PAYLOAD_outSPSPPSPayloadSize);
    void *to = get_pointer(payload, SEQUENCE_PARAM_PAYLOAD_spsppsBuffer);
    if (!coder_of(session->settings.codec)->headers(session->coder, &bytes) || size == NULL || to == NULL) {
        return INVALID_PTR;
    }
    if (bytes.size > get(payload, SEQUENCE_PARAM_PAYLOAD_inBufferSize)) {
        return NOT_ENOUGH_BUFFER;
    }
    memcpy(to, bytes.data, bytes.size);
    *size = (uint32_t)bytes.size;
    return SUCCESS;
}

static int with_struct(void *encoder, enum operation op, uint8_t *bytes, int (*call)(struct session *, struct view))
{
    struct session *session;
    int result = session_enter(encoder, op, &session, NULL);
    if (result == SUCCESS) {
        result = call(session, (struct view){ bytes, session->api });
        session_leave(session);
    }
    return result;
}

int nvenc_initialize(void *encoder, uint8_t *init) { return with_struct(encoder, OP_INIT, init, initialize); }
int nvenc_reconfigure(void *encoder, uint8_t *view) { return with_struct(encoder, OP_RECONFIGURE, view, reconfigure); }
int nvenc_sequence_headers(void *encoder, uint8_t *payload) { return with_struct(encoder, OP_QUERY, payload, headers); }
