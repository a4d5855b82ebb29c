#include "coder.h"
#include <stdlib.h>
#include <string.h>
#include <x264.h>

struct coder {
    x264_t *encoder;
    x264_param_t settings;
};

static void set_rate(x264_param_t *x264, const struct settings *settings)
{
    x264->rc.i_vbv_max_bitrate = x264->rc.i_vbv_buffer_size = 0;
    if (settings->rate_mode == RATE_CONSTANT_QP) {
        x264->rc.i_rc_method = X264_RC_CQP;
        x264->rc.i_qp_constant = settings->qp;
        return;
    }
    uint32_t maximum = settings->rate_mode == RATE_CBR || settings->maximum == 0 ? settings->average : settings->maximum;
    x264->rc.i_rc_method = settings->quality > 0 ? X264_RC_CRF : X264_RC_ABR;
    x264->rc.f_rf_constant = (float)settings->quality;
    x264->rc.i_bitrate = (int)(settings->average / 1000);
    if (maximum > 0) {
        x264->rc.i_vbv_max_bitrate = (int)(maximum / 1000);
        x264->rc.i_vbv_buffer_size = (int)((settings->vbv != 0 ? settings->vbv : maximum) / 1000);
    }
}

static struct coder *open_coder(const struct settings *settings)
{
    static const char *const profiles[] = { "baseline", "main", "high" };
    struct coder *coder = calloc(1, sizeof *coder);
    if (coder == NULL) {
        return NULL;
    }
    x264_param_t *x264 = &coder->settings;
    x264_param_default_preset(x264, "superfast", "zerolatency");
    x264->i_log_level = X264_LOG_ERROR;
    x264->i_threads = 1;
    x264->i_csp = X264_CSP_I420;
    x264->i_width = settings->width;
    x264->i_height = settings->height;
    x264->i_fps_num = settings->rate_num;
    x264->i_fps_den = settings->rate_den;
    x264->b_vfr_input = 0;
    x264->i_keyint_max = settings->gop == 0 ? X264_KEYINT_MAX_INFINITE : (int)settings->gop;
    x264->i_scenecut_threshold = 0;
    x264->i_bframe = 0;
    x264->b_annexb = 1;
    x264->b_repeat_headers = settings->repeat_headers && !settings->no_headers;
    x264->b_aud = settings->delimiters;
    x264->vui.i_sar_width = (int)settings->aspect_num;
    x264->vui.i_sar_height = (int)settings->aspect_den;
    if (settings->signal_present) {
        x264->vui.i_vidformat = settings->video_format;
        x264->vui.b_fullrange = settings->full_range;
    }
    if (settings->color_present) {
        x264->vui.i_colorprim = settings->primaries;
        x264->vui.i_transfer = settings->transfer;
        x264->vui.i_colmatrix = settings->matrix;
    }
    set_rate(x264, settings);
    x264_param_apply_profile(x264, settings->profile < 0 ? "main" : profiles[settings->profile]);
    coder->encoder = x264_encoder_open(x264);
    if (coder->encoder == NULL) {
        free(coder);
        return NULL;
    }
    return coder;
}

static bool append_nals(struct bytes *to, const x264_nal_t *nals, int count, bool skip_sei)
{
    for (int i = 0; i < count; i++) {
        if (!(skip_sei && nals[i].i_type == NAL_SEI) && !bytes_append(to, nals[i].p_payload, (size_t)nals[i].i_payload)) {
            return false;
        }
    }
    return true;
}

static bool encode(struct coder *coder, const struct planes *picture, int64_t index, bool force_key, struct bytes *coded, bool *key)
{
    x264_picture_t in, out;
    x264_picture_init(&in);
    in.img.i_csp = X264_CSP_I420;
    in.img.i_plane = 3;
    for (int plane = 0; plane < 3; plane++) {
        in.img.plane[plane] = picture->plane[plane];
        in.img.i_stride[plane] = picture->stride[plane];
    }
    in.i_pts = index;
    in.i_type = force_key ? X264_TYPE_IDR : X264_TYPE_AUTO;
    x264_nal_t *nals;
    int count, size = x264_encoder_encode(coder->encoder, &nals, &count, &in, &out);
    *key = out.b_keyframe != 0;
    return size > 0 && append_nals(coded, nals, count, false);
}

static bool headers(struct coder *coder, struct bytes *to)
{
    x264_nal_t *nals;
    int count;
    /* Without the library's own note on itself: a driver's headers are parameter sets alone. */
    return x264_encoder_headers(coder->encoder, &nals, &count) > 0 && append_nals(to, nals, count, true);
}

static bool change_rate(struct coder *coder, const struct settings *settings)
{
    set_rate(&coder->settings, settings);
    return x264_encoder_reconfig(coder->encoder, &coder->settings) == 0;
}

static void close_coder(struct coder *coder)
{
    x264_encoder_close(coder->encoder);
    free(coder);
}

const struct coder_kind coder_x264 = { open_coder, encode, headers, change_rate, close_coder };
