/* CUDA's results, and the contexts of this process, for the files of libcuda. */
#ifndef NVSIM_CUDA_H
#define NVSIM_CUDA_H

#include "driver.h"

enum {
    CUDA_SUCCESS = 0,
    CUDA_ERROR_INVALID_VALUE = 1,
    CUDA_ERROR_OUT_OF_MEMORY = 2,
    CUDA_ERROR_NOT_INITIALIZED = 3,
    CUDA_ERROR_NO_DEVICE = 100,
    CUDA_ERROR_INVALID_DEVICE = 101,
    CUDA_ERROR_INVALID_CONTEXT = 201,
    CUDA_ERROR_NOT_SUPPORTED = 801,
    CUDA_ERROR_UNKNOWN = 999,
};

/* What a call of CUDA comes to before it did anything: faults, and contexts that died. */
int cuda_enter(enum operation op, const struct gpu *gpu);
int cuda_enter_current(enum operation op);

struct context *context_current(void);
int context_push(struct context *context);
struct context *context_pop(void);

/* A context of its own, or one more hold of the GPU's primary one; null without memory. */
struct context *context_add(const struct gpu *gpu, bool primary);

/* Gives a hold back, or all of them; false for what is no context. */
bool context_drop(struct context *context, bool at_once);

/* Null where nobody holds it. */
struct context *context_primary(const struct gpu *gpu);

#endif
