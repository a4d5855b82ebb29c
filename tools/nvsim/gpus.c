#include "driver.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define H264_HEVC (1u << CODEC_H264 | 1u << CODEC_HEVC)
#define WITH_AV1 (H264_HEVC | 1u << CODEC_AV1)

/* Engines are as far as they are known; what the product needs to know it must ask the driver for. */
static const struct profile { const char *word; struct gpu gpu; } profiles[] = {
    { "t4", { 0, "Tesla T4", 7, 5, 1, H264_HEVC, false } },
    { "a10", { 0, "NVIDIA A10", 8, 6, 1, H264_HEVC, false } },
    { "l4", { 0, "NVIDIA L4", 8, 9, 2, WITH_AV1, false } },
    { "l40s", { 0, "NVIDIA L40S", 8, 9, 3, WITH_AV1, false } },
    { "rtx3080", { 0, "NVIDIA GeForce RTX 3080", 8, 6, 1, H264_HEVC, true } },
    { "rtx4090", { 0, "NVIDIA GeForce RTX 4090", 8, 9, 2, WITH_AV1, true } },
    { "rtx5090", { 0, "NVIDIA GeForce RTX 5090", 12, 0, 3, WITH_AV1, true } },
    { "a100", { 0, "NVIDIA A100-SXM4-40GB", 8, 0, 0, 0, false } },
    { "h100", { 0, "NVIDIA H100 80GB HBM3", 9, 0, 0, 0, false } },
    { "h200", { 0, "NVIDIA H200", 9, 0, 0, 0, false } },
};

static pthread_once_t listed = PTHREAD_ONCE_INIT;
static struct gpu machine[GPU_MAX];
static const struct gpu *visible[GPU_MAX];
static int machine_count, visible_count;

static pthread_mutex_t engines_lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t engine_free[GPU_MAX][8];

static void add(const char *word, int times)
{
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++) {
        if (strcmp(profiles[i].word, word) == 0) {
            for (; times > 0 && machine_count < GPU_MAX; times--, machine_count++) {
                machine[machine_count] = profiles[i].gpu;
                machine[machine_count].index = machine_count;
            }
            return;
        }
    }
    fprintf(stderr, "nvsim: NVSIM_GPUS names \"%s\"; known are", word);
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++) {
        fprintf(stderr, " %s", profiles[i].word);
    }
    fprintf(stderr, ", each with *N behind it for N of them, and none\n");
    abort();
}

/* As CUDA does it: ordinals or UUIDs in their order, up to the first that is none. */
static void see(const char *list)
{
    char copy[256], *rest = NULL;
    snprintf(copy, sizeof copy, "%s", list);
    for (char *word = strtok_r(copy, ", ", &rest); word != NULL && visible_count < GPU_MAX; word = strtok_r(NULL, ", ", &rest)) {
        char *end;
        long index = strncmp(word, "GPU-", 4) == 0 ? strtol(word + 4, &end, 16) : strtol(word, &end, 10);
        if (end == word || index < 0 || index >= machine_count) {
            return;
        }
        visible[visible_count++] = &machine[index];
    }
}

static void list(void)
{
    const char *words = setting("NVSIM_GPUS");
    char copy[256], *rest = NULL;
    snprintf(copy, sizeof copy, "%s", words != NULL && *words != '\0' ? words : "l4");
    for (char *word = strtok_r(copy, ", ", &rest); word != NULL; word = strtok_r(NULL, ", ", &rest)) {
        char *star = strchr(word, '*');
        if (star != NULL) {
            *star = '\0';
        }
        if (strcmp(word, "none") != 0) {
            add(word, star == NULL ? 1 : atoi(star + 1));
        }
    }
    const char *allowed = setting("CUDA_VISIBLE_DEVICES");
    if (allowed != NULL) {
        see(allowed);
        return;
    }
    for (; visible_count < machine_count; visible_count++) {
        visible[visible_count] = &machine[visible_count];
    }
}

int gpu_count(void)
{
    pthread_once(&listed, list);
    return visible_count;
}

const struct gpu *gpu_at(int ordinal) { return ordinal >= 0 && ordinal < gpu_count() ? visible[ordinal] : NULL; }

/* GPU-0000000N-...: so that an index is its UUID's first part. */
void gpu_uuid(const struct gpu *gpu, uint8_t uuid[16])
{
    memset(uuid, 0x5a, 16);
    memset(uuid, 0, 4);
    uuid[3] = (uint8_t)gpu->index;
}

uint64_t gpu_busy_until(int gpu, uint64_t pixels)
{
    const char *rate = setting("NVSIM_MPPS");
    double megapixels = rate == NULL ? 0 : atof(rate);
    if (megapixels <= 0) {
        return 0;
    }
    pthread_mutex_lock(&engines_lock);
    uint64_t *free = engine_free[gpu];
    int first = 0;
    for (int engine = 1; engine < machine[gpu].engines; engine++) {
        first = free[engine] < free[first] ? engine : first;
    }
    uint64_t now = now_nanoseconds();
    free[first] = (free[first] > now ? free[first] : now) + (uint64_t)((double)pixels * 1000 / megapixels);
    uint64_t until = free[first];
    pthread_mutex_unlock(&engines_lock);
    return until;
}
