#include "coder.h"
#include <stdlib.h>
#include <string.h>
#include <x265.h>

struct coder {
    const x265_api *api; /* of one depth */
    x265_encoder *encoder;
    x265_param *settings;
};

static void set_rate(x265_param *x265, const struct settings *settings)
{
    x265->rc.vbvMaxBitrate = x265->rc.vbvBufferSize = 0;
    if (settings->rate_mode == RATE_CONSTANT_QP) {
        x265->rc.rateControlMode = X265_RC_CQP;
        x265->rc.qp = settings->qp;
        return;
    }
    uint32_t maximum = settings->rate_mode == RATE_CBR || settings->maximum == 0 ? settings->average : settings->maximum;
    x265->rc.rateControlMode = settings->quality > 0 ? X265_RC_CRF : X265_RC_ABR;
    x265->rc.rfConstant = settings->quality;
    x265->rc.bitrate = (int)(settings->average / 1000);
    if (maximum > 0) {
        x265->rc.vbvMaxBitrate = (int)(maximum / 1000);
        x265->rc.vbvBufferSize = (int)((settings->vbv != 0 ? settings->vbv : maximum) / 1000);
    }
}

/* One picture in, one out: nothing runs ahead and nothing runs beside. */
static void set_threads(x265_param *x265)
{
    x265->frameNumThreads = 1;
    x265->bEnableWavefront = 0;
    x265->numaPools = "none";
    x265->lookaheadDepth = 0;
    x265->bframes = 0;
    x265->scenecutThreshold = 0;
}

static void set_vui(x265_param *x265, const struct settings *settings)
{
    x265->vui.aspectRatioIdc = settings->aspect_num == settings->aspect_den ? 1 : 255;
    x265->vui.sarWidth = (int)settings->aspect_num;
    x265->vui.sarHeight = (int)settings->aspect_den;
    x265->vui.bEnableVideoSignalTypePresentFlag = settings->signal_present;
    x265->vui.videoFormat = settings->video_format;
    x265->vui.bEnableVideoFullRangeFlag = settings->full_range;
    x265->vui.bEnableColorDescriptionPresentFlag = settings->color_present;
    x265->vui.colorPrimaries = settings->primaries;
    x265->vui.transferCharacteristics = settings->transfer;
    x265->vui.matrixCoeffs = settings->matrix;
}

static void close_coder(struct coder *coder)
{
    if (coder->encoder != NULL) {
        coder->api->encoder_close(coder->encoder);
    }
    if (coder->settings != NULL) {
        coder->api->param_free(coder->settings);
    }
    free(coder);
}

static struct coder *open_coder(const struct settings *settings)
{
    struct coder *coder = calloc(1, sizeof *coder);
    if (coder == NULL) {
        return NULL;
    }
    coder->api = x265_api_get(settings->depth);
    coder->settings = coder->api == NULL ? NULL : coder->api->param_alloc();
    x265_param *x265 = coder->settings;
    if (x265 == NULL || coder->api->param_default_preset(x265, "ultrafast", "zerolatency") != 0) {
        close_coder(coder);
        return NULL;
    }
    x265->logLevel = X265_LOG_ERROR;
    x265->internalCsp = X265_CSP_I420;
    x265->sourceWidth = settings->width;
    x265->sourceHeight = settings->height;
    x265->fpsNum = settings->rate_num;
    x265->fpsDenom = settings->rate_den;
    x265->keyframeMax = settings->gop == 0 ? -1 : (int)settings->gop;
    x265->bOpenGOP = 0;
    x265->bAnnexB = 1;
    x265->bRepeatHeaders = settings->repeat_headers && !settings->no_headers;
    x265->bEnableAccessUnitDelimiters = settings->delimiters;
    x265->bEmitInfoSEI = 0;
    set_threads(x265);
    set_vui(x265, settings);
    set_rate(x265, settings);
    coder->api->param_apply_profile(x265, settings->depth == 10 ? "main10" : "main");
    coder->encoder = coder->api->encoder_open(x265);
    if (coder->encoder == NULL) {
        close_coder(coder);
        return NULL;
    }
    return coder;
}

static bool encode(struct coder *coder, const struct planes *picture, int64_t index, bool force_key, struct bytes *coded, bool *key)
{
    x265_picture in, out;
    coder->api->picture_init(coder->settings, &in);
    for (int plane = 0; plane < 3; plane++) {
        in.planes[plane] = picture->plane[plane];
        in.stride[plane] = picture->stride[plane];
    }
    in.bitDepth = picture->depth;
    in.colorSpace = X265_CSP_I420;
    in.pts = index;
    in.sliceType = force_key ? X265_TYPE_IDR : X265_TYPE_AUTO;
    x265_nal *nals;
    uint32_t count;
    if (coder->api->encoder_encode(coder->encoder, &nals, &count, &in, &out) != 1) {
        return false;
    }
    *key = out.sliceType == X265_TYPE_IDR;
    for (uint32_t i = 0; i < count; i++) {
        if (!bytes_append(coded, nals[i].payload, nals[i].sizeBytes)) {
            return false;
        }
    }
    return true;
}

static bool headers(struct coder *coder, struct bytes *to)
{
    x265_nal *nals;
    uint32_t count;
    if (coder->api->encoder_headers(coder->encoder, &nals, &count) < 0) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        bool parameters = nals[i].type == NAL_UNIT_VPS || nals[i].type == NAL_UNIT_SPS || nals[i].type == NAL_UNIT_PPS;
        if (parameters && !bytes_append(to, nals[i].payload, nals[i].sizeBytes)) {
            return false;
        }
    }
    return true;
}

static bool change_rate(struct coder *coder, const struct settings *settings)
{
    set_rate(coder->settings, settings);
    return coder->api->encoder_reconfig(coder->encoder, coder->settings) >= 0;
}

const struct coder_kind coder_x265 = { open_coder, encode, headers, change_rate, close_coder };
