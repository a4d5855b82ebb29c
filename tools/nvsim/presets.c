/* What a preset fills in. A real driver's values are its own: only what clients rely on is here. */
#include "nvenc.h"
#include <string.h>

enum { TUNING_HIGH_QUALITY = 1, GOP_ENDLESS = -1 };

static void fill_h264(struct view codec, bool with_depth)
{
    put(codec, CONFIG_H264_idrPeriod, (uint32_t)GOP_ENDLESS);
    put(codec, CONFIG_H264_sliceMode, 3);
    put(codec, CONFIG_H264_sliceModeData, 1);
    put(codec, CONFIG_H264_chromaFormatIDC, 1);
    if (with_depth) {
        put(codec, CONFIG_H264_outputBitDepth, 8);
        put(codec, CONFIG_H264_inputBitDepth, 8);
    }
}

static void fill_hevc(struct view codec, bool with_depth)
{
    put(codec, CONFIG_HEVC_idrPeriod, (uint32_t)GOP_ENDLESS);
    put(codec, CONFIG_HEVC_sliceMode, 3);
    put(codec, CONFIG_HEVC_sliceModeData, 1);
    put(codec, CONFIG_HEVC_chromaFormatIDC, 1);
    if (with_depth) {
        put(codec, CONFIG_HEVC_outputBitDepth, 8);
        put(codec, CONFIG_HEVC_inputBitDepth, 8);
    }
}

static void fill_av1(struct view codec, bool with_depth)
{
    put(codec, CONFIG_AV1_idrPeriod, (uint32_t)GOP_ENDLESS);
    put(codec, CONFIG_AV1_chromaFormatIDC, 1);
    if (with_depth) {
        put(codec, CONFIG_AV1_outputBitDepth, 8);
        put(codec, CONFIG_AV1_inputBitDepth, 8);
    }
}

void preset_fill(struct view config, int codec, int tuning)
{
    memset(config.bytes, 0, layout_structs[CONFIG].size[config.api]);
    bool quality = tuning == TUNING_HIGH_QUALITY;
    put(config, CONFIG_version, version_word(config.api, CONFIG));
    put_guid(config, CONFIG_profileGUID, profile_automatic);
    put(config, CONFIG_gopLength, quality ? 250 : (uint32_t)GOP_ENDLESS);
    put(config, CONFIG_frameIntervalP, quality && codec != CODEC_AV1 ? 3 : 1);
    put(config, CONFIG_frameFieldMode, 1);
    put(config, CONFIG_mvPrecision, 3);

    struct view rate = inside(config, CONFIG_rcParams);
    put(rate, RC_PARAMS_version, version_word(config.api, RC_PARAMS));
    put(rate, RC_PARAMS_rateControlMode, quality ? RATE_VBR : RATE_CBR);
    put(rate, RC_PARAMS_averageBitRate, 2000000);
    put(rate, RC_PARAMS_maxBitRate, quality ? 3000000 : 0);
    if (!quality) {
        put(rate, RC_PARAMS_zeroReorderDelay, 1);
    }

    static void (*const fill[CODEC_COUNT])(struct view, bool) = { fill_h264, fill_hevc, fill_av1 };
    fill[codec](inside(config, CONFIG_encodeCodecConfig), config.api >= API_12_2);
}
