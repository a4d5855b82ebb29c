#include "client.h"
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/* The simulator's GUIDs are not borrowed: a mistake in them would show to no one. */
static const uint8_t codecs[CODEC_COUNT][16] = {
    { 0x62, 0x27, 0xc8, 0x6b, 0x63, 0x4e, 0xa4, 0x4c, 0xaa, 0x85, 0x1e, 0x50, 0xf3, 0x21, 0xf6, 0xbf },
    { 0x88, 0xdc, 0x0c, 0x79, 0x22, 0x45, 0x7b, 0x4d, 0x94, 0x25, 0xbd, 0xa9, 0x97, 0x5f, 0x76, 0x03 },
    { 0x89, 0x22, 0x35, 0x0a, 0xa7, 0x0a, 0x59, 0x47, 0x86, 0x2d, 0x5d, 0x15, 0xcd, 0x16, 0xd2, 0x54 },
};
static const uint8_t preset_p4[16] = { 0x26, 0xb8, 0xa7, 0x90, 0x06, 0xdf, 0x62, 0x48, 0xb9, 0xd2, 0xcd, 0x6d, 0x73, 0xa0, 0x86, 0x81 };

enum { TUNING_LOW_LATENCY = 2, NV12 = 1, P010 = 0x10000, FORCE_IDR = 2, DEVICE_CUDA = 1, FRAME = 1 };

static int (*init_cuda)(unsigned);
static int (*create_context)(void **, unsigned, int);
static int (*destroy_context)(void *);
static int (*create_instance)(void *);

static void *symbol(void *library, const char *name)
{
    void *found = library == NULL ? NULL : dlsym(library, name);
    if (found == NULL) {
        fprintf(stderr, "%s: %s\n", name, dlerror());
    }
    return found;
}

bool client_load(const char *folder)
{
    char path[512];
    snprintf(path, sizeof path, "%s/libcuda.so.1", folder);
    void *cuda = dlopen(path, RTLD_NOW);
    snprintf(path, sizeof path, "%s/libnvidia-encode.so.1", folder);
    void *encode = dlopen(path, RTLD_NOW);
    init_cuda = (int (*)(unsigned))symbol(cuda, "cuInit");
    create_context = (int (*)(void **, unsigned, int))symbol(cuda, "cuCtxCreate_v2");
    destroy_context = (int (*)(void *))symbol(cuda, "cuCtxDestroy_v2");
    create_instance = (int (*)(void *))symbol(encode, "NvEncodeAPICreateInstance");
    return init_cuda != NULL && create_context != NULL && destroy_context != NULL && create_instance != NULL && init_cuda(0) == 0;
}

static void *function(struct client *client, enum layout_field_id field) { return get_pointer((struct view){ client->list, client->api }, field); }

#define CALL(name, ...) ((int (*)())function(client, FUNCTION_LIST_nvEnc##name))(__VA_ARGS__)

/* A struct as it is passed: its version word set, then harmed. */
static struct view stamped(struct client *client, uint8_t *bytes, enum layout_struct_id id)
{
    struct view view = { bytes, client->api };
    uint32_t word = version_word(client->api, id);
    memcpy(bytes, &word, sizeof word);
    return view;
}

static uint8_t *passed(struct client *client, struct view view, enum layout_struct_id id)
{
    if (client->harm != NULL) {
        client->harm(view, id);
    }
    return view.bytes;
}

int client_instance(struct client *client)
{
    return create_instance(passed(client, stamped(client, client->list, FUNCTION_LIST), FUNCTION_LIST));
}

int client_open(struct client *client, int device)
{
    if (create_context(&client->context, 0, device) != 0) {
        return -1;
    }
    uint8_t bytes[1552] = { 0 };
    struct view open = stamped(client, bytes, OPEN_ENCODE_SESSION_EX_PARAMS);
    put(open, OPEN_ENCODE_SESSION_EX_PARAMS_deviceType, DEVICE_CUDA);
    put_pointer(open, OPEN_ENCODE_SESSION_EX_PARAMS_device, client->context);
    put(open, OPEN_ENCODE_SESSION_EX_PARAMS_apiVersion, api_word(client->api));
    return CALL(OpenEncodeSessionEx, passed(client, open, OPEN_ENCODE_SESSION_EX_PARAMS), &client->encoder);
}

static void set_depth(struct view codec, enum layout_field_id output, enum layout_field_id input, enum layout_field_id minus_8, int depth)
{
    if (has(codec.api, output)) {
        put(codec, output, (uint64_t)depth);
        put(codec, input, (uint64_t)depth);
    } else if (has(codec.api, minus_8)) {
        put(codec, minus_8, (uint64_t)depth - 8);
    }
}

static void set_codec(struct client *client, struct view codec)
{
    switch (client->codec) {
    case CODEC_H264:
        put(codec, CONFIG_H264_repeatSPSPPS, 1);
        break;
    case CODEC_HEVC:
        put(codec, CONFIG_HEVC_repeatSPSPPS, 1);
        set_depth(codec, CONFIG_HEVC_outputBitDepth, CONFIG_HEVC_inputBitDepth, CONFIG_HEVC_pixelBitDepthMinus8, client->depth);
        break;
    default:
        put(codec, CONFIG_AV1_repeatSeqHdr, 1);
        set_depth(codec, CONFIG_AV1_outputBitDepth, CONFIG_AV1_inputBitDepth, CONFIG_AV1_pixelBitDepthMinus8, client->depth);
        if (has(client->api, CONFIG_AV1_inputPixelBitDepthMinus8)) {
            put(codec, CONFIG_AV1_inputPixelBitDepthMinus8, (uint64_t)client->depth - 8);
        }
        break;
    }
}

static struct guid guid(const uint8_t bytes[16])
{
    struct guid value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

static int create_buffers(struct client *client)
{
    for (int i = 0; i < CLIENT_BUFFERS; i++) {
        uint8_t bytes[776] = { 0 };
        struct view input = stamped(client, bytes, CREATE_INPUT_BUFFER);
        put(input, CREATE_INPUT_BUFFER_width, CLIENT_WIDTH);
        put(input, CREATE_INPUT_BUFFER_height, CLIENT_HEIGHT);
        put(input, CREATE_INPUT_BUFFER_bufferFmt, client->depth == 10 ? P010 : NV12);
        int status = CALL(CreateInputBuffer, client->encoder, passed(client, input, CREATE_INPUT_BUFFER));
        if (status != SUCCESS) {
            return status;
        }
        client->inputs[i] = get_pointer(input, CREATE_INPUT_BUFFER_inputBuffer);
        memset(bytes, 0, sizeof bytes);
        struct view output = stamped(client, bytes, CREATE_BITSTREAM_BUFFER);
        status = CALL(CreateBitstreamBuffer, client->encoder, passed(client, output, CREATE_BITSTREAM_BUFFER));
        if (status != SUCCESS) {
            return status;
        }
        client->outputs[i] = get_pointer(output, CREATE_BITSTREAM_BUFFER_bitstreamBuffer);
    }
    return SUCCESS;
}

int client_prepare(struct client *client, uint32_t bits_per_second)
{
    struct view preset = stamped(client, client->config, PRESET_CONFIG), config = inside(preset, PRESET_CONFIG_presetCfg);
    stamped(client, config.bytes, CONFIG);
    int status = CALL(GetEncodePresetConfigEx, client->encoder, guid(codecs[client->codec]), guid(preset_p4), TUNING_LOW_LATENCY,
        passed(client, preset, PRESET_CONFIG));
    if (status != SUCCESS) {
        return status;
    }
    put(inside(config, CONFIG_rcParams), RC_PARAMS_averageBitRate, bits_per_second);
    set_codec(client, inside(config, CONFIG_encodeCodecConfig));

    struct view init = stamped(client, client->init, INITIALIZE_PARAMS);
    put_guid(init, INITIALIZE_PARAMS_encodeGUID, guid(codecs[client->codec]));
    put_guid(init, INITIALIZE_PARAMS_presetGUID, guid(preset_p4));
    put(init, INITIALIZE_PARAMS_tuningInfo, TUNING_LOW_LATENCY);
    put(init, INITIALIZE_PARAMS_encodeWidth, CLIENT_WIDTH);
    put(init, INITIALIZE_PARAMS_encodeHeight, CLIENT_HEIGHT);
    put(init, INITIALIZE_PARAMS_frameRateNum, 30000);
    put(init, INITIALIZE_PARAMS_frameRateDen, 1001);
    put(init, INITIALIZE_PARAMS_enablePTD, 1);
    put_pointer(init, INITIALIZE_PARAMS_encodeConfig, passed(client, config, CONFIG));
    status = CALL(InitializeEncoder, client->encoder, passed(client, init, INITIALIZE_PARAMS));
    return status == SUCCESS ? create_buffers(client) : status;
}

/* Slanted bars that move a pixel with each picture. */
static void paint(uint8_t *to, uint32_t pitch, int picture, int depth)
{
    for (int y = 0; y < CLIENT_HEIGHT * 3 / 2; y++) {
        for (int x = 0; x < CLIENT_WIDTH; x++) {
            int value = y < CLIENT_HEIGHT ? 40 + (x + y + picture) % 64 * 3 : 128;
            if (depth == 8) {
                to[(size_t)y * pitch + (size_t)x] = (uint8_t)value;
            } else {
                uint16_t deep = (uint16_t)(value << 8);
                memcpy(to + (size_t)y * pitch + (size_t)x * 2, &deep, sizeof deep);
            }
        }
    }
}

static int take(struct client *client, void *output, FILE *to)
{
    uint8_t bytes[1552] = { 0 };
    struct view lock = stamped(client, bytes, LOCK_BITSTREAM);
    put_pointer(lock, LOCK_BITSTREAM_outputBitstream, output);
    int status = CALL(LockBitstream, client->encoder, passed(client, lock, LOCK_BITSTREAM));
    if (status == SUCCESS) {
        size_t size = get(lock, LOCK_BITSTREAM_bitstreamSizeInBytes);
        fwrite(get_pointer(lock, LOCK_BITSTREAM_bitstreamBufferPtr), 1, size, to);
        client->bytes += size;
        client->keys += get(lock, LOCK_BITSTREAM_pictureType) == 3;
        status = CALL(UnlockBitstream, client->encoder, output);
    }
    return status;
}

int client_encode(struct client *client, bool force_key, FILE *to)
{
    int slot = client->pictures % CLIENT_BUFFERS;
    uint8_t bytes[1544] = { 0 };
    struct view lock = stamped(client, bytes, LOCK_INPUT_BUFFER);
    put_pointer(lock, LOCK_INPUT_BUFFER_inputBuffer, client->inputs[slot]);
    int status = CALL(LockInputBuffer, client->encoder, passed(client, lock, LOCK_INPUT_BUFFER));
    if (status != SUCCESS) {
        return status;
    }
    uint32_t pitch = (uint32_t)get(lock, LOCK_INPUT_BUFFER_pitch);
    paint(get_pointer(lock, LOCK_INPUT_BUFFER_bufferDataPtr), pitch, client->pictures, client->depth);
    CALL(UnlockInputBuffer, client->encoder, client->inputs[slot]);

    uint8_t memory[3360] = { 0 };
    struct view picture = stamped(client, memory, PIC_PARAMS);
    put(picture, PIC_PARAMS_inputWidth, CLIENT_WIDTH);
    put(picture, PIC_PARAMS_inputHeight, CLIENT_HEIGHT);
    put(picture, PIC_PARAMS_inputPitch, pitch);
    put(picture, PIC_PARAMS_encodePicFlags, force_key ? FORCE_IDR : 0);
    put(picture, PIC_PARAMS_inputTimeStamp, (uint64_t)client->pictures);
    put_pointer(picture, PIC_PARAMS_inputBuffer, client->inputs[slot]);
    put_pointer(picture, PIC_PARAMS_outputBitstream, client->outputs[slot]);
    put(picture, PIC_PARAMS_bufferFmt, client->depth == 10 ? P010 : NV12);
    put(picture, PIC_PARAMS_pictureStruct, FRAME);
    status = CALL(EncodePicture, client->encoder, passed(client, picture, PIC_PARAMS));
    client->pictures += status == SUCCESS;
    return status == SUCCESS ? take(client, client->outputs[slot], to) : status;
}

int client_change_rate(struct client *client, uint32_t bits_per_second)
{
    uint8_t bytes[1824] = { 0 };
    struct view reconfigure = stamped(client, bytes, RECONFIGURE_PARAMS);
    struct view config = inside((struct view){ client->config, client->api }, PRESET_CONFIG_presetCfg);
    put(inside(config, CONFIG_rcParams), RC_PARAMS_averageBitRate, bits_per_second);
    memcpy(inside(reconfigure, RECONFIGURE_PARAMS_reInitEncodeParams).bytes, client->init, layout_structs[INITIALIZE_PARAMS].size[client->api]);
    return CALL(ReconfigureEncoder, client->encoder, passed(client, reconfigure, RECONFIGURE_PARAMS));
}

void client_close(struct client *client)
{
    for (int i = 0; i < CLIENT_BUFFERS && client->encoder != NULL; i++) {
        if (client->inputs[i] != NULL) {
            CALL(DestroyInputBuffer, client->encoder, client->inputs[i]);
        }
        if (client->outputs[i] != NULL) {
            CALL(DestroyBitstreamBuffer, client->encoder, client->outputs[i]);
        }
    }
    if (client->encoder != NULL) {
        CALL(DestroyEncoder, client->encoder);
    }
    if (client->context != NULL) {
        destroy_context(client->context);
    }
    memset(client, 0, sizeof *client);
}
