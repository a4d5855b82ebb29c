/* Pictures in, coded pictures out. */
#include "nvenc.h"
#include "table.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FLAG_FORCE_INTRA = 1, FLAG_FORCE_IDR = 2, FLAG_HEADERS = 4, FLAG_EOS = 8 };
enum { TYPE_P = 0, TYPE_IDR = 3 };

#define WRONG(field, ...) wrong(session, PIC_PARAMS, PIC_PARAMS_##field, __VA_ARGS__)

/* Buffers that may be encoded from: created ones that are not locked, and mapped ones. */
static struct input *readable(struct session *session, void *handle)
{
    for (struct input *input = session->inputs; input != NULL; input = input->next) {
        if (input == handle) {
            return input->kind == INPUT_REGISTERED || input->locked ? NULL : input;
        }
    }
    return NULL;
}

static int check_picture(struct session *session, struct view picture, struct input **input, struct output **output)
{
    static const enum layout_struct_id codecs[CODEC_COUNT] = { PIC_PARAMS_H264, PIC_PARAMS_HEVC, PIC_PARAMS_AV1 };
    int result = check_struct(session, inside(picture, PIC_PARAMS_codecPicParams), codecs[session->settings.codec]);
    if (result != SUCCESS) {
        return result;
    }
    void *from = get_pointer(picture, PIC_PARAMS_inputBuffer), *to = get_pointer(picture, PIC_PARAMS_outputBitstream);
    *input = readable(session, from);
    for (*output = session->outputs; *output != NULL && *output != to; *output = (*output)->next) { }
    if (*input == NULL) {
        return WRONG(inputBuffer, "%p is no input of this session that is unlocked and, where it was registered, mapped", from), INVALID_PARAM;
    }
    if (*output == NULL) {
        return WRONG(outputBitstream, "%p is no output of this session", to), INVALID_PARAM;
    }
    if ((*output)->submitted || (*output)->locked) {
        return WRONG(outputBitstream, "still holds picture %llu", (unsigned long long)(*output)->order), INVALID_CALL;
    }
    uint32_t width = (uint32_t)get(picture, PIC_PARAMS_inputWidth), height = (uint32_t)get(picture, PIC_PARAMS_inputHeight);
    /* Of registered memory the driver knows the size. */
    if (!(width == 0 && height == 0 && (*input)->kind == INPUT_MAPPED) && (width != (*input)->width || height != (*input)->height)) {
        result = WRONG(inputWidth, "%ux%u, the input has %ux%u", width, height, (*input)->width, (*input)->height);
    }
    if ((*input)->width < (uint32_t)session->settings.width || (*input)->height < (uint32_t)session->settings.height) {
        return WRONG(inputBuffer, "%ux%u, the encoder wants %dx%d", (*input)->width, (*input)->height, session->settings.width,
            session->settings.height), INVALID_PARAM;
    }
    uint32_t pitch = (uint32_t)get(picture, PIC_PARAMS_inputPitch), format = (uint32_t)get(picture, PIC_PARAMS_bufferFmt);
    if (result == SUCCESS && pitch != (*input)->pitch && (pitch != 0 || (*input)->kind == INPUT_MAPPED)) {
        /* With buffers of the driver's the width is taken too. */
        result = (*input)->kind == INPUT_CREATED && pitch == width ? SUCCESS : WRONG(inputPitch, "%u, the input has %u", pitch, (*input)->pitch);
    }
    if (result == SUCCESS && format != (*input)->format) {
        result = WRONG(bufferFmt, "0x%x, the input has 0x%x", format, (*input)->format);
    }
    if (result == SUCCESS && get(picture, PIC_PARAMS_pictureStruct) != 1) {
        result = WRONG(pictureStruct, "%u, only 1 (a frame) is simulated", (unsigned)get(picture, PIC_PARAMS_pictureStruct));
    }
    return result;
}

static bool planes_allocate(struct planes *planes, const struct settings *settings)
{
    int wide = settings->depth > 8 ? 2 : 1, width = (settings->width + 1) / 2 * 2, height = (settings->height + 1) / 2 * 2;
    *planes = (struct planes){ .width = settings->width, .height = settings->height, .depth = settings->depth };
    uint8_t *memory = malloc((size_t)width * (size_t)height * 3 / 2 * (size_t)wide);
    planes->plane[0] = memory;
    planes->plane[1] = memory + width * height * wide;
    planes->plane[2] = planes->plane[1] + width * height / 4 * wide;
    planes->stride[0] = width * wide;
    planes->stride[1] = planes->stride[2] = width / 2 * wide;
    return memory != NULL;
}

static int code(struct session *session, const struct input *input, struct output *output, uint32_t flags)
{
    const struct coder_kind *kind = coder_of(session->settings.codec);
    struct planes planes;
    if (!planes_allocate(&planes, &session->settings)) {
        return OUT_OF_MEMORY;
    }
    planes_fill(&planes, input);
    output->coded.size = 0;
    bool force = (flags & (FLAG_FORCE_IDR | FLAG_FORCE_INTRA)) != 0 || session->reset;
    bool headers = session->submitted == 0 && !session->settings.no_headers && !session->settings.repeat_headers;
    bool done = (!(headers || ((flags & FLAG_HEADERS) != 0 && !session->settings.repeat_headers)) || kind->headers(session->coder, &output->coded))
        && kind->encode(session->coder, &planes, (int64_t)session->submitted, force, &output->coded, &output->key);
    free(planes.plane[0]);
    session->reset = false;
    return done ? SUCCESS : GENERIC;
}

/* What rules ask for of a picture that was coded. */
static void spoil(struct bytes *coded, enum effect effect)
{
    if (effect == EFFECT_EMPTY) {
        coded->size = 0;
    } else if (effect == EFFECT_TRUNCATE) {
        coded->size = coded->size / 2 + 1;
    } else if (effect == EFFECT_CORRUPT) {
        /* Behind the headers: an inverted half of the payload. */
        for (size_t i = coded->size / 2; i < coded->size; i++) {
            coded->data[i] ^= 0xff;
        }
    }
}

/* Marks what may be locked; a picture that others wait for makes all of them ready, but those in the lookahead. */
static int release(struct session *session, bool key)
{
    session->group = key ? 0 : session->group + 1;
    bool complete = key || session->group % (uint64_t)session->settings.group == 0;
    uint64_t lookahead = (uint64_t)session->settings.lookahead;
    if (!complete || session->submitted <= lookahead) {
        return NEED_MORE_INPUT;
    }
    for (struct output *output = session->outputs; output != NULL; output = output->next) {
        output->ready |= output->submitted && output->order + lookahead < session->submitted;
    }
    return SUCCESS;
}

static int encode(struct session *session, struct view picture, enum effect effect)
{
    if (!session->initialized) {
        return violation(session, ENCODER_NOT_INITIALIZED, "nvEncEncodePicture", "", "before nvEncInitializeEncoder"), ENCODER_NOT_INITIALIZED;
    }
    int result = check_struct(session, picture, PIC_PARAMS);
    if (result != SUCCESS) {
        return result;
    }
    uint32_t flags = (uint32_t)get(picture, PIC_PARAMS_encodePicFlags);
    if (flags > 63) {
        return WRONG(encodePicFlags, "0x%x", flags), INVALID_PARAM;
    }
    if ((flags & FLAG_EOS) != 0) {
        for (struct output *output = session->outputs; output != NULL; output = output->next) {
            output->ready |= output->submitted;
        }
        return SUCCESS;
    }
    struct input *input;
    struct output *output;
    result = check_picture(session, picture, &input, &output);
    if (result != SUCCESS) {
        return result;
    }
    result = code(session, input, output, flags);
    if (result != SUCCESS) {
        return result;
    }
    spoil(&output->coded, effect);
    output->submitted = true;
    output->ready = false;
    output->order = session->submitted++;
    output->due = gpu_busy_until(session->gpu->index, (uint64_t)session->settings.width * (uint64_t)session->settings.height);
    output->timestamp = get(picture, PIC_PARAMS_inputTimeStamp);
    output->duration = get(picture, PIC_PARAMS_inputDuration);
    output->frame_index = (uint32_t)get(picture, PIC_PARAMS_frameIdx);
    session->bytes += output->coded.size;
    return release(session, output->key);
}

int nvenc_encode(void *encoder, uint8_t *bytes)
{
    struct session *session;
    struct fault fault;
    int result = session_enter(encoder, OP_ENCODE, &session, &fault);
    if (result != SUCCESS) {
        return result;
    }
    if (fault.effect == EFFECT_HANG) {
        session_leave(session);
        fault_hang();
        return GENERIC;
    }
    result = encode(session, (struct view){ bytes, session->api }, fault.effect);
    session_leave(session);
    return result;
}

static void describe(struct view lock, const struct output *output)
{
    put(lock, LOCK_BITSTREAM_frameIdx, output->frame_index);
    put(lock, LOCK_BITSTREAM_hwEncodeStatus, 2);
    put(lock, LOCK_BITSTREAM_numSlices, 1);
    put(lock, LOCK_BITSTREAM_bitstreamSizeInBytes, output->coded.size);
    put(lock, LOCK_BITSTREAM_outputTimeStamp, output->timestamp);
    put(lock, LOCK_BITSTREAM_outputDuration, output->duration);
    put_pointer(lock, LOCK_BITSTREAM_bitstreamBufferPtr, output->coded.data);
    put(lock, LOCK_BITSTREAM_pictureType, output->key ? TYPE_IDR : TYPE_P);
    put(lock, LOCK_BITSTREAM_pictureStruct, 1);
    put(lock, LOCK_BITSTREAM_frameAvgQP, 25);
    if (has(lock.api, LOCK_BITSTREAM_frameIdxDisplay)) {
        put(lock, LOCK_BITSTREAM_frameIdxDisplay, output->order);
    }
}

/* The output to lock, or why not. */
static int lockable(struct session *session, struct view lock, struct output **found)
{
    int result = check_struct(session, lock, LOCK_BITSTREAM);
    if (result != SUCCESS) {
        return result;
    }
    void *handle = get_pointer(lock, LOCK_BITSTREAM_outputBitstream);
    struct output *output = session->outputs;
    for (; output != NULL && output != handle; output = output->next) { }
    *found = output;
    if (output == NULL || !output->submitted) {
        return wrong(session, LOCK_BITSTREAM, LOCK_BITSTREAM_outputBitstream, "%p holds no picture of this session", handle), INVALID_PARAM;
    }
    if (output->order != session->locked) {
        return wrong(session, LOCK_BITSTREAM, LOCK_BITSTREAM_outputBitstream, "holds picture %llu, but picture %llu is to be locked first",
            (unsigned long long)output->order, (unsigned long long)session->locked), INVALID_CALL;
    }
    if (!output->ready) {
        return wrong(session, LOCK_BITSTREAM, LOCK_BITSTREAM_outputBitstream, "holds picture %llu, which waits for more input",
            (unsigned long long)output->order), INVALID_PARAM;
    }
    return SUCCESS;
}

static void sleep_until(uint64_t nanoseconds)
{
    struct timespec until = { (time_t)(nanoseconds / 1000000000u), (long)(nanoseconds % 1000000000u) };
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

int nvenc_lock(void *encoder, uint8_t *bytes)
{
    struct session *session;
    struct fault fault;
    int result = session_enter(encoder, OP_LOCK, &session, &fault);
    if (result != SUCCESS) {
        return result;
    }
    struct view lock = { bytes, session->api };
    struct output *output;
    result = lockable(session, lock, &output);
    bool wait = result == SUCCESS && get(lock, LOCK_BITSTREAM_doNotWait) == 0;
    session->hung |= fault.effect == EFFECT_HANG;
    uint64_t due = result == SUCCESS ? output->due : 0;
    if (session->hung && result == SUCCESS) {
        session_leave(session);
        if (wait) {
            fault_hang();
            return GENERIC;
        }
        return LOCK_BUSY;
    }
    if (result == SUCCESS && due > now_nanoseconds()) {
        if (!wait) {
            session_leave(session);
            return LOCK_BUSY;
        }
        sleep_until(due);
    }
    if (result == SUCCESS) {
        spoil(&output->coded, fault.effect);
        output->locked = true;
        output->submitted = false;
        session->locked++;
        describe(lock, output);
    }
    session_leave(session);
    return result;
}

int nvenc_unlock(void *encoder, void *handle)
{
    struct session *session;
    int result = session_enter(encoder, OP_LOCK, &session, NULL);
    if (result != SUCCESS) {
        return result;
    }
    struct output *output = session->outputs;
    for (; output != NULL && output != handle; output = output->next) { }
    if (output == NULL || !output->locked) {
        result = violation(session, INVALID_PARAM, "nvEncUnlockBitstream", "", "%p is not locked", handle);
    } else {
        output->locked = false;
    }
    session_leave(session);
    return result;
}
