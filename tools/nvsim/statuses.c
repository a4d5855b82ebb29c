#include "statuses.h"
#include <stdlib.h>
#include <string.h>

static const char *const names[STATUS_COUNT] = {
    "SUCCESS", "NO_ENCODE_DEVICE", "UNSUPPORTED_DEVICE", "INVALID_ENCODERDEVICE", "INVALID_DEVICE", "DEVICE_NOT_EXIST", "INVALID_PTR",
    "INVALID_EVENT", "INVALID_PARAM", "INVALID_CALL", "OUT_OF_MEMORY", "ENCODER_NOT_INITIALIZED", "UNSUPPORTED_PARAM", "LOCK_BUSY",
    "NOT_ENOUGH_BUFFER", "INVALID_VERSION", "MAP_FAILED", "NEED_MORE_INPUT", "ENCODER_BUSY", "EVENT_NOT_REGISTERD", "GENERIC",
    "INCOMPATIBLE_CLIENT_KEY", "UNIMPLEMENTED", "RESOURCE_REGISTER_FAILED", "RESOURCE_NOT_REGISTERED", "RESOURCE_NOT_MAPPED", "NEED_MORE_OUTPUT",
};

int status_of(const char *text)
{
    for (int i = 0; i < STATUS_COUNT; i++) {
        if (strcmp(names[i], text) == 0) {
            return i;
        }
    }
    char *end;
    long number = strtol(text, &end, 10);
    return end == text || *end != '\0' ? -1 : (int)number;
}

const char *status_name(int status) { return status >= 0 && status < STATUS_COUNT ? names[status] : "?"; }
