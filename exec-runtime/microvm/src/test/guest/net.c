/*
 * A function that does on the network what each call's event says: a command each line, a line for each answer. Ends of
 * connections are known by their descriptors. An answer "error N" has the number of errno. If the variable DIAL says
 * "HOST PORT" it connects before it asks for its first call, as functions do that hold a connection.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define API "/2018-06-01/runtime/invocation/"

enum { MOST = 1200, SECONDS = 20 };

static char id[256];
static char answer[1 << 20];
static size_t length;

/* A thread that works on an end while no call runs. */
static struct job {
    pthread_t thread;
    bool runs;
    int fd;
    long bytes;
    int error;
    pthread_mutex_t lock;
} jobs[MOST];

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...) {
    va_list list;
    va_start(list, format);
    int put = vsnprintf(answer + length, sizeof answer - length, format, list);
    va_end(list);
    if (put > 0 && length + (size_t)put + 1 < sizeof answer) {
        length += (size_t)put;
        answer[length++] = '\n';
    }
}

static void fail(void) {
    say("error %d", errno);
}

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

static int dial(const char *host, const char *port, int type) {
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = type};
    struct addrinfo *found = NULL;
    int unknown = getaddrinfo(host, port, &hints, &found);
    if (unknown) {
        say("unknown %d", unknown);
        return -1;
    }
    int fd = socket(found->ai_family, type, 0);
    struct timeval limit = {.tv_sec = SECONDS};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) != 0) {
        fail();
        close(fd);
        fd = -1;
    }
    freeaddrinfo(found);
    return fd;
}

static void *read_all(void *argument) {
    static __thread char bytes[64 * 1024];
    struct job *job = argument;
    ssize_t got;
    struct timeval limit = {0};
    setsockopt(job->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    while ((got = read(job->fd, bytes, sizeof bytes)) > 0) {
        pthread_mutex_lock(&job->lock);
        job->bytes += got;
        pthread_mutex_unlock(&job->lock);
    }
    job->error = got < 0 ? errno : 0;
    return NULL;
}

static void *write_on(void *argument) {
    static const char bytes[64 * 1024];
    struct job *job = argument;
    ssize_t put;
    while ((put = send(job->fd, bytes, sizeof bytes, MSG_NOSIGNAL)) > 0) {
        pthread_mutex_lock(&job->lock);
        job->bytes += put;
        pthread_mutex_unlock(&job->lock);
    }
    job->error = errno;
    return NULL;
}

/* Sends back what comes, and says when that is all. */
static void *echo_all(void *argument) {
    static __thread char bytes[16 * 1024];
    struct job *job = argument;
    ssize_t got;
    while ((got = read(job->fd, bytes, sizeof bytes)) > 0) {
        for (ssize_t put = 0, now; put < got; put += now) {
            now = send(job->fd, bytes + put, (size_t)(got - put), MSG_NOSIGNAL);
            if (now <= 0) {
                job->error = errno;
                return NULL;
            }
        }
        job->bytes += got;
    }
    job->error = got < 0 ? errno : 0;
    shutdown(job->fd, SHUT_WR);
    return NULL;
}

/* Many threads with small stacks: there may be 500 of them in 128 MiB. */
static void begin(struct job *job, int fd, void *(*work)(void *)) {
    pthread_attr_t small;
    *job = (struct job){.fd = fd, .runs = true, .lock = PTHREAD_MUTEX_INITIALIZER};
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 128 * 1024);
    if (pthread_create(&job->thread, &small, work, job) != 0) {
        fail();
        job->runs = false;
    }
}

static void tell_end(struct job *job) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += SECONDS;
    if (!job->runs || pthread_timedjoin_np(job->thread, NULL, &until) != 0) {
        say("runs");
        return;
    }
    job->runs = false;
    close(job->fd);
    if (job->error) {
        say("error %d after %ld", job->error, job->bytes);
    } else {
        say("end after %ld", job->bytes);
    }
}

static long total(const char *name) {
    char names[4096];
    char numbers[4096];
    long found = -1;
    FILE *file = fopen("/proc/net/netstat", "r");
    while (file && fgets(names, sizeof names, file) && fgets(numbers, sizeof numbers, file)) {
        char *rest = NULL;
        char *more = NULL;
        char *key = strtok_r(names, " \n", &rest);
        char *value = strtok_r(numbers, " \n", &more);
        for (; key && value; key = strtok_r(NULL, " \n", &rest), value = strtok_r(NULL, " \n", &more)) {
            if (!strcmp(key, name)) {
                found = atol(value);
            }
        }
    }
    if (file) {
        fclose(file);
    }
    return found;
}

static void echo_datagram(const char *host, const char *port, const char *text) {
    char bytes[2048];
    int fd = dial(host, port, SOCK_DGRAM);
    if (fd < 0) {
        return;
    }
    ssize_t got = send(fd, text, strlen(text), 0) < 0 ? -1 : recv(fd, bytes, sizeof bytes, 0);
    if (got < 0) {
        fail();
    } else {
        say("got %.*s", (int)got, bytes);
    }
    close(fd);
}

static void receive(int fd) {
    char bytes[2048];
    ssize_t got = recv(fd, bytes, sizeof bytes, 0);
    if (got > 0) {
        say("got %.*s", (int)got, bytes);
    } else if (got == 0) {
        say("end");
    } else {
        fail();
    }
}

/* Sends so many bytes and says how long the other end took to take and answer them. */
static void push(int fd, long left) {
    static const char bytes[256 * 1024];
    struct timespec from;
    struct timespec to;
    char one;
    clock_gettime(CLOCK_MONOTONIC, &from);
    while (left > 0) {
        ssize_t put = send(fd, bytes, left < (long)sizeof bytes ? (size_t)left : sizeof bytes, MSG_NOSIGNAL);
        if (put <= 0) {
            fail();
            return;
        }
        left -= put;
    }
    if (recv(fd, &one, 1, 0) != 1) {
        fail();
        return;
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    say("millis %ld", (to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000);
}

static void listen_at(int port, int backlog) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int on = 1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, backlog) != 0) {
        fail();
        return;
    }
    say("fd %d", fd);
}

static void command(char *line) {
    char word[32];
    char first[256] = "";
    char second[1500] = "";
    char third[1500] = "";
    if (sscanf(line, "%31s %255s %1499s %1499[^\n]", word, first, second, third) < 1) {
        return;
    }
    int fd = atoi(first);
    struct job *job = fd >= 0 && fd < MOST ? &jobs[fd] : &jobs[0];
    if (!strcmp(word, "dial")) {
        int got = dial(first, second, SOCK_STREAM);
        if (got >= 0) {
            say("fd %d", got);
        }
    } else if (!strcmp(word, "send")) {
        if (send(fd, second, strlen(second), MSG_NOSIGNAL) < 0) {
            fail();
        } else {
            say("sent");
        }
    } else if (!strcmp(word, "receive")) {
        receive(fd);
    } else if (!strcmp(word, "finish")) {
        shutdown(fd, SHUT_WR);
        say("finished");
    } else if (!strcmp(word, "close")) {
        close(fd);
        say("closed");
    } else if (!strcmp(word, "read")) {
        begin(job, fd, read_all);
        say("reads");
    } else if (!strcmp(word, "write")) {
        begin(job, fd, write_on);
        say("writes");
    } else if (!strcmp(word, "echo")) {
        begin(job, fd, echo_all);
        say("echoes");
    } else if (!strcmp(word, "ended")) {
        tell_end(job);
    } else if (!strcmp(word, "push")) {
        push(fd, atol(second));
    } else if (!strcmp(word, "datagram")) {
        echo_datagram(first, second, third);
    } else if (!strcmp(word, "listen")) {
        listen_at(fd, 512);
    } else if (!strcmp(word, "accept")) {
        int got = accept(fd, NULL, NULL);
        if (got < 0) {
            fail();
        } else {
            say("fd %d", got);
        }
    } else if (!strcmp(word, "total")) {
        say("%ld", total(first));
    } else {
        say("unknown command %s", word);
    }
}

static size_t event(FILE *api, char *to, size_t most) {
    char line[8192];
    long left = -1;
    size_t got = 0;
    fprintf(api, "GET " API "next HTTP/1.1\r\nHost: x\r\n\r\n");
    fflush(api);
    fseek(api, 0, SEEK_CUR);
    while (fgets(line, sizeof line, api) && line[0] != '\r') {
        sscanf(line, "Lambda-Runtime-Aws-Request-Id: %255s", id);
        sscanf(line, "Content-Length: %ld", &left);
    }
    if (left >= 0) {
        return fread(to, 1, (size_t)left < most ? (size_t)left : most, api);
    }
    /* In chunks. */
    while (fgets(line, sizeof line, api) && (left = strtol(line, NULL, 16)) > 0 && got + (size_t)left <= most) {
        got += fread(to + got, 1, (size_t)left, api);
        if (!fgets(line, sizeof line, api)) {
            break;
        }
    }
    return fgets(line, sizeof line, api) ? got : 0;
}

int main(void) {
    static char script[64 * 1024];
    const char *dialed = getenv("DIAL");
    char host[256];
    char port[16];
    if (dialed && sscanf(dialed, "%255s %15s", host, port) == 2) {
        int fd = dial(host, port, SOCK_STREAM);
        begin(&jobs[fd < 0 ? 0 : fd], fd, read_all);
        printf("dialed %d\n", fd);
        fflush(stdout);
    }
    FILE *api = connection();
    for (;;) {
        char *rest = NULL;
        size_t got = event(api, script, sizeof script - 1);
        script[got] = '\0';
        length = 0;
        for (char *line = strtok_r(script, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
            command(line);
        }
        fprintf(api, "POST " API "%s/response HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n", id, length);
        fwrite(answer, 1, length, api);
        fflush(api);
        fseek(api, 0, SEEK_CUR);
        char line[8192];
        long left = 0;
        while (fgets(line, sizeof line, api) && line[0] != '\r') {
            sscanf(line, "Content-Length: %ld", &left);
        }
        while (left-- > 0 && fgetc(api) != EOF) {
        }
    }
}
