/* The library's two entry points, and the table of functions that one of them fills. */
#include "table.h"
#include "nvenc.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int unimplemented(void) { return UNIMPLEMENTED; }

static int set_streams(void *encoder, void *input, void *output)
{
    (void)encoder, (void)input, (void)output;
    return SUCCESS;
}

int api_maximum(void)
{
    const char *wanted = setting("NVSIM_MAX_API");
    if (wanted == NULL || *wanted == '\0') {
        return API_COUNT - 1;
    }
    if (strcmp(wanted, "11.0") == 0) {
        return -1;
    }
    for (int api = 0; api < API_COUNT; api++) {
        if (strcmp(api_name(api), wanted) == 0) {
            return api;
        }
    }
    fprintf(stderr, "nvsim: NVSIM_MAX_API=%s; known are 11.0 11.1 12.0 12.1 12.2 13.0\n", wanted);
    abort();
}

static const char *api_maximum_name(void) { return api_maximum() < 0 ? "11.0" : api_name(api_maximum()); }

int api_is_newer(int api)
{
    log_event("refused", "\"status\":\"INVALID_VERSION\",\"text\":\"asked for API %s, speaks %s\"", api_name(api), api_maximum_name());
    return INVALID_VERSION;
}

SHARED int NvEncodeAPIGetMaxSupportedVersion(uint32_t *version)
{
    *version = api_maximum() < 0 ? 11 << 4 : api_packed(api_maximum());
    return SUCCESS;
}

#define ENTRY(name, function) { FUNCTION_LIST_nvEnc##name, (void (*)(void))(function) }

static const struct { enum layout_field_id field; void (*function)(void); } entries[] = {
    ENTRY(OpenEncodeSession, unimplemented),
    ENTRY(GetEncodeGUIDCount, nvenc_codec_count),
    ENTRY(GetEncodeProfileGUIDCount, nvenc_profile_count),
    ENTRY(GetEncodeProfileGUIDs, nvenc_profiles),
    ENTRY(GetEncodeGUIDs, nvenc_codecs),
    ENTRY(GetInputFormatCount, nvenc_format_count),
    ENTRY(GetInputFormats, nvenc_formats),
    ENTRY(GetEncodeCaps, nvenc_capability),
    ENTRY(GetEncodePresetCount, nvenc_preset_count),
    ENTRY(GetEncodePresetGUIDs, nvenc_presets),
    ENTRY(GetEncodePresetConfig, nvenc_preset_config),
    ENTRY(InitializeEncoder, nvenc_initialize),
    ENTRY(CreateInputBuffer, nvenc_create_input),
    ENTRY(DestroyInputBuffer, nvenc_destroy_input),
    ENTRY(CreateBitstreamBuffer, nvenc_create_output),
    ENTRY(DestroyBitstreamBuffer, nvenc_destroy_output),
    ENTRY(EncodePicture, nvenc_encode),
    ENTRY(LockBitstream, nvenc_lock),
    ENTRY(UnlockBitstream, nvenc_unlock),
    ENTRY(LockInputBuffer, nvenc_lock_input),
    ENTRY(UnlockInputBuffer, nvenc_unlock_input),
    ENTRY(GetEncodeStats, unimplemented),
    ENTRY(GetSequenceParams, nvenc_sequence_headers),
    ENTRY(RegisterAsyncEvent, unimplemented),
    ENTRY(UnregisterAsyncEvent, unimplemented),
    ENTRY(MapInputResource, nvenc_map),
    ENTRY(UnmapInputResource, nvenc_unmap),
    ENTRY(DestroyEncoder, nvenc_destroy),
    ENTRY(InvalidateRefFrames, unimplemented),
    ENTRY(OpenEncodeSessionEx, nvenc_open),
    ENTRY(RegisterResource, nvenc_register),
    ENTRY(UnregisterResource, nvenc_unregister),
    ENTRY(ReconfigureEncoder, nvenc_reconfigure),
    ENTRY(CreateMVBuffer, unimplemented),
    ENTRY(DestroyMVBuffer, unimplemented),
    ENTRY(RunMotionEstimationOnly, unimplemented),
    ENTRY(GetLastErrorString, nvenc_error),
    ENTRY(SetIOCudaStreams, set_streams),
    ENTRY(GetEncodePresetConfigEx, nvenc_preset_config_tuned),
    ENTRY(GetSequenceParamEx, unimplemented),
    ENTRY(RestoreEncoderState, unimplemented),
    ENTRY(LookaheadPicture, unimplemented),
};

SHARED int NvEncodeAPICreateInstance(uint8_t *list)
{
    uint32_t word;
    memcpy(&word, list, sizeof word);
    int api = api_of(word & 0x0f0000ff);
    if (api < 0 || word != version_word(api, FUNCTION_LIST)) {
        return violation(NULL, INVALID_VERSION, "NV_ENCODE_API_FUNCTION_LIST", "version",
            "0x%08x is the word of no API from 11.1 to 13.0", word), INVALID_VERSION;
    }
    if (api > api_maximum()) {
        return api_is_newer(api);
    }
    struct view view = { list, api };
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        if (has(api, entries[i].field)) {
            put(view, entries[i].field, (uintptr_t)entries[i].function);
        }
    }
    return SUCCESS;
}
