/* A session and what it owns, for the files of libnvidia-encode. */
#ifndef NVSIM_NVENC_H
#define NVSIM_NVENC_H

#include <pthread.h>
#include "coder.h"
#include "driver.h"
#include "layout.h"
#include "statuses.h"

/* A picture's memory: created by the session, or CUDA's and registered, or registered memory that is mapped. */
enum input_kind { INPUT_CREATED, INPUT_REGISTERED, INPUT_MAPPED };

struct input {
    struct input *next;
    enum input_kind kind;
    struct input *resource; /* of INPUT_MAPPED */
    uint8_t *bytes;
    uint32_t width, height, pitch, format;
    bool locked;
    int mapped; /* of INPUT_REGISTERED */
};

struct output {
    struct output *next;
    struct bytes coded;
    bool submitted, ready, locked, key;
    uint64_t order, due; /* due: in monotonic nanoseconds */
    uint64_t timestamp, duration;
    uint32_t frame_index;
};

struct session {
    struct session *next;
    int id, api;
    const struct gpu *gpu;
    void *context;
    pthread_mutex_t lock;
    int slots[2];
    bool initialized, hung;
    struct settings settings;
    struct coder *coder;
    struct input *inputs;
    struct output *outputs;
    uint64_t submitted, locked, bytes; /* pictures, pictures, coded bytes */
    uint64_t group;                    /* pictures that wait for the one that completes their group */
    bool reset;                        /* the next picture is an IDR */
    char error[400];                   /* what GetLastErrorString tells */
};

/* ---- check.c ---- */

/* Writes what the client did wrong to the log; the status to give back, which is SUCCESS under NVSIM_STRICT=0. */
int violation(struct session *session, int status, const char *structure, const char *field, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The version word and every reserved byte. */
int check_struct(struct session *session, struct view view, enum layout_struct_id id);

/* A value of the field is wrong; NAME_OF gives its struct. */
int wrong(struct session *session, enum layout_struct_id id, enum layout_field_id field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* ---- sessions.c ---- */

/* What every call begins with: finds the session, lets faults happen, locks it. After SUCCESS it is to be left again. */
int session_enter(void *handle, enum operation op, struct session **session, struct fault *fault);
void session_leave(struct session *session);

/* ---- guids.c ---- */

enum { PRESET_COUNT = 7 };
extern const struct guid codec_guids[CODEC_COUNT];
extern const struct guid preset_guids[PRESET_COUNT];
extern const struct guid profile_automatic;
bool guid_equal(struct guid a, struct guid b);
int codec_of(struct guid guid);                                             /* -1: none */
int profiles_of(int codec, const struct guid **guids);                      /* how many; the order is enum profile's */
int profile_of(int codec, struct guid guid);                                /* -1: none of the codec's */
const char *guid_text(struct guid guid, char text[40]);

/* ---- presets.c ---- */

/* Fills an NV_ENC_CONFIG as a preset has it. */
void preset_fill(struct view config, int codec, int tuning);

/* ---- settings.c ---- */

/* Reads and checks NV_ENC_INITIALIZE_PARAMS. */
int settings_read(struct session *session, struct view init, struct settings *settings);

/* ---- slots.c ---- */

/* Takes a session of the GPU and, for a consumer's card, of the machine: false where all are taken. */
bool slots_take(const struct gpu *gpu, int slots[2]);
void slots_give_back(int slots[2]);

/* ---- formats.c ---- */

bool format_is_known(uint32_t format);
int format_depth(uint32_t format);
uint32_t format_row_bytes(uint32_t format, uint32_t width);
size_t format_bytes(uint32_t format, uint32_t pitch, uint32_t height);

/* Writes an input as planes of 8 or 16 bits, as coders take it. */
void planes_fill(struct planes *planes, const struct input *input);

#endif
