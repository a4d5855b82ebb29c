/* Structs of the encode API, read and written by the table of layout.txt: one code for five versions. */
#ifndef NVSIM_LAYOUT_H
#define NVSIM_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>
#include "layout.gen.h"

enum { API_11_1, API_12_0, API_12_1, API_12_2, API_13_0, API_COUNT };

struct guid {
    uint32_t a;
    uint16_t b, c;
    uint8_t d[8];
};

/* Where a field lies in one version: bytes is 0 where it has none, bits is 0 where it is no bit field. */
struct layout_place {
    uint16_t at, bytes;
    uint8_t bit, bits;
};

struct layout_field {
    const char *name;
    struct layout_place in[API_COUNT];
};

struct layout_struct {
    const char *name;
    uint16_t size[API_COUNT];
    uint32_t revision[API_COUNT]; /* with bit 31 of the version word; 0 where it has no version word */
    uint16_t first, count;        /* its fields */
};

extern const struct layout_struct layout_structs[];
extern const struct layout_field layout_fields[];

/* A struct of the client's, in one version of the API. */
struct view {
    uint8_t *bytes;
    int api;
};

/* The API's number as it stands in version words: major | minor << 24. */
uint32_t api_word(int api);

/* The version that an API number names; -1 for one that the table has not. */
int api_of(uint32_t word);

/* "12.1" */
const char *api_name(int api);

/* As NvEncodeAPIGetMaxSupportedVersion gives it: major << 4 | minor. */
uint32_t api_packed(int api);

/* The version word that a struct must carry. */
uint32_t version_word(int api, enum layout_struct_id id);

bool has(int api, enum layout_field_id field);
uint64_t get(struct view view, enum layout_field_id field);
int32_t get_signed(struct view view, enum layout_field_id field);
void *get_pointer(struct view view, enum layout_field_id field);
struct guid get_guid(struct view view, enum layout_field_id field);
void put(struct view view, enum layout_field_id field, uint64_t value);
void put_pointer(struct view view, enum layout_field_id field, void *value);
void put_guid(struct view view, enum layout_field_id field, struct guid value);

/* The struct that a field holds. */
struct view inside(struct view view, enum layout_field_id field);

#endif
