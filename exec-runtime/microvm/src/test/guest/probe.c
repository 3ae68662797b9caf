/* A function for tests: does what its event says. Speaks the runtime API over one connection. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static FILE *in;
static FILE *out;
static char event[2 * 1024 * 1024];
static size_t event_length;
static char id[256];
static char answer[64 * 1024];

static void say(const char *format, const char *text) {
    size_t length = strlen(answer);
    snprintf(answer + length, sizeof answer - length, format, text);
}

static void read_chunks(void) {
    char line[256];
    while (fgets(line, sizeof line, in)) {
        size_t size = (size_t)strtol(line, NULL, 16);
        event_length += fread(event + event_length, 1, size, in);
        if (!fgets(line, sizeof line, in) || size == 0) {
            return;
        }
    }
}

static bool next(void) {
    char line[8192];
    long length = -1;
    fputs("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n", out);
    fflush(out);
    while (fgets(line, sizeof line, in) && line[0] != '\r') {
        sscanf(line, "Lambda-Runtime-Aws-Request-Id: %255s", id);
        sscanf(line, "Content-Length: %ld", &length);
    }
    event_length = 0;
    if (length >= 0) {
        event_length = fread(event, 1, (size_t)length, in);
    } else {
        read_chunks();
    }
    event[event_length] = '\0';
    return !feof(in);
}

static void post(const char *what, const char *headers, const void *body, size_t length) {
    char line[8192];
    size_t left = 0;
    fprintf(out, "POST /2018-06-01/runtime/invocation/%s/%s HTTP/1.1\r\n%sContent-Length: %zu\r\n\r\n", id, what,
            headers, length);
    fwrite(body, 1, length, out);
    fflush(out);
    while (fgets(line, sizeof line, in) && line[0] != '\r') {
        sscanf(line, "Content-Length: %zu", &left);
    }
    left = fread(line, 1, left, in);
}

static void try_open(const char *how, const char *path, int flags) {
    int fd = open(path, flags, 0600);
    int error = fd >= 0 && (flags & O_WRONLY) && write(fd, "x", 1) != 1 ? errno : fd < 0 ? errno : 0;
    say("%s ", how);
    say("%s: ", path);
    say("%s\n", error ? strerror(error) : "ok");
    if (fd >= 0) {
        close(fd);
    }
}

static void facts(void) {
    char line[256];
    snprintf(line, sizeof line, "uid %d %d\ngid %d %d\n", getuid(), geteuid(), getgid(), getegid());
    say("%s", line);
    say("cwd %s\n", getcwd(line, sizeof line));
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status)) {
        if (strncmp(line, "Cap", 3) == 0 || strncmp(line, "NoNew", 5) == 0) {
            say("%s", line);
        }
    }
    fclose(status);
    try_open("write", "/tmp/x", O_WRONLY | O_CREAT);
    try_open("write", "/var/task/x", O_WRONLY | O_CREAT);
    try_open("write", "/x", O_WRONLY | O_CREAT);
    try_open("write", "/etc/passwd", O_WRONLY);
    try_open("write", "/dev/stdout", O_WRONLY);
    try_open("write", "/proc/1/oom_score_adj", O_WRONLY);
    try_open("read", "/dev/vda", O_RDONLY);
    try_open("read", "/dev/vport1p1", O_RDONLY);
    try_open("read", "/proc/1/environ", O_RDONLY);
    say("time %s\n", time(NULL) > 1600000000 ? "ok" : "wrong");
}

static void clone_of(void) {
    unsigned char bytes[16];
    char text[64];
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) {
        say("%s", "none");
    }
    for (size_t i = 0; i < sizeof bytes; i++) {
        snprintf(text, sizeof text, "%02x", bytes[i]);
        say("%s", text);
    }
    snprintf(text, sizeof text, "\n%lld", (long long)time(NULL));
    say("%s", text);
}

static int by_name(const void *left, const void *right) {
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void list(const char *path) {
    char *names[256];
    size_t count = 0;
    DIR *folder = opendir(path);
    struct dirent *entry;
    while (folder && (entry = readdir(folder)) && count < 256) {
        if (entry->d_name[0] != '.') {
            names[count++] = strdup(entry->d_name);
        }
    }
    if (folder) {
        closedir(folder);
    }
    qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++) {
        say(i ? "\n%s" : "%s", names[i]);
        free(names[i]);
    }
}

static void fill(void) {
    static char mib[1024 * 1024];
    char line[64];
    int fd = open("/tmp/full", O_WRONLY | O_CREAT, 0600);
    int written = 0;
    long total = 0;
    errno = 0;
    ssize_t put;
    while ((put = write(fd, mib, sizeof mib)) > 0) {
        total += put;
    }
    written = (int)((total + 512 * 1024) / (1024 * 1024));
    snprintf(line, sizeof line, "%d MiB, then ", written);
    say("%s", line);
    say("%s", strerror(errno));
    close(fd);
    unlink("/tmp/full");
}

static void flood(void) {
    char line[101];
    memset(line, 'x', 99);
    line[99] = '\n';
    for (int i = 0; i < 10000; i++) {
        if (write(i % 2 ? 1 : 2, line, 100) != 100) {
            say("%s", "short");
        }
    }
    say("%s", "1000000");
}

static void bomb(void) {
    for (int i = 0; i < 40; i++) {
        pid_t child = fork();
        if (child == 0) {
            setpgid(0, 0);
            for (;;) {
                if (fork() < 0) {
                    for (volatile int wait = 0; wait < 100000; wait++) {
                    }
                }
            }
        }
    }
    say("%s", "bombed");
}

/* Kills all of this user but this process: SIGKILL to -1 leaves the sender out. */
static void unbomb(void) {
    kill(-1, SIGKILL);
    while (wait(NULL) > 0) {
    }
    say("%s", "reaped");
}

static void eat(void) {
    for (;;) {
        char *more = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (more == MAP_FAILED) {
            sleep(1);
        } else {
            memset(more, 1, 1 << 20);
        }
    }
}

static void act(void) {
    answer[0] = '\0';
    if (event[0] == 'e' && strcmp(event, "eat") != 0) {
        post("response", "", event, event_length);
        return;
    }
    if (strcmp(event, "fail") == 0) {
        static const char body[] = "{\"errorMessage\":\"no\"}";
        post("error", "Lambda-Runtime-Function-Error-Type: Probe.Error\r\n", body, sizeof body - 1);
        return;
    }
    if (strcmp(event, "facts") == 0) {
        facts();
    } else if (strcmp(event, "clone") == 0) {
        clone_of();
    } else if (strncmp(event, "list ", 5) == 0) {
        list(event + 5);
    } else if (strcmp(event, "fill") == 0) {
        fill();
    } else if (strcmp(event, "flood") == 0) {
        flood();
    } else if (strcmp(event, "bomb") == 0) {
        bomb();
    } else if (strcmp(event, "unbomb") == 0) {
        unbomb();
    } else if (strcmp(event, "eat") == 0) {
        eat();
    }
    post("response", "", answer, strlen(answer));
}

int main(void) {
    char *port = strchr(getenv("AWS_LAMBDA_RUNTIME_API"), ':');
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(port + 1))};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
        perror("runtime API");
        return 1;
    }
    in = fdopen(fd, "r");
    out = fdopen(fcntl(fd, F_DUPFD_CLOEXEC, 0), "w");
    while (next()) {
        act();
    }
    return 0;
}
