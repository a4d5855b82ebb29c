#include "nvenc.h"
#include <string.h>

/* NV_ENC_BUFFER_FORMAT */
enum { NV12 = 0x1, YV12 = 0x10, IYUV = 0x100, P010 = 0x10000 };

bool format_is_known(uint32_t format) { return format == NV12 || format == YV12 || format == IYUV || format == P010; }

int format_depth(uint32_t format) { return format == P010 ? 10 : 8; }

uint32_t format_row_bytes(uint32_t format, uint32_t width) { return format == P010 ? width * 2 : width; }

size_t format_bytes(uint32_t format, uint32_t pitch, uint32_t height)
{
    size_t chroma_rows = (height + 1) / 2;
    (void)format;
    return (size_t)pitch * height + pitch * chroma_rows;
}

static int sample(const uint8_t *row, int at, bool wide)
{
    uint16_t value;
    memcpy(&value, row + at * 2 * wide, sizeof value);
    return wide ? value >> 6 : row[at];
}

/* A row of every STEPth sample, in the depth of the planes. */
static void fill_row(struct planes *planes, int plane, int y, int width, const uint8_t *from, int first, int step, bool wide)
{
    uint8_t *row = planes->plane[plane] + (size_t)y * (size_t)planes->stride[plane];
    if (planes->depth == 8 && step == 1 && !wide) {
        memcpy(row, from + first, (size_t)width);
        return;
    }
    for (int x = 0; x < width; x++) {
        int value = sample(from, first + x * step, wide);
        if (planes->depth == 8) {
            row[x] = (uint8_t)(wide ? value >> 2 : value);
        } else {
            uint16_t deep = (uint16_t)(wide ? value : value << 2);
            memcpy(row + x * 2, &deep, sizeof deep);
        }
    }
}

void planes_fill(struct planes *planes, const struct input *input)
{
    bool wide = input->format == P010, interleaved = wide || input->format == NV12;
    int chroma_width = (planes->width + 1) / 2, chroma_height = (planes->height + 1) / 2;
    for (int y = 0; y < planes->height; y++) {
        fill_row(planes, 0, y, planes->width, input->bytes + (size_t)y * input->pitch, 0, 1, wide);
    }
    const uint8_t *chroma = input->bytes + (size_t)input->pitch * input->height;
    size_t half = input->pitch / 2;
    const uint8_t *second = chroma + half * ((input->height + 1) / 2);
    for (int y = 0; y < chroma_height; y++) {
        for (int plane = 1; plane <= 2; plane++) {
            if (interleaved) {
                fill_row(planes, plane, y, chroma_width, chroma + (size_t)y * input->pitch, plane - 1, 2, wide);
            } else {
                const uint8_t *from = (plane == 1) == (input->format == IYUV) ? chroma : second;
                fill_row(planes, plane, y, chroma_width, from + (size_t)y * half, 0, 1, false);
            }
        }
    }
}
