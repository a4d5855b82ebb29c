/* NV_ENC_INITIALIZE_PARAMS and the config behind it become what a coder is told; every value is checked on the way. */
#include "nvenc.h"
#include <string.h>

#define WRONG(id, field, ...) wrong(session, id, id##_##field, __VA_ARGS__)

/* Gives up on the first that is not SUCCESS. */
#define TRY(expression) do { int tried = (expression); if (tried != SUCCESS) { return tried; } } while (0)

static uint32_t divisor(uint32_t a, uint32_t b)
{
    while (b != 0) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a == 0 ? 1 : a;
}

static void read_aspect(struct view init, struct settings *settings)
{
    uint32_t wide = (uint32_t)get(init, INITIALIZE_PARAMS_darWidth), high = (uint32_t)get(init, INITIALIZE_PARAMS_darHeight);
    settings->aspect_num = settings->aspect_den = 1;
    if (wide != 0 && high != 0) {
        uint64_t num = (uint64_t)wide * (uint32_t)settings->height, den = (uint64_t)high * (uint32_t)settings->width;
        while (num > 0xffffffff || den > 0xffffffff) {
            num >>= 1;
            den >>= 1;
        }
        uint32_t common = divisor((uint32_t)num, (uint32_t)den);
        settings->aspect_num = (uint32_t)num / common;
        settings->aspect_den = (uint32_t)den / common;
    }
}

static int read_rate(struct session *session, struct view rate, struct settings *settings)
{
    TRY(check_struct(session, rate, RC_PARAMS));
    uint32_t mode = (uint32_t)get(rate, RC_PARAMS_rateControlMode);
    if (mode > RATE_CBR) {
        TRY(WRONG(RC_PARAMS, rateControlMode, "%u, known are 0 (constant QP), 1 (VBR) and 2 (CBR)", mode));
    }
    if (get(rate, RC_PARAMS_multiPass) > 2) {
        TRY(WRONG(RC_PARAMS, multiPass, "%u, known are 0 to 2", (unsigned)get(rate, RC_PARAMS_multiPass)));
    }
    struct view qp = inside(rate, RC_PARAMS_constQP);
    memcpy(&settings->qp, qp.bytes, sizeof settings->qp);
    if (mode == RATE_CONSTANT_QP && (settings->qp < 0 || settings->qp > (settings->codec == CODEC_AV1 ? 255 : 51))) {
        TRY(WRONG(RC_PARAMS, constQP, "%d", settings->qp));
    }
    settings->rate_mode = (int)mode;
    settings->average = (uint32_t)get(rate, RC_PARAMS_averageBitRate);
    settings->maximum = (uint32_t)get(rate, RC_PARAMS_maxBitRate);
    settings->vbv = (uint32_t)get(rate, RC_PARAMS_vbvBufferSize);
    settings->quality = (double)get(rate, RC_PARAMS_targetQuality) + (double)get(rate, RC_PARAMS_targetQualityLSB) / 256;
    settings->lookahead = get(rate, RC_PARAMS_enableLookahead) != 0 ? (int)get(rate, RC_PARAMS_lookaheadDepth) : 0;
    if (mode != RATE_CONSTANT_QP && settings->average == 0 && settings->quality == 0) {
        TRY(WRONG(RC_PARAMS, averageBitRate, "0 with rate control by bit rate"));
    }
    if (settings->maximum != 0 && settings->average > settings->maximum) {
        TRY(WRONG(RC_PARAMS, maxBitRate, "%u, less than the average of %u", settings->maximum, settings->average));
    }
    return SUCCESS;
}

static int read_vui(struct session *session, struct view vui, struct settings *settings)
{
    TRY(check_struct(session, vui, CONFIG_H264_VUI_PARAMETERS));
    settings->signal_present = get(vui, CONFIG_H264_VUI_PARAMETERS_videoSignalTypePresentFlag) != 0;
    settings->color_present = get(vui, CONFIG_H264_VUI_PARAMETERS_colourDescriptionPresentFlag) != 0;
    settings->full_range = get(vui, CONFIG_H264_VUI_PARAMETERS_videoFullRangeFlag) != 0;
    settings->video_format = (int)get(vui, CONFIG_H264_VUI_PARAMETERS_videoFormat);
    settings->primaries = (int)get(vui, CONFIG_H264_VUI_PARAMETERS_colourPrimaries);
    settings->transfer = (int)get(vui, CONFIG_H264_VUI_PARAMETERS_transferCharacteristics);
    settings->matrix = (int)get(vui, CONFIG_H264_VUI_PARAMETERS_colourMatrix);
    return SUCCESS;
}

/* Depth became two enumerations with API 12.2; 0 is no value of theirs. */
static int read_depth(struct session *session, enum layout_struct_id id, struct view codec, enum layout_field_id output, enum layout_field_id input,
    enum layout_field_id minus_8, struct settings *settings)
{
    settings->depth = 8;
    if (has(session->api, output)) {
        uint32_t out = (uint32_t)get(codec, output), in = (uint32_t)get(codec, input);
        if (out != 8 && out != 10) {
            TRY(wrong(session, id, output, "%u, known are 8 and 10", out));
        }
        if (in != 8 && in != 10) {
            TRY(wrong(session, id, input, "%u, known are 8 and 10", in));
        }
        settings->depth = out == 10 ? 10 : 8;
    } else if (has(session->api, minus_8)) {
        uint32_t more = (uint32_t)get(codec, minus_8);
        if (more != 0 && more != 2) {
            TRY(wrong(session, id, minus_8, "%u, known are 0 and 2", more));
        }
        settings->depth = 8 + (int)more;
    }
    return SUCCESS;
}

static int read_h264(struct session *session, struct view codec, struct settings *settings)
{
    TRY(check_struct(session, codec, CONFIG_H264));
    TRY(read_depth(session, CONFIG_H264, codec, CONFIG_H264_outputBitDepth, CONFIG_H264_inputBitDepth, CONFIG_H264_outputBitDepth, settings));
    if (get(codec, CONFIG_H264_chromaFormatIDC) != 1) {
        TRY(WRONG(CONFIG_H264, chromaFormatIDC, "%u, only 1 (4:2:0) is simulated", (unsigned)get(codec, CONFIG_H264_chromaFormatIDC)));
    }
    if (get(codec, CONFIG_H264_entropyCodingMode) > 2) {
        TRY(WRONG(CONFIG_H264, entropyCodingMode, "%u, known are 0 to 2", (unsigned)get(codec, CONFIG_H264_entropyCodingMode)));
    }
    settings->repeat_headers = get(codec, CONFIG_H264_repeatSPSPPS) != 0;
    settings->no_headers = get(codec, CONFIG_H264_disableSPSPPS) != 0;
    settings->delimiters = get(codec, CONFIG_H264_outputAUD) != 0;
    settings->gop = (uint32_t)get(codec, CONFIG_H264_idrPeriod);
    return read_vui(session, inside(codec, CONFIG_H264_h264VUIParameters), settings);
}

static int read_hevc(struct session *session, struct view codec, struct settings *settings)
{
    TRY(check_struct(session, codec, CONFIG_HEVC));
    TRY(read_depth(session, CONFIG_HEVC, codec, CONFIG_HEVC_outputBitDepth, CONFIG_HEVC_inputBitDepth, CONFIG_HEVC_pixelBitDepthMinus8, settings));
    if (get(codec, CONFIG_HEVC_chromaFormatIDC) != 1) {
        TRY(WRONG(CONFIG_HEVC, chromaFormatIDC, "%u, only 1 (4:2:0) is simulated", (unsigned)get(codec, CONFIG_HEVC_chromaFormatIDC)));
    }
    if (get(codec, CONFIG_HEVC_tier) > 1) {
        TRY(WRONG(CONFIG_HEVC, tier, "%u, known are 0 and 1", (unsigned)get(codec, CONFIG_HEVC_tier)));
    }
    settings->repeat_headers = get(codec, CONFIG_HEVC_repeatSPSPPS) != 0;
    settings->no_headers = get(codec, CONFIG_HEVC_disableSPSPPS) != 0;
    settings->delimiters = get(codec, CONFIG_HEVC_outputAUD) != 0;
    settings->gop = (uint32_t)get(codec, CONFIG_HEVC_idrPeriod);
    return read_vui(session, inside(codec, CONFIG_HEVC_hevcVUIParameters), settings);
}

static int read_av1(struct session *session, struct view codec, struct settings *settings)
{
    TRY(check_struct(session, codec, CONFIG_AV1));
    TRY(read_depth(session, CONFIG_AV1, codec, CONFIG_AV1_outputBitDepth, CONFIG_AV1_inputBitDepth, CONFIG_AV1_pixelBitDepthMinus8, settings));
    if (get(codec, CONFIG_AV1_chromaFormatIDC) != 1) {
        TRY(WRONG(CONFIG_AV1, chromaFormatIDC, "%u, only 1 (4:2:0) is simulated", (unsigned)get(codec, CONFIG_AV1_chromaFormatIDC)));
    }
    if (get(codec, CONFIG_AV1_outputAnnexBFormat) != 0) {
        TRY(WRONG(CONFIG_AV1, outputAnnexBFormat, "1, which is not simulated"));
    }
    /* libaom writes the sequence header before every keyframe, asked or not. */
    settings->repeat_headers = true;
    settings->gop = (uint32_t)get(codec, CONFIG_AV1_idrPeriod);
    settings->signal_present = settings->color_present = get(codec, CONFIG_AV1_colorPrimaries) != 0;
    settings->full_range = get(codec, CONFIG_AV1_colorRange) != 0;
    settings->primaries = (int)get(codec, CONFIG_AV1_colorPrimaries);
    settings->transfer = (int)get(codec, CONFIG_AV1_transferCharacteristics);
    settings->matrix = (int)get(codec, CONFIG_AV1_matrixCoefficients);
    return SUCCESS;
}

static int read_config(struct session *session, struct view config, struct settings *settings)
{
    char text[40];
    TRY(check_struct(session, config, CONFIG));
    struct guid profile = get_guid(config, CONFIG_profileGUID);
    settings->profile = profile_of(settings->codec, profile);
    if (settings->profile < 0 && !guid_equal(profile, profile_automatic)) {
        TRY(WRONG(CONFIG, profileGUID, "%s is no profile of this codec that is simulated", guid_text(profile, text)));
    }
    int group = get_signed(config, CONFIG_frameIntervalP);
    if (group < 1 || group > 5) {
        TRY(WRONG(CONFIG, frameIntervalP, "%d, simulated are 1 to 5", group));
    }
    if (get(config, CONFIG_frameFieldMode) != 1) {
        TRY(WRONG(CONFIG, frameFieldMode, "%u, only 1 (frames) is simulated", (unsigned)get(config, CONFIG_frameFieldMode)));
    }
    if (get(config, CONFIG_mvPrecision) > 3) {
        TRY(WRONG(CONFIG, mvPrecision, "%u, known are 0 to 3", (unsigned)get(config, CONFIG_mvPrecision)));
    }
    if (get(config, CONFIG_monoChromeEncoding) != 0) {
        TRY(WRONG(CONFIG, monoChromeEncoding, "%u, only 0 is simulated", (unsigned)get(config, CONFIG_monoChromeEncoding)));
    }
    settings->group = group;
    TRY(read_rate(session, inside(config, CONFIG_rcParams), settings));

    static int (*const read[CODEC_COUNT])(struct session *, struct view, struct settings *) = { read_h264, read_hevc, read_av1 };
    TRY(read[settings->codec](session, inside(config, CONFIG_encodeCodecConfig), settings));
    if (settings->codec == CODEC_H264 && settings->depth > 8) {
        return violation(session, UNSUPPORTED_PARAM, "NV_ENC_CONFIG_H264", "outputBitDepth", "10, which these cards do not encode");
    }

    /* The shorter of the two; all ones is endless. */
    uint32_t gop = (uint32_t)get(config, CONFIG_gopLength), idr = settings->gop;
    gop = gop == UINT32_MAX ? 0 : gop;
    idr = idr == UINT32_MAX ? 0 : idr;
    settings->gop = gop == 0 ? idr : idr == 0 || gop < idr ? gop : idr;
    return SUCCESS;
}

int settings_read(struct session *session, struct view init, struct settings *settings)
{
    char text[40];
    memset(settings, 0, sizeof *settings);
    TRY(check_struct(session, init, INITIALIZE_PARAMS));
    struct guid codec = get_guid(init, INITIALIZE_PARAMS_encodeGUID), preset = get_guid(init, INITIALIZE_PARAMS_presetGUID);
    settings->codec = codec_of(codec);
    if (settings->codec < 0 || (session->gpu->codecs & 1u << settings->codec) == 0) {
        return violation(session, UNSUPPORTED_PARAM, "NV_ENC_INITIALIZE_PARAMS", "encodeGUID", "%s is no codec of this card", guid_text(codec, text));
    }
    bool known = false;
    for (int i = 0; i < PRESET_COUNT; i++) {
        known |= guid_equal(preset_guids[i], preset);
    }
    if (!known) {
        TRY(WRONG(INITIALIZE_PARAMS, presetGUID, "%s is none of P1 to P7", guid_text(preset, text)));
    }
    int tuning = (int)get(init, INITIALIZE_PARAMS_tuningInfo), tunings = session->api >= API_12_2 ? 5 : 4;
    if (tuning < 1 || tuning > tunings) {
        TRY(WRONG(INITIALIZE_PARAMS, tuningInfo, "%d, API %s has 1 to %d", tuning, api_name(session->api), tunings));
    }
    settings->width = (int)get(init, INITIALIZE_PARAMS_encodeWidth);
    settings->height = (int)get(init, INITIALIZE_PARAMS_encodeHeight);
    int most = settings->codec == CODEC_H264 ? 4096 : 8192;
    if (settings->width < 32 || settings->width > most) {
        return WRONG(INITIALIZE_PARAMS, encodeWidth, "%d, this card encodes 32 to %d", settings->width, most), INVALID_PARAM;
    }
    if (settings->height < 32 || settings->height > most) {
        return WRONG(INITIALIZE_PARAMS, encodeHeight, "%d, this card encodes 32 to %d", settings->height, most), INVALID_PARAM;
    }
    uint32_t widest = (uint32_t)get(init, INITIALIZE_PARAMS_maxEncodeWidth), highest = (uint32_t)get(init, INITIALIZE_PARAMS_maxEncodeHeight);
    if ((widest != 0 && widest < (uint32_t)settings->width) || (highest != 0 && highest < (uint32_t)settings->height)) {
        TRY(WRONG(INITIALIZE_PARAMS, maxEncodeWidth, "%ux%u is less than %dx%d", widest, highest, settings->width, settings->height));
    }
    settings->rate_num = (uint32_t)get(init, INITIALIZE_PARAMS_frameRateNum);
    settings->rate_den = (uint32_t)get(init, INITIALIZE_PARAMS_frameRateDen);
    if (settings->rate_num == 0 || settings->rate_den == 0) {
        return WRONG(INITIALIZE_PARAMS, frameRateNum, "%u/%u frames a second", settings->rate_num, settings->rate_den), INVALID_PARAM;
    }
    if (get(init, INITIALIZE_PARAMS_enableEncodeAsync) != 0) {
        TRY(WRONG(INITIALIZE_PARAMS, enableEncodeAsync, "1, which Linux does not have"));
    }
    if (get(init, INITIALIZE_PARAMS_enablePTD) != 1) {
        TRY(WRONG(INITIALIZE_PARAMS, enablePTD, "%u, only 1 is simulated", (unsigned)get(init, INITIALIZE_PARAMS_enablePTD)));
    }
    read_aspect(init, settings);

    struct view config = { get_pointer(init, INITIALIZE_PARAMS_encodeConfig), session->api };
    uint8_t filled[4096];
    if (config.bytes == NULL) {
        config.bytes = filled;
        preset_fill(config, settings->codec, tuning);
    }
    return read_config(session, config, settings);
}
