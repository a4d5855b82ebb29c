/* Device memory is host memory; streams and events are done at once. */
#include "cuda.h"
#include <stdlib.h>
#include <string.h>

/* CUDA_MEMCPY2D of the driver API; memory types are 1 host, 2 device, 3 array. */
struct plane_side {
    size_t x_bytes, y;
    int type;
    void *host;
    uint64_t device;
    void *array;
    size_t pitch;
};

struct plane_copy {
    struct plane_side from, to;
    size_t width_bytes, height;
};

static uint8_t *start_of(const struct plane_side *side)
{
    uint8_t *base = side->type == 1 ? side->host : side->type == 2 ? (uint8_t *)(uintptr_t)side->device : NULL;
    return base == NULL ? NULL : base + side->y * side->pitch + side->x_bytes;
}

SHARED int cuMemAlloc_v2(uint64_t *memory, size_t bytes)
{
    int result = cuda_enter_current(OP_MEMORY);
    if (result == CUDA_SUCCESS) {
        *memory = (uintptr_t)aligned_alloc(512, (bytes + 511) / 512 * 512);
        result = *memory == 0 ? CUDA_ERROR_OUT_OF_MEMORY : CUDA_SUCCESS;
    }
    return result;
}

SHARED int cuMemAllocPitch_v2(uint64_t *memory, size_t *pitch, size_t width_bytes, size_t height, unsigned element_bytes)
{
    (void)element_bytes;
    *pitch = (width_bytes + 511) / 512 * 512;
    return cuMemAlloc_v2(memory, *pitch * height);
}

SHARED int cuMemFree_v2(uint64_t memory)
{
    free((void *)(uintptr_t)memory);
    return CUDA_SUCCESS;
}

SHARED int cuMemcpy2D_v2(const struct plane_copy *copy)
{
    int result = cuda_enter_current(OP_MEMORY);
    const uint8_t *from = start_of(&copy->from);
    uint8_t *to = start_of(&copy->to);
    if (result != CUDA_SUCCESS || from == NULL || to == NULL) {
        return result != CUDA_SUCCESS ? result : CUDA_ERROR_NOT_SUPPORTED;
    }
    for (size_t row = 0; row < copy->height; row++) {
        memcpy(to + row * copy->to.pitch, from + row * copy->from.pitch, copy->width_bytes);
    }
    return CUDA_SUCCESS;
}

SHARED int cuMemcpy2DAsync_v2(const struct plane_copy *copy, void *stream)
{
    (void)stream;
    return cuMemcpy2D_v2(copy);
}

static int copy_bytes(uintptr_t to, uintptr_t from, size_t bytes)
{
    int result = cuda_enter_current(OP_MEMORY);
    if (result == CUDA_SUCCESS) {
        memcpy((void *)to, (const void *)from, bytes);
    }
    return result;
}

SHARED int cuMemcpy(uint64_t to, uint64_t from, size_t bytes) { return copy_bytes(to, from, bytes); }
SHARED int cuMemcpyAsync(uint64_t to, uint64_t from, size_t bytes, void *stream) { (void)stream; return copy_bytes(to, from, bytes); }
SHARED int cuMemcpyHtoD_v2(uint64_t to, const void *from, size_t bytes) { return copy_bytes(to, (uintptr_t)from, bytes); }
SHARED int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, void *stream) { (void)stream; return cuMemcpyHtoD_v2(to, from, bytes); }
SHARED int cuMemcpyDtoH_v2(void *to, uint64_t from, size_t bytes) { return copy_bytes((uintptr_t)to, from, bytes); }
SHARED int cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, void *stream) { (void)stream; return copy_bytes((uintptr_t)to, from, bytes); }
SHARED int cuMemcpyDtoD_v2(uint64_t to, uint64_t from, size_t bytes) { return copy_bytes(to, from, bytes); }
SHARED int cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void *stream) { (void)stream; return copy_bytes(to, from, bytes); }

SHARED int cuMemsetD8Async(uint64_t to, uint8_t value, size_t bytes, void *stream)
{
    (void)stream;
    int result = cuda_enter_current(OP_MEMORY);
    if (result == CUDA_SUCCESS) {
        memset((void *)(uintptr_t)to, value, bytes);
    }
    return result;
}

static int token(void **made)
{
    *made = malloc(1);
    return *made == NULL ? CUDA_ERROR_OUT_OF_MEMORY : CUDA_SUCCESS;
}

SHARED int cuStreamCreate(void **stream, unsigned flags) { (void)flags; return token(stream); }
SHARED int cuStreamQuery(void *stream) { (void)stream; return CUDA_SUCCESS; }
SHARED int cuStreamSynchronize(void *stream) { (void)stream; return cuda_enter_current(OP_MEMORY); }
SHARED int cuStreamDestroy_v2(void *stream) { free(stream); return CUDA_SUCCESS; }
SHARED int cuEventCreate(void **event, unsigned flags) { (void)flags; return token(event); }
SHARED int cuEventDestroy_v2(void *event) { free(event); return CUDA_SUCCESS; }
SHARED int cuEventSynchronize(void *event) { (void)event; return CUDA_SUCCESS; }
SHARED int cuEventQuery(void *event) { (void)event; return CUDA_SUCCESS; }
SHARED int cuEventRecord(void *event, void *stream) { (void)event, (void)stream; return CUDA_SUCCESS; }
