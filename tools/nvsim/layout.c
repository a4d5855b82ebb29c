#include "layout.h"
#include <string.h>

static const struct { const char *name; uint8_t major, minor; } apis[API_COUNT] = {
    { "11.1", 11, 1 }, { "12.0", 12, 0 }, { "12.1", 12, 1 }, { "12.2", 12, 2 }, { "13.0", 13, 0 },
};

uint32_t api_word(int api) { return apis[api].major | (uint32_t)apis[api].minor << 24; }

uint32_t api_packed(int api) { return (uint32_t)apis[api].major << 4 | apis[api].minor; }

const char *api_name(int api) { return apis[api].name; }

int api_of(uint32_t word)
{
    for (int api = 0; api < API_COUNT; api++) {
        if (api_word(api) == word) {
            return api;
        }
    }
    return -1;
}

uint32_t version_word(int api, enum layout_struct_id id)
{
    uint32_t revision = layout_structs[id].revision[api];
    return api_word(api) | (revision & 0xff) << 16 | 7u << 28 | (revision & 1u << 31);
}

static const struct layout_place *place_of(int api, enum layout_field_id field) { return &layout_fields[field].in[api]; }

bool has(int api, enum layout_field_id field) { return place_of(api, field)->bytes != 0; }

uint64_t get(struct view view, enum layout_field_id field)
{
    const struct layout_place *place = place_of(view.api, field);
    uint64_t value = 0;
    memcpy(&value, view.bytes + place->at, place->bytes < sizeof value ? place->bytes : sizeof value);
    return place->bits == 0 ? value : value >> place->bit & ((1ull << place->bits) - 1);
}

int32_t get_signed(struct view view, enum layout_field_id field) { return (int32_t)(uint32_t)get(view, field); }

void *get_pointer(struct view view, enum layout_field_id field) { return (void *)(uintptr_t)get(view, field); }

struct guid get_guid(struct view view, enum layout_field_id field)
{
    struct guid value;
    memcpy(&value, view.bytes + place_of(view.api, field)->at, sizeof value);
    return value;
}

void put(struct view view, enum layout_field_id field, uint64_t value)
{
    const struct layout_place *place = place_of(view.api, field);
    if (place->bits != 0) {
        uint32_t word, mask = (uint32_t)((1ull << place->bits) - 1) << place->bit;
        memcpy(&word, view.bytes + place->at, sizeof word);
        word = (word & ~mask) | ((uint32_t)value << place->bit & mask);
        memcpy(view.bytes + place->at, &word, sizeof word);
        return;
    }
    memcpy(view.bytes + place->at, &value, place->bytes < sizeof value ? place->bytes : sizeof value);
}

void put_pointer(struct view view, enum layout_field_id field, void *value) { put(view, field, (uintptr_t)value); }

void put_guid(struct view view, enum layout_field_id field, struct guid value)
{
    memcpy(view.bytes + place_of(view.api, field)->at, &value, sizeof value);
}

struct view inside(struct view view, enum layout_field_id field)
{
    return (struct view){ view.bytes + place_of(view.api, field)->at, view.api };
}
