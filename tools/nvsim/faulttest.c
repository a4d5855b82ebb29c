/*
 * faulttest FOLDER: what the environment and the control file ask for comes to pass. Each case is a process of its own, since the
 * libraries read their environment once.
 */
#include "client.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *folder;
static char scratch[] = "/tmp/nvsim-check-XXXXXX";
static FILE *nowhere;

/* Ends the case, and names the line that was not as it must be. */
#define MUST(condition) do { if (!(condition)) { printf("FAILED line %d: %s\n", __LINE__, #condition); fflush(stdout); _exit(1); } } while (0)

static void control(const char *text)
{
    char path[128], written[128];
    snprintf(path, sizeof path, "%s/control", scratch);
    snprintf(written, sizeof written, "%s/control.new", scratch);
    FILE *file = fopen(written, "w");
    fputs(text, file);
    fclose(file);
    rename(written, path);
}

static int start(struct client *client, int api, int device)
{
    *client = (struct client){ .api = api, .codec = CODEC_H264, .depth = 8 };
    int status = client_instance(client);
    status = status != SUCCESS ? status : client_open(client, device);
    return status != SUCCESS ? status : client_prepare(client, 500000);
}

static int encode(struct client *client, int pictures)
{
    int status = SUCCESS;
    for (int i = 0; i < pictures && status == SUCCESS; i++) {
        status = client_encode(client, false, nowhere);
    }
    return status;
}

static void status_at_the_third(void)
{
    struct client client;
    MUST(start(&client, API_12_1, 0) == SUCCESS);
    MUST(encode(&client, 2) == SUCCESS);
    MUST(encode(&client, 1) == ENCODER_BUSY);
    MUST(encode(&client, 3) == SUCCESS);
    client_close(&client);
}

static void lost_and_back(void)
{
    struct client first, other, again;
    MUST(start(&first, API_12_1, 0) == SUCCESS && encode(&first, 2) == SUCCESS);
    MUST(start(&other, API_12_1, 1) == SUCCESS && encode(&other, 2) == SUCCESS);
    control("gpu=0 do=lost\n");
    MUST(encode(&first, 1) == DEVICE_NOT_EXIST);
    MUST(start(&again, API_12_1, 0) == -1);
    MUST(encode(&other, 2) == SUCCESS);
    control("");
    MUST(encode(&first, 1) == DEVICE_NOT_EXIST);
    MUST(start(&again, API_12_1, 0) == SUCCESS && encode(&again, 2) == SUCCESS);
}

static void two_sessions(void)
{
    struct client first, second, third;
    int opened[2];
    char done = 0;
    MUST(start(&first, API_12_1, 0) == SUCCESS && pipe(opened) == 0);
    pid_t other = fork();
    if (other == 0) {
        MUST(start(&second, API_12_1, 0) == SUCCESS && write(opened[1], "y", 1) == 1);
        pause();
    }
    close(opened[1]);
    MUST(read(opened[0], &done, 1) == 1);
    MUST(start(&third, API_12_1, 0) == OUT_OF_MEMORY);

    /* The kernel gives back what a process held that was killed. */
    kill(other, SIGKILL);
    waitpid(other, NULL, 0);
    MUST(start(&third, API_12_1, 0) == SUCCESS);
}

static void consumer_cards_share(void)
{
    struct client clients[4];
    MUST(start(&clients[0], API_12_1, 0) == SUCCESS);
    MUST(start(&clients[1], API_12_1, 1) == SUCCESS);
    MUST(start(&clients[2], API_12_1, 1) == OUT_OF_MEMORY);
    MUST(start(&clients[3], API_12_1, 2) == SUCCESS);
}

static void no_encoder(void)
{
    struct client client;
    MUST(start(&client, API_12_1, 0) == UNSUPPORTED_DEVICE);
}

static void old_driver(void)
{
    struct client client;
    MUST(start(&client, API_12_0, 0) == INVALID_VERSION);
    MUST(start(&client, API_11_1, 0) == SUCCESS && encode(&client, 2) == SUCCESS);
}

static void older_driver(void)
{
    struct client client;
    MUST(start(&client, API_11_1, 0) == INVALID_VERSION);
}

static void crash(void)
{
    struct client client;
    MUST(start(&client, API_12_1, 0) == SUCCESS);
    encode(&client, 5);
}

static void hang_until_the_rules_change(void)
{
    struct client client;
    MUST(start(&client, API_12_1, 0) == SUCCESS && encode(&client, 1) == SUCCESS);
    control("op=lock do=hang\n");
    pid_t other = fork();
    if (other == 0) {
        usleep(200000);
        control("");
        _exit(0);
    }
    uint64_t before = now_nanoseconds();
    MUST(encode(&client, 1) == GENERIC);
    MUST(now_nanoseconds() - before > 100000000);
    waitpid(other, NULL, 0);
}

static void empty_output(void)
{
    struct client client;
    MUST(start(&client, API_12_1, 0) == SUCCESS && encode(&client, 1) == SUCCESS);
    size_t before = client.bytes;
    MUST(before > 0 && encode(&client, 1) == SUCCESS && client.bytes == before);
}

static void slow_engine(void)
{
    struct client client;
    MUST(start(&client, API_12_1, 0) == SUCCESS);
    uint64_t before = now_nanoseconds();
    MUST(encode(&client, 10) == SUCCESS);
    MUST(now_nanoseconds() - before > 10 * (uint64_t)CLIENT_WIDTH * CLIENT_HEIGHT * 900);
}

static void one_card_visible(void)
{
    struct client client;
    MUST(start(&client, API_12_1, 0) == SUCCESS);
    MUST(start(&client, API_12_1, 1) == -1);
}

static const struct {
    const char *what;
    void (*run)(void);
    const char *environment[2][2];
    int killed_by;
} cases[] = {
    { "a status at the third picture", status_at_the_third, { { "NVSIM_FAULTS", "op=encode nth=3 do=err:ENCODER_BUSY" } }, 0 },
    { "a device lost and back", lost_and_back, { { "NVSIM_GPUS", "t4*2" } }, 0 },
    { "two sessions for all processes", two_sessions, { { "NVSIM_GPU_SESSIONS", "2" } }, 0 },
    { "consumer cards share their cap", consumer_cards_share, { { "NVSIM_GPUS", "rtx4090*2,t4" }, { "NVSIM_SYS_SESSIONS", "2" } }, 0 },
    { "a card that does not encode", no_encoder, { { "NVSIM_GPUS", "h200" } }, 0 },
    { "an old driver", old_driver, { { "NVSIM_MAX_API", "11.1" } }, 0 },
    { "a driver older than the table", older_driver, { { "NVSIM_MAX_API", "11.0" } }, 0 },
    { "a crash", crash, { { "NVSIM_FAULTS", "op=encode nth=3 do=segv" } }, SIGSEGV },
    { "a hang", hang_until_the_rules_change, { { NULL, NULL } }, 0 },
    { "empty output", empty_output, { { "NVSIM_FAULTS", "op=encode nth=2 do=empty" } }, 0 },
    { "a slow engine", slow_engine, { { "NVSIM_GPUS", "t4" }, { "NVSIM_MPPS", "1" } }, 0 },
    { "one card of two", one_card_visible, { { "NVSIM_GPUS", "t4,l4" }, { "CUDA_VISIBLE_DEVICES", "1" } }, 0 },
};

int main(int count, char **arguments)
{
    int failures = 0;
    if (count != 2 || mkdtemp(scratch) == NULL) {
        fprintf(stderr, "faulttest FOLDER\n");
        return 2;
    }
    folder = arguments[1];
    nowhere = fopen("/dev/null", "w");
    setenv("NVSIM_DIR", scratch, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        control("");
        pid_t child = fork();
        if (child == 0) {
            for (int v = 0; v < 2 && cases[i].environment[v][0] != NULL; v++) {
                setenv(cases[i].environment[v][0], cases[i].environment[v][1], 1);
            }
            MUST(client_load(folder));
            cases[i].run();
            _exit(0);
        }
        int status;
        waitpid(child, &status, 0);
        if (cases[i].killed_by == 0 ? status != 0 : !WIFSIGNALED(status) || WTERMSIG(status) != cases[i].killed_by) {
            failures++;
            printf("FAILED %s: wait status 0x%x\n", cases[i].what, status);
        }
    }
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", scratch);
    failures += system(command) != 0;
    printf(failures == 0 ? "nvsim: every fault came as asked\n" : "nvsim: %d cases failed\n", failures);
    return failures != 0;
}
