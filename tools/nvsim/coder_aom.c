#include "coder.h"
#include <aom/aom_encoder.h>
#include <aom/aomcx.h>
#include <stdlib.h>

struct coder {
    aom_codec_ctx_t encoder;
    aom_codec_enc_cfg_t settings;
    uint32_t gop;
};

static void set_rate(aom_codec_enc_cfg_t *aom, const struct settings *settings)
{
    aom->rc_end_usage = settings->rate_mode == RATE_CBR ? AOM_CBR : settings->rate_mode == RATE_VBR ? AOM_VBR : AOM_Q;
    aom->rc_target_bitrate = settings->average / 1000;
    if (settings->rate_mode == RATE_CONSTANT_QP) {
        /* NVENC's scale is AV1's own, libaom's has a quarter of its steps. */
        aom->rc_min_quantizer = aom->rc_max_quantizer = (unsigned)settings->qp / 4;
    } else if (settings->vbv != 0 && settings->average != 0) {
        unsigned milliseconds = (unsigned)((uint64_t)settings->vbv * 1000 / settings->average);
        aom->rc_buf_sz = milliseconds;
        aom->rc_buf_initial_sz = milliseconds / 2;
        aom->rc_buf_optimal_sz = milliseconds * 2 / 3;
    }
}

static struct coder *open_coder(const struct settings *settings)
{
    struct coder *coder = calloc(1, sizeof *coder);
    aom_codec_iface_t *interface = aom_codec_av1_cx();
    if (coder == NULL || aom_codec_enc_config_default(interface, &coder->settings, AOM_USAGE_REALTIME) != AOM_CODEC_OK) {
        free(coder);
        return NULL;
    }
    aom_codec_enc_cfg_t *aom = &coder->settings;
    coder->gop = settings->gop;
    aom->g_w = (unsigned)settings->width;
    aom->g_h = (unsigned)settings->height;
    aom->g_threads = 1;
    aom->g_lag_in_frames = 0;
    aom->g_timebase.num = (int)settings->rate_den;
    aom->g_timebase.den = (int)settings->rate_num;
    aom->g_bit_depth = settings->depth == 10 ? AOM_BITS_10 : AOM_BITS_8;
    aom->g_input_bit_depth = (unsigned)settings->depth;
    aom->kf_mode = AOM_KF_DISABLED;
    set_rate(aom, settings);
    if (aom_codec_enc_init(&coder->encoder, interface, aom, settings->depth == 10 ? AOM_CODEC_USE_HIGHBITDEPTH : 0) != AOM_CODEC_OK) {
        free(coder);
        return NULL;
    }
    aom_codec_control(&coder->encoder, AOME_SET_CPUUSED, 10);
    aom_codec_control(&coder->encoder, AV1E_SET_COLOR_RANGE, (int)settings->full_range);
    if (settings->color_present) {
        aom_codec_control(&coder->encoder, AV1E_SET_COLOR_PRIMARIES, settings->primaries);
        aom_codec_control(&coder->encoder, AV1E_SET_TRANSFER_CHARACTERISTICS, settings->transfer);
        aom_codec_control(&coder->encoder, AV1E_SET_MATRIX_COEFFICIENTS, settings->matrix);
    }
    return coder;
}

static bool encode(struct coder *coder, const struct planes *picture, int64_t index, bool force_key, struct bytes *coded, bool *key)
{
    bool deep = picture->depth > 8, on_grid = coder->gop != 0 && index % coder->gop == 0;
    aom_image_t image = { .fmt = deep ? AOM_IMG_FMT_I42016 : AOM_IMG_FMT_I420, .bit_depth = (unsigned)picture->depth };
    image.w = image.d_w = (unsigned)picture->width;
    image.h = image.d_h = (unsigned)picture->height;
    image.x_chroma_shift = image.y_chroma_shift = 1;
    image.bps = deep ? 24 : 12;
    for (int plane = 0; plane < 3; plane++) {
        image.planes[plane] = picture->plane[plane];
        image.stride[plane] = picture->stride[plane];
    }
    if (aom_codec_encode(&coder->encoder, &image, index, 1, force_key || on_grid ? AOM_EFLAG_FORCE_KF : 0) != AOM_CODEC_OK) {
        return false;
    }
    const aom_codec_cx_pkt_t *packet;
    aom_codec_iter_t at = NULL;
    bool any = false;
    while ((packet = aom_codec_get_cx_data(&coder->encoder, &at)) != NULL) {
        if (packet->kind == AOM_CODEC_CX_FRAME_PKT) {
            *key = (packet->data.frame.flags & AOM_FRAME_IS_KEY) != 0;
            any = bytes_append(coded, packet->data.frame.buf, packet->data.frame.sz);
        }
    }
    return any;
}

static bool headers(struct coder *coder, struct bytes *to)
{
    aom_fixed_buf_t *sequence = aom_codec_get_global_headers(&coder->encoder);
    bool done = sequence != NULL && bytes_append(to, sequence->buf, sequence->sz);
    if (sequence != NULL) {
        free(sequence->buf);
        free(sequence);
    }
    return done;
}

static bool change_rate(struct coder *coder, const struct settings *settings)
{
    set_rate(&coder->settings, settings);
    return aom_codec_enc_config_set(&coder->encoder, &coder->settings) == AOM_CODEC_OK;
}

static void close_coder(struct coder *coder)
{
    aom_codec_destroy(&coder->encoder);
    free(coder);
}

const struct coder_kind coder_aom = { open_coder, encode, headers, change_rate, close_coder };
