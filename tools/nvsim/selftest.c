/*
 * selftest FOLDER: drives the libraries there as a direct client. Every API version must encode without a violation, and every wrong
 * layout must be found out by name. Coded pictures go to FOLDER/check-*, for a decoder to look at. NVSIM_LOG must name a file.
 */
#include "client.h"
#include <stdlib.h>
#include <string.h>

static int failures;

static void expect(bool good, const char *format, const char *detail, int number)
{
    if (!good) {
        failures++;
        printf("FAILED ");
        printf(format, detail, number);
        printf("\n");
    }
}

/* How many lines of the log hold both texts. */
static int logged(const char *first, const char *second)
{
    char line[4096];
    int found = 0;
    FILE *log = fopen(getenv("NVSIM_LOG"), "r");
    while (log != NULL && fgets(line, sizeof line, log) != NULL) {
        found += strstr(line, first) != NULL && strstr(line, second) != NULL;
    }
    if (log != NULL) {
        fclose(log);
    }
    return found;
}

static void encode_all(const char *folder, int api, int codec, int depth)
{
    static const char *const endings[CODEC_COUNT] = { "h264", "hevc", "obu" };
    enum { PICTURES = 60, KEY_EVERY = 20 };
    char path[512];
    snprintf(path, sizeof path, "%s/check-%s-%d.%s", folder, api_name(api), depth, endings[codec]);
    FILE *to = fopen(path, "w");
    struct client client = { .api = api, .codec = codec, .depth = depth };
    int status = client_instance(&client);
    status = status != SUCCESS ? status : client_open(&client, 0);
    status = status != SUCCESS ? status : client_prepare(&client, 2000000);
    expect(status == SUCCESS, "%s: not ready, status %d", path, status);
    size_t before = 0;
    for (int i = 0; i < PICTURES && status == SUCCESS; i++) {
        if (i == PICTURES / 2) {
            before = client.bytes;
            status = client_change_rate(&client, 200000);
            expect(status == SUCCESS, "%s: the rate does not change, status %d", path, status);
        }
        status = client_encode(&client, i % KEY_EVERY == 0, to);
        expect(status == SUCCESS, "%s: status %d", path, status);
    }
    size_t after = client.bytes - before;
    expect(client.keys == PICTURES / KEY_EVERY, "%s: %d keyframes, asked for 3", path, client.keys);
    expect(after < before, "%s: %d bytes after the rate fell, no less than before", path, (int)after);
    client_close(&client);
    fclose(to);
}

/* ---- five wrong layouts ---- */

static void swap_api(struct view view, enum layout_struct_id id)
{
    if (id == FUNCTION_LIST) {
        uint32_t word;
        memcpy(&word, view.bytes, sizeof word);
        word = (word & 0xf0ff0000) | (word & 0xff) << 24 | (word >> 24 & 0xf);
        memcpy(view.bytes, &word, sizeof word);
    }
}

static void older_revision(struct view view, enum layout_struct_id id)
{
    if (id == PRESET_CONFIG) {
        uint32_t word = api_word(view.api) | (version_word(API_12_1, id) & 0x80ff0000) | 7u << 28;
        memcpy(view.bytes, &word, sizeof word);
    }
}

static void older_av1_depth(struct view view, enum layout_struct_id id)
{
    if (id == CONFIG) {
        struct view codec = { inside(view, CONFIG_encodeCodecConfig).bytes, API_12_1 };
        put(codec, CONFIG_AV1_inputPixelBitDepthMinus8, 2);
        put(codec, CONFIG_AV1_pixelBitDepthMinus8, 2);
    }
}

static void four_bytes_early(struct view view, enum layout_struct_id id)
{
    if (id == PIC_PARAMS) {
        memmove(view.bytes + 64, view.bytes + 68, 8);
    }
}

static void misplaced_hevc_depth(struct view view, enum layout_struct_id id)
{
    if (id == CONFIG) {
        uint8_t *codec = inside(view, CONFIG_encodeCodecConfig).bytes;
        memmove(codec + 216, codec + 200, 8);
    }
}

static const struct {
    const char *what;
    void (*harm)(struct view, enum layout_struct_id);
    int api, codec, status;
    const char *structure, *field;
} wrong_layouts[] = {
    { "the API's number with its halves swapped", swap_api, API_12_1, CODEC_H264, INVALID_VERSION, "NV_ENCODE_API_FUNCTION_LIST", "version" },
    { "12.2 with a revision of 12.1", older_revision, API_12_2, CODEC_H264, INVALID_VERSION, "NV_ENC_PRESET_CONFIG", "version" },
    { "12.2 with the AV1 depth of 12.1", older_av1_depth, API_12_2, CODEC_AV1, INVALID_PARAM, "NV_ENC_CONFIG_AV1", "reserved4" },
    { "picture fields four bytes early", four_bytes_early, API_12_1, CODEC_H264, INVALID_PARAM, "NV_ENC_PIC_PARAMS", "pictureStruct" },
    { "the HEVC depth at another offset", misplaced_hevc_depth, API_13_0, CODEC_HEVC, INVALID_PARAM, "NV_ENC_CONFIG_HEVC", "reserved1" },
};

static void refuse_all(void)
{
    for (size_t i = 0; i < sizeof wrong_layouts / sizeof *wrong_layouts; i++) {
        char structure[80], field[80];
        snprintf(structure, sizeof structure, "\"struct\":\"%s\"", wrong_layouts[i].structure);
        snprintf(field, sizeof field, "\"field\":\"%s\"", wrong_layouts[i].field);
        int before = logged(structure, field);
        FILE *nowhere = fopen("/dev/null", "w");
        struct client client = { .api = wrong_layouts[i].api, .codec = wrong_layouts[i].codec, .depth = 8, .harm = wrong_layouts[i].harm };
        int status = client_instance(&client);
        status = status != SUCCESS ? status : client_open(&client, 0);
        status = status != SUCCESS ? status : client_prepare(&client, 1000000);
        status = status != SUCCESS ? status : client_encode(&client, false, nowhere);
        expect(status == wrong_layouts[i].status, "%s: status %d", wrong_layouts[i].what, status);
        expect(logged(structure, field) == before + 1, "%s: the log does not name the field (%d)", wrong_layouts[i].what, before);
        client_close(&client);
        fclose(nowhere);
    }
}

int main(int count, char **arguments)
{
    if (count != 2 || getenv("NVSIM_LOG") == NULL || !client_load(arguments[1])) {
        fprintf(stderr, "selftest FOLDER, with NVSIM_LOG set\n");
        return 2;
    }
    for (int api = 0; api < API_COUNT; api++) {
        encode_all(arguments[1], api, CODEC_H264, 8);
        encode_all(arguments[1], api, CODEC_HEVC, 8);
        encode_all(arguments[1], api, CODEC_HEVC, 10);
        if (api >= API_12_0) {
            encode_all(arguments[1], api, CODEC_AV1, 8);
            encode_all(arguments[1], api, CODEC_AV1, 10);
        }
    }
    expect(logged("\"event\":\"violation\"", "") == 0, "%s: %d of them in the log", "violations", logged("\"event\":\"violation\"", ""));
    expect(logged("\"event\":\"leak\"", "") == 0, "%s: %d of them in the log", "leaks", logged("\"event\":\"leak\"", ""));
    refuse_all();
    printf(failures == 0 ? "nvsim: all is well\n" : "nvsim: %d failures\n", failures);
    return failures != 0;
}
