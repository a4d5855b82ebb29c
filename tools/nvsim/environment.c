/* What the simulator is told: by the file "environment" beside it, for a process that loads several copies, or by the process's environment. */
#define _GNU_SOURCE
#include "driver.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char text[4096];

/* Lines of NAME=VALUE, each ended by a zero. */
static void read_file(void)
{
    Dl_info self;
    char path[512];
    if (dladdr((void *)&once, &self) == 0) {
        return;
    }
    const char *slash = strrchr(self.dli_fname, '/');
    snprintf(path, sizeof path, "%.*senvironment", slash == NULL ? 0 : (int)(slash - self.dli_fname + 1), self.dli_fname);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return;
    }
    text[fread(text, 1, sizeof text - 2, file)] = '\0';
    fclose(file);
    for (char *end = strchr(text, '\n'); end != NULL; end = strchr(end + 1, '\n')) {
        *end = '\0';
    }
}

const char *setting(const char *name)
{
    pthread_once(&once, read_file);
    size_t length = strlen(name);
    for (const char *line = text; *line != '\0'; line += strlen(line) + 1) {
        if (strncmp(line, name, length) == 0 && line[length] == '=') {
            return line + length + 1;
        }
    }
    return getenv(name);
}
