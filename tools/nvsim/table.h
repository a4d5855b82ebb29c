/* The calls that stand in the function list, as the API declares them. */
#ifndef NVSIM_TABLE_H
#define NVSIM_TABLE_H

#include "layout.h"

/* The newest API that this driver speaks: $NVSIM_MAX_API, or all. -1 for a driver that is older than all of them. */
int api_maximum(void);

/* INVALID_VERSION, and a line in the log: a client that asks for more than there is may ask for less. */
int api_is_newer(int api);

int nvenc_open(uint8_t *open, void **encoder);
int nvenc_destroy(void *encoder);
const char *nvenc_error(void *encoder);

int nvenc_codec_count(void *encoder, uint32_t *count);
int nvenc_codecs(void *encoder, struct guid *guids, uint32_t room, uint32_t *count);
int nvenc_profile_count(void *encoder, struct guid codec, uint32_t *count);
int nvenc_profiles(void *encoder, struct guid codec, struct guid *guids, uint32_t room, uint32_t *count);
int nvenc_format_count(void *encoder, struct guid codec, uint32_t *count);
int nvenc_formats(void *encoder, struct guid codec, uint32_t *formats, uint32_t room, uint32_t *count);
int nvenc_capability(void *encoder, struct guid codec, uint8_t *query, int *value);
int nvenc_preset_count(void *encoder, struct guid codec, uint32_t *count);
int nvenc_presets(void *encoder, struct guid codec, struct guid *guids, uint32_t room, uint32_t *count);
int nvenc_preset_config(void *encoder, struct guid codec, struct guid preset, uint8_t *config);
int nvenc_preset_config_tuned(void *encoder, struct guid codec, struct guid preset, int tuning, uint8_t *config);

int nvenc_initialize(void *encoder, uint8_t *init);
int nvenc_reconfigure(void *encoder, uint8_t *reconfigure);
int nvenc_sequence_headers(void *encoder, uint8_t *payload);

int nvenc_create_input(void *encoder, uint8_t *create);
int nvenc_destroy_input(void *encoder, void *input);
int nvenc_lock_input(void *encoder, uint8_t *lock);
int nvenc_unlock_input(void *encoder, void *input);
int nvenc_register(void *encoder, uint8_t *resource);
int nvenc_unregister(void *encoder, void *resource);
int nvenc_map(void *encoder, uint8_t *map);
int nvenc_unmap(void *encoder, void *mapped);
int nvenc_create_output(void *encoder, uint8_t *create);
int nvenc_destroy_output(void *encoder, void *output);

int nvenc_encode(void *encoder, uint8_t *picture);
int nvenc_lock(void *encoder, uint8_t *lock);
int nvenc_unlock(void *encoder, void *output);

#endif
