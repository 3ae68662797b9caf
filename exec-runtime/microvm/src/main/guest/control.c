/* What the host asks, in the order in which it may, and the loop that serves both sides. */
#include "agent.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

const char *control_task_root = "/var/task";
int control_api_port = 9001;

static bool configured;

int64_t monotonic_millis(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static uint32_t number(const unsigned char *payload, size_t length) {
    if (length != 4) {
        die("not 4 bytes but %zu", length);
    }
    return (uint32_t)payload[0] << 24 | (uint32_t)payload[1] << 16 | (uint32_t)payload[2] << 8
           | payload[3];
}

static void configure(const unsigned char *payload, size_t length) {
    if (configured) {
        die("a second CONFIG");
    }
    configured = true;
    config_read(payload, length);
    boot_tmp(config.tmp_mib);
    config_finish(control_task_root, http_listen(control_api_port));
    child_start(control_task_root);
}

void control_frame(int type, const unsigned char *payload, size_t length) {
    if (!configured && type != F_CONFIG && type != F_PING && type != F_STOP) {
        die("frame %d before CONFIG", type);
    }
    switch (type) {
    case F_CONFIG:
        configure(payload, length);
        break;
    case F_INVOKE:
        event_begin(payload, length);
        break;
    case F_BODY:
        event_body(payload, length);
        break;
    case F_BODY_END:
        event_body_end();
        break;
    case F_CREDIT:
        port_add_credit(number(payload, length));
        break;
    case F_RESTORED:
        api_restored(payload, length);
        break;
    case F_STOP:
        child_stop(number(payload, length));
        break;
    case F_PING:
        if (length != 8) {
            die("not 8 bytes but %zu", length);
        }
        port_send(F_PONG, payload, length);
        break;
    case F_HOLD:
        port_hold();
        break;
    case F_RELEASE:
        if (length) {
            wake_elsewhere(payload, length);
        }
        port_release();
        break;
    default:
        die("a frame of unknown type %d", type);
    }
}

/* Tells an error; of a body that does not fit a frame, as much as fits. */
void control_send_error(const char *id, const char *type, const char *body, size_t length, bool init) {
    struct text text = {0};
    text_put(&text, "{");
    if (id) {
        text_put(&text, "\"requestId\":");
        text_json(&text, id, strlen(id), 2048);
        text_put(&text, ",");
    }
    text_put(&text, "\"errorType\":");
    text_json(&text, type, strlen(type), 2048);
    text_format(&text, ",\"init\":%s,\"body\":", init ? "true" : "false");
    text_json(&text, body, length, MAX_PAYLOAD - text.length - 16);
    text_put(&text, "}");
    port_send(F_ERROR, text.at, text.length);
    text_free(&text);
}

static int signals(void) {
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    signal(SIGPIPE, SIG_IGN);
    int fd = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0) {
        die("no signalfd: %s", strerror(errno));
    }
    return fd;
}

static void reap(int fd) {
    struct signalfd_siginfo info;
    while (read(fd, &info, sizeof info) > 0) {
        continue;
    }
    child_reap();
}

static void connections(const struct pollfd *polls) {
    for (int i = 0; i < MAX_CONNS; i++) {
        struct conn *conn = http_conn(i);
        if (conn->fd >= 0) {
            http_step(conn, polls[i].fd == conn->fd ? polls[i].revents : 0);
        }
    }
}

/* Serves until the machine ends. A port whose host is gone always polls as ready: it is looked at every 5 ms. */
void control_loop(int port) {
    enum { PORT, SIGNALS, LISTENER, OUT, ERR, CONNS, COUNT = CONNS + MAX_CONNS };
    struct pollfd polls[COUNT];
    int signal_fd = signals();
    port_start(port);
    wake_hello();
    for (;;) {
        polls[PORT] = (struct pollfd){port_connected() ? port : -1, port_events(), 0};
        polls[SIGNALS] = (struct pollfd){signal_fd, POLLIN, 0};
        bool serves = !port_holds();
        polls[LISTENER] = (struct pollfd){serves && http_accepts() ? http_listener() : -1, POLLIN, 0};
        polls[OUT] = (struct pollfd){log_wanted(1) ? log_fd(1) : -1, POLLIN, 0};
        polls[ERR] = (struct pollfd){log_wanted(2) ? log_fd(2) : -1, POLLIN, 0};
        for (int i = 0; i < MAX_CONNS; i++) {
            struct conn *conn = http_conn(i);
            polls[CONNS + i] = (struct pollfd){serves ? conn->fd : -1, http_events(conn), 0};
        }
        int wait = port_connected() ? child_wait_millis() : 5;
        if (poll(polls, COUNT, wait) < 0 && errno != EINTR) {
            die("poll: %s", strerror(errno));
        }
        if (polls[PORT].revents || !port_connected()) {
            port_step();
        }
        if (polls[OUT].revents || polls[ERR].revents) {
            log_step();
        }
        if (polls[SIGNALS].revents) {
            reap(signal_fd);
        }
        child_step();
        if (polls[LISTENER].revents) {
            http_accept();
        }
        if (!port_holds()) {
            connections(polls + CONNS);
            api_step();
        }
        port_flush();
    }
}
