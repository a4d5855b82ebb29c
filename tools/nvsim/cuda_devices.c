/* cuInit, devices and contexts. */
#include "cuda.h"
#include <stdio.h>
#include <string.h>

static _Atomic bool initialized;
static _Atomic unsigned primary_flags[GPU_MAX]; /* of primary contexts: FFmpeg shares only one that has the flags it wants */

int cuda_enter(enum operation op, const struct gpu *gpu)
{
    if (op != OP_CUINIT && !initialized) {
        return CUDA_ERROR_NOT_INITIALIZED;
    }
    struct fault fault = fault_of((struct call){ .op = op, .gpu = gpu == NULL ? -1 : gpu->index, .codec = -1, .session = -1 });
    switch (fault.effect) {
    case EFFECT_STATUS: return fault.status;
    case EFFECT_LOST: return CUDA_ERROR_UNKNOWN;
    case EFFECT_HANG: fault_hang(); return CUDA_ERROR_UNKNOWN;
    default: return CUDA_SUCCESS;
    }
}

int cuda_enter_current(enum operation op)
{
    struct context *context = context_current();
    if (context == NULL) {
        return CUDA_ERROR_INVALID_CONTEXT;
    }
    int result = cuda_enter(op, context_gpu(context));
    return result == CUDA_SUCCESS && context_is_dead(context) ? CUDA_ERROR_UNKNOWN : result;
}

SHARED int cuInit(unsigned flags)
{
    (void)flags;
    int result = cuda_enter(OP_CUINIT, NULL);
    if (result == CUDA_SUCCESS && gpu_count() == 0) {
        result = CUDA_ERROR_NO_DEVICE;
    }
    initialized |= result == CUDA_SUCCESS;
    return result;
}

SHARED int cuDriverGetVersion(int *version)
{
    *version = 12080;
    return CUDA_SUCCESS;
}

SHARED int cuDeviceGetCount(int *count)
{
    *count = gpu_count();
    return initialized ? CUDA_SUCCESS : CUDA_ERROR_NOT_INITIALIZED;
}

SHARED int cuDeviceGet(int *device, int ordinal)
{
    *device = ordinal;
    return !initialized ? CUDA_ERROR_NOT_INITIALIZED : gpu_at(ordinal) == NULL ? CUDA_ERROR_INVALID_DEVICE : CUDA_SUCCESS;
}

SHARED int cuDeviceGetName(char *name, int length, int device)
{
    if (gpu_at(device) == NULL || length <= 0) {
        return CUDA_ERROR_INVALID_DEVICE;
    }
    snprintf(name, (size_t)length, "%s", gpu_at(device)->name);
    return CUDA_SUCCESS;
}

SHARED int cuDeviceGetUuid(uint8_t uuid[16], int device)
{
    if (gpu_at(device) == NULL) {
        return CUDA_ERROR_INVALID_DEVICE;
    }
    gpu_uuid(gpu_at(device), uuid);
    return CUDA_SUCCESS;
}

SHARED int cuDeviceGetUuid_v2(uint8_t uuid[16], int device) { return cuDeviceGetUuid(uuid, device); }

SHARED int cuDeviceGetPCIBusId(char *text, int length, int device)
{
    if (gpu_at(device) == NULL || length <= 0) {
        return CUDA_ERROR_INVALID_DEVICE;
    }
    snprintf(text, (size_t)length, "0000:%02x:00.0", gpu_at(device)->index + 1);
    return CUDA_SUCCESS;
}

SHARED int cuDeviceTotalMem_v2(size_t *bytes, int device)
{
    *bytes = (size_t)16 << 30;
    return gpu_at(device) == NULL ? CUDA_ERROR_INVALID_DEVICE : CUDA_SUCCESS;
}

SHARED int cuDeviceComputeCapability(int *major, int *minor, int device)
{
    const struct gpu *gpu = gpu_at(device);
    if (gpu == NULL) {
        return CUDA_ERROR_INVALID_DEVICE;
    }
    *major = gpu->compute_major;
    *minor = gpu->compute_minor;
    return CUDA_SUCCESS;
}

SHARED int cuDeviceGetAttribute(int *value, int attribute, int device)
{
    const struct gpu *gpu = gpu_at(device);
    if (gpu == NULL) {
        return CUDA_ERROR_INVALID_DEVICE;
    }
    switch (attribute) {
    case 14: *value = 512; break; /* alignment of textures, bytes */
    case 16: *value = 40; break;  /* multiprocessors */
    case 33: *value = gpu->index + 1; break; /* PCI bus */
    case 41: *value = 1; break;   /* unified addressing */
    case 75: *value = gpu->compute_major; break;
    case 76: *value = gpu->compute_minor; break;
    default: *value = 0; break;
    }
    return CUDA_SUCCESS;
}

static int create(void **made, const struct gpu *gpu, bool primary)
{
    *made = NULL;
    if (gpu == NULL) {
        return CUDA_ERROR_INVALID_DEVICE;
    }
    int result = cuda_enter(OP_CONTEXT, gpu);
    if (result != CUDA_SUCCESS) {
        return result;
    }
    struct context *context = context_add(gpu, primary);
    if (context != NULL && context_is_dead(context)) {
        context_drop(context, false);
        return CUDA_ERROR_UNKNOWN;
    }
    *made = context;
    return context == NULL ? CUDA_ERROR_OUT_OF_MEMORY : CUDA_SUCCESS;
}

SHARED int cuCtxCreate_v2(void **context, unsigned flags, int device)
{
    (void)flags;
    int result = create(context, gpu_at(device), false);
    return result == CUDA_SUCCESS ? context_push(*context) : result;
}

SHARED int cuCtxDestroy_v2(void *handle)
{
    struct context *context = context_of(handle);
    if (context == NULL) {
        return CUDA_ERROR_INVALID_CONTEXT;
    }
    if (context_current() == context) {
        context_pop();
    }
    int result = context_is_dead(context) ? CUDA_ERROR_UNKNOWN : CUDA_SUCCESS;
    context_drop(context, true);
    return result;
}

SHARED int cuCtxPushCurrent_v2(void *context)
{
    return context_of(context) == NULL ? CUDA_ERROR_INVALID_CONTEXT : context_push(context);
}

SHARED int cuCtxPopCurrent_v2(void **context)
{
    struct context *popped = context_pop();
    if (context != NULL) {
        *context = popped;
    }
    return popped == NULL ? CUDA_ERROR_INVALID_CONTEXT : CUDA_SUCCESS;
}

SHARED int cuCtxGetCurrent(void **context)
{
    *context = context_current();
    return CUDA_SUCCESS;
}

SHARED int cuCtxSetCurrent(void *context)
{
    context_pop();
    return context == NULL ? CUDA_SUCCESS : cuCtxPushCurrent_v2(context);
}

SHARED int cuCtxSynchronize(void) { return cuda_enter_current(OP_CONTEXT); }

SHARED int cuCtxSetLimit(int limit, size_t value)
{
    (void)limit, (void)value;
    return CUDA_SUCCESS;
}

SHARED int cuCtxGetDevice(int *device)
{
    struct context *context = context_current();
    if (context == NULL) {
        return CUDA_ERROR_INVALID_CONTEXT;
    }
    for (*device = 0; gpu_at(*device) != context_gpu(context); (*device)++) { }
    return CUDA_SUCCESS;
}

SHARED int cuDevicePrimaryCtxRetain(void **context, int device) { return create(context, gpu_at(device), true); }

static int release(int device, bool at_once)
{
    const struct gpu *gpu = gpu_at(device);
    return gpu == NULL ? CUDA_ERROR_INVALID_DEVICE : context_drop(context_primary(gpu), at_once) ? CUDA_SUCCESS : CUDA_ERROR_INVALID_CONTEXT;
}

SHARED int cuDevicePrimaryCtxRelease_v2(int device) { return release(device, false); }

SHARED int cuDevicePrimaryCtxRelease(int device) { return release(device, false); }

SHARED int cuDevicePrimaryCtxReset(int device) { return release(device, true); }

SHARED int cuDevicePrimaryCtxSetFlags_v2(int device, unsigned flags)
{
    const struct gpu *gpu = gpu_at(device);
    if (gpu == NULL) {
        return CUDA_ERROR_INVALID_DEVICE;
    }
    primary_flags[gpu->index] = flags;
    return CUDA_SUCCESS;
}

SHARED int cuDevicePrimaryCtxSetFlags(int device, unsigned flags) { return cuDevicePrimaryCtxSetFlags_v2(device, flags); }

SHARED int cuDevicePrimaryCtxGetState(int device, unsigned *flags, int *active)
{
    const struct gpu *gpu = gpu_at(device);
    *flags = gpu == NULL ? 0 : primary_flags[gpu->index];
    *active = gpu != NULL && context_primary(gpu) != NULL;
    return gpu == NULL ? CUDA_ERROR_INVALID_DEVICE : CUDA_SUCCESS;
}

SHARED int cuGetErrorName(int error, const char **text)
{
    static const struct { int error; const char *name; } names[] = {
        { CUDA_SUCCESS, "CUDA_SUCCESS" }, { CUDA_ERROR_INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE" },
        { CUDA_ERROR_OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY" }, { CUDA_ERROR_NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED" },
        { CUDA_ERROR_NO_DEVICE, "CUDA_ERROR_NO_DEVICE" }, { CUDA_ERROR_INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE" },
        { CUDA_ERROR_INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT" }, { CUDA_ERROR_NOT_SUPPORTED, "CUDA_ERROR_NOT_SUPPORTED" },
    };
    *text = "CUDA_ERROR_UNKNOWN";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].error == error) {
            *text = names[i].name;
        }
    }
    return CUDA_SUCCESS;
}

SHARED int cuGetErrorString(int error, const char **text) { return cuGetErrorName(error, text); }
