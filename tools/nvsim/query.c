/* What a session can encode. */
#include "nvenc.h"
#include "table.h"
#include <string.h>

static bool encodes(const struct session *session, int codec)
{
    /* AV1 came with API 12.0. */
    return codec >= 0 && (session->gpu->codecs & 1u << codec) != 0 && (codec != CODEC_AV1 || session->api >= API_12_0);
}

static int list(const void *items, size_t size, int have, void *out, uint32_t room, uint32_t *count)
{
    *count = (uint32_t)have < room ? (uint32_t)have : room;
    memcpy(out, items, size * *count);
    return SUCCESS;
}

static int codec_list(const struct session *session, struct guid guids[CODEC_COUNT])
{
    int count = 0;
    for (int codec = 0; codec < CODEC_COUNT; codec++) {
        if (encodes(session, codec)) {
            guids[count++] = codec_guids[codec];
        }
    }
    return count;
}

int nvenc_codecs(void *encoder, struct guid *guids, uint32_t room, uint32_t *count)
{
    struct session *session;
    int result = session_enter(encoder, OP_QUERY, &session, NULL);
    if (result == SUCCESS) {
        struct guid all[CODEC_COUNT];
        result = list(all, sizeof *all, codec_list(session, all), guids, room, count);
        session_leave(session);
    }
    return result;
}

int nvenc_codec_count(void *encoder, uint32_t *count)
{
    struct guid all[CODEC_COUNT];
    return nvenc_codecs(encoder, all, CODEC_COUNT, count);
}

/* Enters the session for a question about a codec that it has. */
static int enter(void *encoder, struct guid codec, struct session **session)
{
    int result = session_enter(encoder, OP_QUERY, session, NULL);
    if (result == SUCCESS && !encodes(*session, codec_of(codec))) {
        session_leave(*session);
        return UNSUPPORTED_PARAM;
    }
    return result;
}

int nvenc_profiles(void *encoder, struct guid codec, struct guid *guids, uint32_t room, uint32_t *count)
{
    struct session *session;
    int result = enter(encoder, codec, &session);
    if (result == SUCCESS) {
        const struct guid *profiles;
        int have = profiles_of(codec_of(codec), &profiles);
        result = list(profiles, sizeof *profiles, have, guids, room, count);
        session_leave(session);
    }
    return result;
}

int nvenc_profile_count(void *encoder, struct guid codec, uint32_t *count)
{
    struct guid all[8];
    return nvenc_profiles(encoder, codec, all, 8, count);
}

int nvenc_formats(void *encoder, struct guid codec, uint32_t *formats, uint32_t room, uint32_t *count)
{
    static const uint32_t all[] = { 0x1, 0x10, 0x100, 0x10000 };
    struct session *session;
    int result = enter(encoder, codec, &session);
    if (result == SUCCESS) {
        /* H.264 of these cards is 8 bits deep. */
        result = list(all, sizeof *all, codec_of(codec) == CODEC_H264 ? 3 : 4, formats, room, count);
        session_leave(session);
    }
    return result;
}

int nvenc_format_count(void *encoder, struct guid codec, uint32_t *count)
{
    uint32_t all[4];
    return nvenc_formats(encoder, codec, all, 4, count);
}

int nvenc_presets(void *encoder, struct guid codec, struct guid *guids, uint32_t room, uint32_t *count)
{
    struct session *session;
    int result = enter(encoder, codec, &session);
    if (result == SUCCESS) {
        result = list(preset_guids, sizeof *preset_guids, PRESET_COUNT, guids, room, count);
        session_leave(session);
    }
    return result;
}

int nvenc_preset_count(void *encoder, struct guid codec, uint32_t *count)
{
    struct guid all[PRESET_COUNT];
    return nvenc_presets(encoder, codec, all, PRESET_COUNT, count);
}

static int capability(const struct session *session, int codec, unsigned what)
{
    bool recent = session->gpu->compute_major > 7 || session->gpu->compute_minor >= 5;
    switch (what) {
    case 0: return codec == CODEC_AV1 ? 0 : 4;  /* B frames */
    case 1: return 0x7;                         /* rate control modes: constant QP, VBR, CBR */
    case 5: return 1;                           /* quarter-pel motion */
    case 7: return codec == CODEC_H264;         /* CABAC */
    case 13: return codec == CODEC_H264 ? 62 : codec == CODEC_HEVC ? 186 : 23; /* highest level */
    case 16: return codec == CODEC_H264 ? 4096 : 8192; /* width */
    case 17: return codec == CODEC_H264 ? 4096 : 8192; /* height */
    case 19: case 20: return 1;                 /* resolution and bit rate may change */
    case 25: case 26: return 1;                 /* intra refresh, VBV size */
    case 31: return 262144;                     /* macroblocks of a picture */
    case 32: return 983040 * session->gpu->engines; /* macroblocks a second */
    case 35: return codec == CODEC_HEVC;        /* SAO */
    case 37: case 38: return 1;                 /* lookahead, temporal AQ */
    case 39: return codec != CODEC_H264;        /* 10 bits */
    case 41: return codec != CODEC_AV1;         /* weighted prediction */
    case 42: return 100;                        /* free capacity, per cent */
    case 43: return recent ? 3 : 0;             /* B frames as references */
    case 45: case 46: return 32;                /* least width and height */
    case 49: return session->gpu->engines;
    default: return 0;
    }
}

int nvenc_capability(void *encoder, struct guid codec, uint8_t *query, int *value)
{
    struct session *session;
    int result = enter(encoder, codec, &session);
    if (result == SUCCESS) {
        struct view view = { query, session->api };
        result = check_struct(session, view, CAPS_PARAM);
        if (result == SUCCESS) {
            *value = capability(session, codec_of(codec), (unsigned)get(view, CAPS_PARAM_capsToQuery));
        }
        session_leave(session);
    }
    return result;
}

static int preset_config(void *encoder, struct guid codec, struct guid preset, int tuning, uint8_t *bytes)
{
    struct session *session;
    int result = enter(encoder, codec, &session);
    if (result != SUCCESS) {
        return result;
    }
    struct view view = { bytes, session->api };
    result = check_struct(session, view, PRESET_CONFIG);
    if (result == SUCCESS) {
        result = check_struct(session, inside(view, PRESET_CONFIG_presetCfg), CONFIG);
    }
    bool known = false;
    for (int i = 0; i < PRESET_COUNT; i++) {
        known |= guid_equal(preset_guids[i], preset);
    }
    char text[40];
    if (result == SUCCESS && !known) {
        result = violation(session, UNSUPPORTED_PARAM, "preset", "", "%s is none of P1 to P7", guid_text(preset, text));
    }
    int tunings = session->api >= API_12_2 ? 5 : 4;
    if (result == SUCCESS && (tuning < 1 || tuning > tunings)) {
        result = violation(session, INVALID_PARAM, "tuningInfo", "", "%d, API %s has 1 to %d", tuning, api_name(session->api), tunings);
    }
    if (result == SUCCESS) {
        preset_fill(inside(view, PRESET_CONFIG_presetCfg), codec_of(codec), tuning);
    }
    session_leave(session);
    return result;
}

int nvenc_preset_config(void *encoder, struct guid codec, struct guid preset, uint8_t *config)
{
    return preset_config(encoder, codec, preset, 1, config);
}

int nvenc_preset_config_tuned(void *encoder, struct guid codec, struct guid preset, int tuning, uint8_t *config)
{
    return preset_config(encoder, codec, preset, tuning, config);
}
