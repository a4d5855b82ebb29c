#include "coder.h"
#include "driver.h"
#include <stdlib.h>
#include <string.h>

const struct coder_kind *coder_of(int codec)
{
    static const struct coder_kind *const kinds[CODEC_COUNT] = { &coder_x264, &coder_x265, &coder_aom };
    return kinds[codec];
}

bool bytes_append(struct bytes *bytes, const void *data, size_t size)
{
    if (bytes->size + size > bytes->capacity) {
        size_t capacity = (bytes->size + size) * 2;
        uint8_t *grown = realloc(bytes->data, capacity);
        if (grown == NULL) {
            return false;
        }
        bytes->data = grown;
        bytes->capacity = capacity;
    }
    memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
    return true;
}
