/*
 * The runtime API's connections: at most 16, each with one buffer for what comes and one for what
 * goes. Where all are taken, the one that has been idle longest gives way.
 */
#include "agent.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { OUT_MOST = 512 * 1024, OUT_KEPT = 16 * 1024, OUT_FLOWS = 64 * 1024 };

static int listener = -1;
static struct conn conns[MAX_CONNS];
static uint64_t uses;

/* Gives the port it listens on, which is another than asked for if that was 0. */
int http_listen(int port) {
    for (int i = 0; i < MAX_CONNS; i++) {
        conns[i].fd = -1;
    }
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    int one = 1;
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (listener < 0 || bind(listener, (struct sockaddr *)&at, size) != 0 || listen(listener, 16) != 0
        || getsockname(listener, (struct sockaddr *)&at, &size) != 0) {
        die("no runtime API at port %d: %s", port, strerror(errno));
    }
    return ntohs(at.sin_port);
}

int http_listener(void) {
    return listener;
}

struct conn *http_conn(int index) {
    if (listener < 0) {
        conns[index].fd = -1;
    }
    return &conns[index];
}

bool http_any(void) {
    for (int i = 0; i < MAX_CONNS; i++) {
        if (listener >= 0 && conns[i].fd >= 0) {
            return true;
        }
    }
    return false;
}

static struct conn *place(void) {
    struct conn *idle = NULL;
    for (int i = 0; i < MAX_CONNS; i++) {
        struct conn *conn = &conns[i];
        if (conn->fd < 0) {
            return conn;
        }
        bool gives_way = conn->state == CONN_HEAD || conn->state == CONN_DRAIN;
        if (gives_way && (!idle || conn->used < idle->used)) {
            idle = conn;
        }
    }
    return idle;
}

bool http_accepts(void) {
    return listener >= 0 && place();
}

void http_accept(void) {
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) {
        return;
    }
    struct conn *conn = place();
    if (!conn) {
        close(fd);
        return;
    }
    if (conn->fd >= 0) {
        http_close(conn);
    }
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    conn->fd = fd;
    conn->state = CONN_HEAD;
    conn->in_from = conn->in_length = conn->out_sent = 0;
    conn->out.limit = OUT_MOST;
    conn->input_over = conn->close_after = false;
    conn->used = ++uses;
}

void http_close(struct conn *conn) {
    if (conn->fd < 0) {
        return;
    }
    close(conn->fd);
    conn->fd = -1;
    text_free(&conn->out);
    api_broken(conn);
}

static const char *reason(int status) {
    switch (status) {
    case 200:
        return "OK";
    case 202:
        return "Accepted";
    case 400:
        return "Bad Request";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 413:
        return "Request Entity Too Large";
    default:
        return "Request Header Fields Too Large";
    }
}

void http_answer(struct conn *conn, int status, const char *body) {
    size_t length = strlen(body);
    text_format(&conn->out, "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\n%sContent-Length: %zu\r\n\r\n",
                status, reason(status), conn->close_after ? "Connection: close\r\n" : "", length);
    text_add(&conn->out, body, length);
    conn->state = CONN_ANSWER;
}

/* Answers so when all of the request's body has been read and dropped. */
void http_refuse(struct conn *conn, int status, const char *body) {
    conn->call = CALL_REFUSED;
    conn->refusal = status;
    snprintf(conn->refusal_body, sizeof conn->refusal_body, "%s", body);
}

/* A piece of a body that flows; an empty one ends it. */
void http_chunk(struct conn *conn, const void *bytes, size_t length) {
    if (!conn->http10) {
        text_format(&conn->out, "%zx\r\n", length);
    }
    text_add(&conn->out, bytes, length);
    if (!conn->http10) {
        text_put(&conn->out, "\r\n");
    }
}

short http_events(const struct conn *conn) {
    bool reads = !conn->input_over && conn->in_length < MAX_HEAD;
    return (short)((reads ? POLLIN : 0) | (conn->out.length ? POLLOUT : 0));
}

static void compact(struct conn *conn) {
    conn->in_length -= conn->in_from;
    memmove(conn->in, conn->in + conn->in_from, conn->in_length);
    conn->in_from = 0;
}

static bool fill(struct conn *conn) {
    compact(conn);
    if (conn->input_over || conn->in_length >= MAX_HEAD) {
        return true;
    }
    ssize_t got = recv(conn->fd, conn->in + conn->in_length, MAX_HEAD - conn->in_length, 0);
    if (got < 0) {
        return errno == EAGAIN || errno == EINTR;
    }
    conn->input_over = got == 0;
    conn->in_length += (size_t)got;
    conn->used = ++uses;
    return true;
}

static bool flush(struct conn *conn) {
    while (conn->out_sent < conn->out.length) {
        ssize_t put = send(conn->fd, conn->out.at + conn->out_sent, conn->out.length - conn->out_sent,
                           MSG_NOSIGNAL);
        if (put < 0) {
            return errno == EAGAIN || errno == EINTR;
        }
        conn->out_sent += (size_t)put;
    }
    if (conn->out.space > OUT_KEPT) {
        text_free(&conn->out);
    }
    text_clear(&conn->out);
    conn->out_sent = 0;
    return true;
}

static void answer_bad(struct conn *conn, int status) {
    conn->close_after = true;
    api_broken(conn);
    http_answer(conn, status, "{\"errorMessage\":\"not an HTTP request that is understood\","
                              "\"errorType\":\"InvalidRequest\"}\n");
}

static void begin_body(struct conn *conn) {
    conn->state = CONN_BODY;
    api_request(conn);
    if (!conn->expects_continue) {
        return;
    }
    if (conn->refusal) {
        conn->close_after = true;
        http_answer(conn, conn->refusal, conn->refusal_body);
    } else {
        text_put(&conn->out, "HTTP/1.1 100 Continue\r\n\r\n");
    }
}

static void end_body(struct conn *conn) {
    if (conn->refusal) {
        http_answer(conn, conn->refusal, conn->refusal_body);
    } else {
        api_body_end(conn);
    }
}

/* An answer is out: on to the next request, or to the connection's end. */
static bool next_request(struct conn *conn) {
    if (conn->out.length) {
        return false;
    }
    if (conn->close_after) {
        shutdown(conn->fd, SHUT_WR);
        conn->state = CONN_DRAIN;
    } else {
        conn->state = CONN_HEAD;
    }
    return true;
}

/* One step of a request; false if there is nothing to do before something comes or goes. */
static bool advance(struct conn *conn) {
    enum progress progress;
    switch (conn->state) {
    case CONN_HEAD:
        progress = request_head(conn);
        if (progress == DONE) {
            begin_body(conn);
        } else if (progress == BAD) {
            answer_bad(conn, 400);
        } else if (conn->in_from == 0 && conn->in_length >= MAX_HEAD) {
            answer_bad(conn, 431);
        } else if (conn->input_over) {
            http_close(conn);
        }
        return progress == DONE || progress == BAD;
    case CONN_BODY:
        progress = request_body(conn);
        if (progress == DONE) {
            end_body(conn);
        } else if (progress == BAD || (progress == MORE && conn->in_from == 0 && conn->in_length >= MAX_HEAD)) {
            answer_bad(conn, 400);
        } else if (progress == MORE && conn->input_over) {
            http_close(conn);
        }
        return progress == DONE || progress == BAD;
    case CONN_WAITS:
        if (conn->input_over) {
            http_close(conn);
        }
        return false;
    case CONN_EVENT:
        if (conn->out.length >= OUT_FLOWS) {
            return false;
        }
        progress = event_pump(conn);
        conn->state = progress == DONE ? CONN_ANSWER : conn->state;
        return progress == DONE || progress == MORE;
    case CONN_ANSWER:
        return next_request(conn);
    case CONN_DRAIN:
        conn->in_from = conn->in_length;
        if (conn->input_over) {
            http_close(conn);
        }
        return false;
    }
    return false;
}

void http_step(struct conn *conn, short events) {
    if (((events & POLLIN) && !fill(conn)) || (events & (POLLERR | POLLNVAL))) {
        http_close(conn);
        return;
    }
    bool on = true;
    while (on && conn->fd >= 0) {
        on = advance(conn);
        size_t waited = conn->out.length;
        if (conn->fd >= 0 && (!flush(conn) || conn->out.full)) {
            http_close(conn);
        }
        compact(conn);
        on = on || (waited && !conn->out.length); /* what waited for room may go on */
    }
}
