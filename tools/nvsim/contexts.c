#include "cuda.h"
#include <pthread.h>
#include <stdlib.h>

struct context {
    struct context *next;
    const struct gpu *gpu;
    int holds; /* of a primary context: how often it was retained */
    bool primary, dead;
};

enum { STACK_MAX = 32 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct context *contexts;
static _Thread_local struct context *stack[STACK_MAX];
static _Thread_local int depth;

struct context *context_of(void *handle)
{
    pthread_mutex_lock(&lock);
    struct context *found = contexts;
    while (found != NULL && found != handle) {
        found = found->next;
    }
    pthread_mutex_unlock(&lock);
    return found;
}

const struct gpu *context_gpu(const struct context *context) { return context->gpu; }

bool context_is_dead(const struct context *context) { return context->dead; }

void contexts_die(int gpu)
{
    pthread_mutex_lock(&lock);
    for (struct context *context = contexts; context != NULL; context = context->next) {
        context->dead |= context->gpu->index == gpu;
    }
    pthread_mutex_unlock(&lock);
}

struct context *context_current(void) { return depth == 0 ? NULL : context_of(stack[depth - 1]); }

int context_push(struct context *context)
{
    if (depth == STACK_MAX) {
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    stack[depth++] = context;
    return CUDA_SUCCESS;
}

struct context *context_pop(void) { return depth == 0 ? NULL : stack[--depth]; }

static struct context *primary_of(const struct gpu *gpu)
{
    struct context *found = contexts;
    while (found != NULL && !(found->primary && found->gpu == gpu)) {
        found = found->next;
    }
    return found;
}

struct context *context_add(const struct gpu *gpu, bool primary)
{
    pthread_mutex_lock(&lock);
    struct context *context = primary ? primary_of(gpu) : NULL;
    if (context == NULL && (context = calloc(1, sizeof *context)) != NULL) {
        *context = (struct context){ .next = contexts, .gpu = gpu, .primary = primary };
        contexts = context;
    }
    if (context != NULL) {
        context->holds++;
    }
    pthread_mutex_unlock(&lock);
    return context;
}

bool context_drop(struct context *context, bool at_once)
{
    pthread_mutex_lock(&lock);
    struct context **link = &contexts;
    while (*link != NULL && *link != context) {
        link = &(*link)->next;
    }
    bool found = *link != NULL;
    if (found && (--context->holds <= 0 || at_once)) {
        *link = context->next;
        free(context);
    }
    pthread_mutex_unlock(&lock);
    return found;
}

struct context *context_primary(const struct gpu *gpu)
{
    pthread_mutex_lock(&lock);
    struct context *found = primary_of(gpu);
    pthread_mutex_unlock(&lock);
    return found;
}
