/* Sessions are counted across processes: each holds a file of $NVSIM_DIR locked, which the kernel unlocks when a process dies. */
#include "nvenc.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int cap_of(const char *name)
{
    const char *text = setting(name);
    return text == NULL ? 0 : atoi(text);
}

/* A descriptor, -1 where all slots are taken, -2 where there is no cap. */
static int take(const char *what, int cap)
{
    if (cap <= 0) {
        return -2;
    }
    char folder[400], path[512];
    const char *given = setting("NVSIM_DIR");
    if (given != NULL && *given != '\0') {
        snprintf(folder, sizeof folder, "%s", given);
    } else {
        snprintf(folder, sizeof folder, "/tmp/nvsim-%d", (int)getuid());
        mkdir(folder, 0700);
    }
    for (int slot = 0; slot < cap; slot++) {
        snprintf(path, sizeof path, "%s/%s-%d.slot", folder, what, slot);
        int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (file < 0) {
            fprintf(stderr, "nvsim: cannot open %s: NVSIM_DIR must be a folder to write in\n", path);
            return -1;
        }
        if (flock(file, LOCK_EX | LOCK_NB) == 0) {
            return file;
        }
        close(file);
    }
    return -1;
}

bool slots_take(const struct gpu *gpu, int slots[2])
{
    char what[16];
    snprintf(what, sizeof what, "gpu%d", gpu->index);
    slots[0] = take(what, cap_of("NVSIM_GPU_SESSIONS"));
    slots[1] = slots[0] == -1 || !gpu->consumer ? -2 : take("system", cap_of("NVSIM_SYS_SESSIONS"));
    if (slots[0] != -1 && slots[1] != -1) {
        return true;
    }
    slots_give_back(slots);
    return false;
}

void slots_give_back(int slots[2])
{
    for (int i = 0; i < 2; i++) {
        if (slots[i] >= 0) {
            close(slots[i]);
        }
        slots[i] = -2;
    }
}
