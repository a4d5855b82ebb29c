/*
 * Rules, one a line or between semicolons: words KEY=VALUE. op=, gpu=, codec= and sess= say which calls a rule counts, nth=, after=,
 * every= and count= which of them it strikes, do= what happens then. The control file is read again whenever it changes; what was
 * lost until then is back, for those that open anew.
 */
#include "driver.h"
#include "statuses.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum action { DO_NOTHING, DO_STATUS, DO_LOST, DO_HANG, DO_CORRUPT, DO_TRUNCATE, DO_EMPTY, DO_DELAY, DO_SEGV, DO_ABORT, DO_EXIT };

struct rule {
    int op, gpu, codec, session; /* -1: any */
    long nth, after, every, count;
    enum action action;
    long value;
    long seen, struck;
    char text[96];
};

enum { RULE_MAX = 64 };

static const char *const operations[OP_COUNT] = {
    "cuinit", "context", "memory", "open", "query", "init", "reconfigure", "buffer", "encode", "lock", "close",
};
static const char *const codecs[CODEC_COUNT] = { "h264", "hevc", "av1" };
static const char *const actions[] = { "", "err", "lost", "hang", "corrupt", "truncate", "empty", "delay", "segv", "abort", "exit" };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct rule rules[RULE_MAX];
static int rule_count, environment_count = -1;
static bool lost[GPU_MAX];
static struct stat control_seen;
static _Atomic int generation;

static int index_of(const char *word, const char *const *words, int count)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(words[i], word) == 0) {
            return i;
        }
    }
    return -1;
}

/* False for a word that no rule has. */
static bool read_word(struct rule *rule, char *key, char *value)
{
    if (strcmp(key, "do") == 0) {
        char *argument = strchr(value, ':');
        if (argument != NULL) {
            *argument++ = '\0';
        }
        int action = index_of(value, actions, sizeof actions / sizeof *actions);
        rule->action = action < 0 ? DO_NOTHING : (enum action)action;
        rule->value = argument == NULL ? 0 : rule->action == DO_STATUS ? status_of(argument) : atol(argument);
        return action > 0 && rule->value >= 0;
    }
    if (strcmp(key, "op") == 0) {
        rule->op = strcmp(value, "any") == 0 ? -1 : index_of(value, operations, OP_COUNT);
        return rule->op >= 0 || strcmp(value, "any") == 0;
    }
    if (strcmp(key, "codec") == 0) {
        return (rule->codec = index_of(value, codecs, CODEC_COUNT)) >= 0;
    }
    long number = atol(value);
    if (strcmp(key, "gpu") == 0) { rule->gpu = (int)number; return true; }
    if (strcmp(key, "sess") == 0) { rule->session = (int)number; return true; }
    long *counter = strcmp(key, "nth") == 0 ? &rule->nth : strcmp(key, "after") == 0 ? &rule->after
        : strcmp(key, "every") == 0 ? &rule->every : strcmp(key, "count") == 0 ? &rule->count : NULL;
    if (counter != NULL) {
        *counter = number;
    }
    return counter != NULL && number > 0;
}

static void read_rule(const char *line)
{
    struct rule rule = { .op = -1, .gpu = -1, .codec = -1, .session = -1 };
    snprintf(rule.text, sizeof rule.text, "%s", line);
    char copy[sizeof rule.text], *rest = NULL, text[sizeof rule.text * 2];
    snprintf(copy, sizeof copy, "%s", line);
    bool good = true, any = false;
    for (char *word = strtok_r(copy, " \t\r", &rest); word != NULL && *word != '#'; word = strtok_r(NULL, " \t\r", &rest)) {
        char *value = strchr(word, '=');
        if (value != NULL) {
            *value++ = '\0';
        }
        good &= value != NULL && read_word(&rule, word, value);
        any = true;
    }
    if (!any) {
        return;
    }
    if (!good || rule.action == DO_NOTHING || rule_count == RULE_MAX) {
        fprintf(stderr, "nvsim: not a rule: \"%s\"\n", line);
        log_event("bad-rule", "\"rule\":\"%s\"", json_text(line, text, sizeof text));
        return;
    }
    rules[rule_count++] = rule;
}

static void read_rules(char *text)
{
    char *rest = NULL;
    for (char *line = strtok_r(text, ";\n", &rest); line != NULL; line = strtok_r(NULL, ";\n", &rest)) {
        read_rule(line);
    }
}

/* Under the lock. */
static void refresh(void)
{
    char text[4096];
    if (environment_count < 0) {
        const char *environment = setting("NVSIM_FAULTS");
        snprintf(text, sizeof text, "%s", environment == NULL ? "" : environment);
        read_rules(text);
        environment_count = rule_count;
    }
    const char *folder = setting("NVSIM_DIR");
    if (folder == NULL || *folder == '\0') {
        return;
    }
    char path[512];
    struct stat now = { 0 };
    snprintf(path, sizeof path, "%s/control", folder);
    stat(path, &now);
    if (now.st_ino == control_seen.st_ino && now.st_size == control_seen.st_size && now.st_mtim.tv_sec == control_seen.st_mtim.tv_sec
        && now.st_mtim.tv_nsec == control_seen.st_mtim.tv_nsec) {
        return;
    }
    control_seen = now;
    rule_count = environment_count;
    memset(lost, 0, sizeof lost);
    FILE *file = fopen(path, "re");
    size_t read = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
    if (file != NULL) {
        fclose(file);
    }
    text[read] = '\0';
    read_rules(text);
    generation++;
    log_event("control", "\"rules\":%d", rule_count);
}

static bool strikes(struct rule *rule, struct call call)
{
    if ((rule->op >= 0 && rule->op != (int)call.op) || (rule->gpu >= 0 && rule->gpu != call.gpu)
        || (rule->codec >= 0 && rule->codec != call.codec) || (rule->session >= 0 && rule->session != call.session)) {
        return false;
    }
    rule->seen++;
    bool now = (rule->nth == 0 || rule->seen == rule->nth) && rule->seen > rule->after && (rule->every == 0 || rule->seen % rule->every == 0)
        && (rule->count == 0 || rule->struck < rule->count);
    rule->struck += now;
    return now;
}

/* Crashes happen here, so that they happen in the caller's thread and in its call. */
static void crash(enum action action, long value)
{
    if (action == DO_SEGV) {
        volatile uintptr_t nowhere = 8;
        *(volatile int *)nowhere = 0;
    } else if (action == DO_ABORT) {
        abort();
    }
    _exit((int)value);
}

struct fault fault_of(struct call call)
{
    struct rule struck = { .action = DO_NOTHING };
    pthread_mutex_lock(&lock);
    refresh();
    for (int i = 0; i < rule_count; i++) {
        if (strikes(&rules[i], call) && struck.action == DO_NOTHING) {
            struck = rules[i];
        }
    }
    bool tracked = call.gpu >= 0 && call.gpu < GPU_MAX;
    bool newly_lost = struck.action == DO_LOST && tracked && !lost[call.gpu];
    if (newly_lost) {
        lost[call.gpu] = true;
    }
    bool is_lost = tracked && lost[call.gpu];
    pthread_mutex_unlock(&lock);

    if (struck.action != DO_NOTHING && (struck.action != DO_LOST || newly_lost)) {
        char text[sizeof struck.text * 2];
        log_event("fault", "\"op\":\"%s\",\"gpu\":%d,\"session\":%d,\"rule\":\"%s\"", operations[call.op], call.gpu, call.session,
            json_text(struck.text, text, sizeof text));
    }
    if (newly_lost) {
        contexts_die(call.gpu);
    }
    if (is_lost) {
        return (struct fault){ EFFECT_LOST, 0 };
    }
    if (struck.action == DO_DELAY) {
        usleep((useconds_t)struck.value * 1000);
        return (struct fault){ EFFECT_NONE, 0 };
    }
    if (struck.action >= DO_SEGV) {
        crash(struck.action, struck.value);
    }
    return (struct fault){ (enum effect)struck.action, (int)struck.value };
}

void fault_hang(void)
{
    for (int from = generation; from == generation; usleep(20000)) {
        pthread_mutex_lock(&lock);
        refresh();
        pthread_mutex_unlock(&lock);
    }
}
