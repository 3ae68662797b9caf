/*
 * A function for the contract of runtimes: does at each call what the file "act" beside it says. HOOK: tells when it went
 * on after it asked what it is restored for. WANDER: says each step that it takes, and at its end whether it remembers all.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#define API "/2018-06-01/runtime/invocation/"

static char id[256];
static char act[32];
static int calls;

static FILE *connection(void) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9001)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        perror("connect");
        exit(1);
    }
    return fdopen(fd, "r+");
}

/* Asks for something that it waits for, and reads the answer's head; its body's length, or -1 if it comes in chunks. */
static long ask(FILE *api, const char *path) {
    char line[8192];
    long length = -1;
    fprintf(api, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path);
    fflush(api);
    fseek(api, 0, SEEK_CUR);
    while (fgets(line, sizeof line, api) && line[0] != '\r') {
        sscanf(line, "Lambda-Runtime-Aws-Request-Id: %255s", id);
        sscanf(line, "Content-Length: %ld", &length);
    }
    return length;
}

/* Part of an event: how much came, 0 at its end. */
static size_t part(FILE *api, long *length, char *to, size_t most) {
    char line[64];
    if (*length < 0) {
        if (!fgets(line, sizeof line, api)) {
            return 0;
        }
        size_t size = (size_t)strtol(line, NULL, 16);
        size_t got = size ? fread(to, 1, size < most ? size : most, api) : 0;
        return fgets(line, sizeof line, api) ? got : 0;
    }
    size_t want = (size_t)*length < most ? (size_t)*length : most;
    size_t got = want ? fread(to, 1, want, api) : 0;
    *length -= (long)got;
    return got;
}

/* An answer that goes out as it is written. */
static FILE *answer(void) {
    FILE *api = connection();
    fprintf(api,
            "POST " API "%s/response HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n\r\n",
            id);
    return api;
}

static void chunk(FILE *api, const char *bytes, size_t length) {
    if (length > 0) {
        fprintf(api, "%zx\r\n", length);
        fwrite(bytes, 1, length, api);
        fputs("\r\n", api);
        fflush(api);
    }
}

static void end(FILE *api) {
    fputs("0\r\n\r\n", api);
    fflush(api);
    fseek(api, 0, SEEK_CUR);
    while (fgetc(api) != EOF) {
    }
    fclose(api);
}

static bool is_ours(const char *variable) {
    static const char *others[] = {"AWS_", "LAMBDA_", "RUNNEL_", "_HANDLER=", "_X_AMZN_", "PATH=", "LD_LIBRARY_PATH=", "TZ=",
                                   "HOME=", "LANG=", "USER=", "SHELL=", "PWD=", NULL};
    for (int i = 0; others[i]; i++) {
        if (!strncmp(variable, others[i], strlen(others[i]))) {
            return false;
        }
    }
    return true;
}

static int deeper(volatile int depth) {
    volatile char room[4096];
    room[0] = (char)depth;
    return depth < 0 ? 0 : deeper(depth + 1) + room[0];
}

static void grow(void) {
    for (;;) {
        char *more = malloc(1 << 20);
        memset(more ? more : (char *)1, 1, 1 << 20);
    }
}

/* For 2.5 s; then how many steps it took, and whether its memory is what it has written. */
static int wander(char *told, size_t most) {
    enum { PLACES = 1 << 16 };
    static int places[PLACES];
    int steps = 0;
    struct timespec begun, now, step = {.tv_nsec = 1000 * 1000};
    clock_gettime(CLOCK_MONOTONIC, &begun);
    do {
        places[steps * 61 % PLACES] = steps + 1;
        fprintf(stderr, "step %d\n", steps++);
        nanosleep(&step, NULL);
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((now.tv_sec - begun.tv_sec) * 1000 + (now.tv_nsec - begun.tv_nsec) / 1000000 < 2500 && steps < PLACES);
    bool whole = true;
    for (int i = 0; i < steps; i++) {
        whole = whole && places[i * 61 % PLACES] == i + 1;
    }
    return snprintf(told, most, "%d steps, %s", steps, whole ? "whole" : "torn");
}

int main(int count, char **arguments) {
    static char bytes[64 * 1024];
    FILE *file = fopen("/var/task/act", "r");
    if (!file || !fgets(act, sizeof act, file)) {
        return 9;
    }
    fclose(file);
    FILE *api = connection();
    struct timespec restored = {0};
    if (!strcmp(act, "HOOK")) {
        for (long left = ask(api, "/2018-06-01/runtime/restore/next"); part(api, &left, bytes, sizeof bytes) > 0;) {
        }
        clock_gettime(CLOCK_REALTIME, &restored);
    }
    for (;;) {
        long length = ask(api, API "next");
        bool ends = !strcmp(act, "EXIT_3") || !strcmp(act, "TRAP") || !strcmp(act, "RECURSE") || !strcmp(act, "GROW");
        bool late = !strcmp(act, "WANDER");
        FILE *to = ends || late ? NULL : answer();
        if (!strcmp(act, "READ_ON") || !strcmp(act, "SPIN") || !strcmp(act, "SLEEP")) {
            chunk(to, ".", 1);
        }
        for (size_t got = part(api, &length, bytes, sizeof bytes); got > 0;
             got = part(api, &length, bytes, sizeof bytes)) {
            if (!strcmp(act, "ECHO")) {
                chunk(to, bytes, got);
            }
        }
        if (!strcmp(act, "HOOK")) {
            int size = snprintf(bytes, sizeof bytes, "%lld", restored.tv_sec * 1000LL + restored.tv_nsec / 1000000);
            chunk(to, bytes, (size_t)size);
        } else if (late) {
            int size = wander(bytes, sizeof bytes);
            to = answer();
            chunk(to, bytes, (size_t)size);
        } else if (!strcmp(act, "HELLO")) {
            chunk(to, "hello", 5);
        } else if (!strcmp(act, "EXIT_3")) {
            return 3;
        } else if (!strcmp(act, "LOG")) {
            fputs("note", stderr);
        } else if (!strcmp(act, "ENVIRONMENT")) {
            for (char **variable = environ; *variable; variable++) {
                if (is_ours(*variable)) {
                    chunk(to, *variable, strlen(*variable));
                    chunk(to, "\n", 1);
                }
            }
        } else if (!strcmp(act, "ARGUMENTS")) {
            for (int i = 0; i < count; i++) {
                chunk(to, arguments[i], strlen(arguments[i]));
                chunk(to, "\n", 1);
            }
        } else if (!strcmp(act, "REMEMBER") || !strcmp(act, "COUNT")) {
            char digit = (char)('0' + calls++);
            chunk(to, &digit, 1);
        } else if (!strcmp(act, "SPIN")) {
            for (volatile int i = 0;; i++) {
            }
        } else if (!strcmp(act, "SLEEP")) {
            sleep(3600);
        } else if (!strcmp(act, "TRAP")) {
            __builtin_trap();
        } else if (!strcmp(act, "RECURSE")) {
            return deeper(0);
        } else if (!strcmp(act, "GROW")) {
            grow();
        } else if (!strcmp(act, "FLOOD")) {
            for (;;) {
                chunk(to, bytes, sizeof bytes);
            }
        }
        end(to);
    }
}
