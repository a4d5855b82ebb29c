/* What libcuda.so.1 and libnvidia-encode.so.1 of the simulator share. It all lives in libcuda, so that a process has one of each. */
#ifndef NVSIM_DRIVER_H
#define NVSIM_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHARED __attribute__((visibility("default")))

enum { GPU_MAX = 16 };
enum { CODEC_H264, CODEC_HEVC, CODEC_AV1, CODEC_COUNT };

/* ---- environment.c: what the simulator is told ---- */

/* A variable of the file "environment" that lies beside libcuda, else of the process; null where it is in neither. */
SHARED const char *setting(const char *name);

/* ---- log.c: one line of JSON for each thing worth telling, to $NVSIM_LOG ---- */

/* Writes {"event":EVENT,...}; format makes the rest of the members: "\"gpu\":%d". */
SHARED void log_event(const char *event, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The text as it may stand between the quotes of a JSON string. */
SHARED const char *json_text(const char *text, char *buffer, size_t size);

/* ---- gpus.c: which GPUs there are, from $NVSIM_GPUS and $CUDA_VISIBLE_DEVICES ---- */

struct gpu {
    int index; /* among all that there are, also those that this process may not see */
    const char *name;
    int compute_major, compute_minor;
    int engines; /* 0: a card that does not encode */
    unsigned codecs; /* bit 1 << CODEC_... */
    bool consumer; /* shares the system-wide cap of sessions */
};

SHARED int gpu_count(void);
SHARED const struct gpu *gpu_at(int ordinal);
SHARED void gpu_uuid(const struct gpu *gpu, uint8_t uuid[16]);

/* When an engine of the GPU will have encoded that many pixels more, in monotonic nanoseconds; 0: at once. */
SHARED uint64_t gpu_busy_until(int gpu, uint64_t pixels);
SHARED uint64_t now_nanoseconds(void);

/* ---- contexts.c ---- */

struct context;

/* Null for what is no live context. Two holds of one context may come from any thread. */
SHARED struct context *context_of(void *handle);
SHARED const struct gpu *context_gpu(const struct context *context);

/* True once the device has been lost under it: a context does not come back, a device may. */
SHARED bool context_is_dead(const struct context *context);
void contexts_die(int gpu);

/* ---- faults.c: what goes wrong, from $NVSIM_FAULTS and $NVSIM_DIR/control ---- */

/* The calls that rules name. */
enum operation {
    OP_CUINIT, OP_CONTEXT, OP_MEMORY, OP_OPEN, OP_QUERY, OP_INIT, OP_RECONFIGURE, OP_BUFFER, OP_ENCODE, OP_LOCK, OP_CLOSE, OP_COUNT
};

/* Who makes a call; codec and session are -1 where the call has none. */
struct call {
    enum operation op;
    int gpu, codec, session;
};

/* What is left for the call itself to do; delays and crashes have happened by then. */
enum effect { EFFECT_NONE, EFFECT_STATUS, EFFECT_LOST, EFFECT_HANG, EFFECT_CORRUPT, EFFECT_TRUNCATE, EFFECT_EMPTY };

struct fault {
    enum effect effect;
    int status; /* of EFFECT_STATUS: an NVENCSTATUS, or a CUresult for CUDA's calls */
};

SHARED struct fault fault_of(struct call call);

/* Sleeps until the rules change: what EFFECT_HANG asks for. */
SHARED void fault_hang(void);

#endif
