/* What encodes: libx264, libx265 or libaom behind one door, each picture coded by the call that brings it. */
#ifndef NVSIM_CODER_H
#define NVSIM_CODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
    uint8_t *data;
    size_t size, capacity;
};

/* Three planes of 4:2:0; samples are 16 bits wide in host order where depth is above 8. */
struct planes {
    uint8_t *plane[3];
    int stride[3]; /* bytes */
    int width, height, depth;
};

enum { RATE_CONSTANT_QP, RATE_VBR, RATE_CBR };
enum { H264_BASELINE, H264_MAIN, H264_HIGH };

struct settings {
    int codec, depth;
    int width, height;
    uint32_t rate_num, rate_den;   /* frames a second */
    uint32_t aspect_num, aspect_den; /* of a sample */
    int rate_mode;
    uint32_t average, maximum, vbv; /* bits a second, bits a second, bits */
    int qp;
    double quality; /* constant quality of VBR; 0: none */
    uint32_t gop;   /* pictures; 0: only what is forced */
    int group;      /* pictures from one that refers forward only to the next: B frames + 1 */
    int lookahead;
    int profile; /* -1: the coder's choice */
    bool repeat_headers, no_headers, delimiters;
    bool signal_present, full_range, color_present;
    int video_format, primaries, transfer, matrix;
};

struct coder;

struct coder_kind {
    struct coder *(*open)(const struct settings *settings);
    /* Appends the coded picture; false where the library failed. */
    bool (*encode)(struct coder *coder, const struct planes *picture, int64_t index, bool force_key, struct bytes *coded, bool *key);
    bool (*headers)(struct coder *coder, struct bytes *headers);
    /* Takes another bit rate from the next picture on. */
    bool (*change_rate)(struct coder *coder, const struct settings *settings);
    void (*close)(struct coder *coder);
};

extern const struct coder_kind coder_x264, coder_x265, coder_aom;

/* The coder of a codec. */
const struct coder_kind *coder_of(int codec);

bool bytes_append(struct bytes *bytes, const void *data, size_t size);

#endif
