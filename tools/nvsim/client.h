/* A client that speaks the API by itself, in any version: what the selftest drives the simulator with. */
#ifndef NVSIM_CLIENT_H
#define NVSIM_CLIENT_H

#include <stdio.h>
#include "driver.h"
#include "layout.h"
#include "statuses.h"

enum { CLIENT_WIDTH = 320, CLIENT_HEIGHT = 180, CLIENT_BUFFERS = 4 };

struct client {
    int api, codec, depth;
    void *context, *encoder;
    uint8_t list[2552], config[5128], init[2048];
    void *inputs[CLIENT_BUFFERS], *outputs[CLIENT_BUFFERS];
    int pictures, keys;
    size_t bytes;

    /* Changes a struct before it is passed: how wrong layouts are made. May be null. */
    void (*harm)(struct view view, enum layout_struct_id id);
};

/* Loads libcuda and libnvidia-encode from that folder. False where they cannot be. */
bool client_load(const char *folder);

/* Each gives an NVENCSTATUS, or -1 where CUDA refused. */
int client_instance(struct client *client);
int client_open(struct client *client, int device);
int client_prepare(struct client *client, uint32_t bits_per_second);
int client_encode(struct client *client, bool force_key, FILE *to);
int client_change_rate(struct client *client, uint32_t bits_per_second);
void client_close(struct client *client);

#endif
