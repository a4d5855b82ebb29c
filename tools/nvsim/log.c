#include "driver.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_once_t opened = PTHREAD_ONCE_INIT;
static int file = -1;

static void open_file(void)
{
    const char *path = setting("NVSIM_LOG");
    if (path != NULL && *path != '\0') {
        file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        if (file < 0) {
            fprintf(stderr, "nvsim: cannot write to NVSIM_LOG=%s\n", path);
        }
    }
}

uint64_t now_nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

const char *json_text(const char *text, char *buffer, size_t size)
{
    size_t used = 0;
    for (; *text != '\0' && used + 2 < size; text++) {
        if (*text == '"' || *text == '\\') {
            buffer[used++] = '\\';
        }
        buffer[used++] = (unsigned char)*text < ' ' ? ' ' : *text;
    }
    buffer[used] = '\0';
    return buffer;
}

void log_event(const char *event, const char *format, ...)
{
    pthread_once(&opened, open_file);
    if (file < 0) {
        return;
    }
    char line[2048];
    int used = snprintf(line, sizeof line, "{\"t\":%.6f,\"pid\":%d,\"event\":\"%s\"", (double)now_nanoseconds() / 1e9, (int)getpid(), event);
    if (*format != '\0') {
        line[used++] = ',';
        va_list arguments;
        va_start(arguments, format);
        int more = vsnprintf(line + used, sizeof line - (size_t)used - 3, format, arguments);
        va_end(arguments);
        used += more < (int)sizeof line - used - 3 ? more : (int)sizeof line - used - 4;
    }
    memcpy(line + used, "}\n", 2);
    /* One write, so that lines of several processes do not mix. A log that cannot be written must not change what is tested. */
    ssize_t written = write(file, line, (size_t)used + 2);
    (void)written;
}
