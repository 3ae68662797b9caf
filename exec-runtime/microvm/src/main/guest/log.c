/*
 * The function's standard output and error as LOG frames, whole lines as far as they fit. What the
 * host gives no credit for stays in the pipe, and then its writer waits.
 */
#include "agent.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { HELD = 16 * 1024 };

struct stream {
    int fd; /* 0 is none */
    unsigned char at[1 + HELD]; /* the stream's number goes before */
    size_t length;
};
static struct stream streams[2];

void log_start(int out, int err) {
    streams[0].fd = out;
    streams[1].fd = err;
}

int log_fd(int number) {
    return streams[number - 1].fd > 0 ? streams[number - 1].fd : -1;
}

bool log_wanted(int number) {
    return streams[number - 1].fd > 0 && port_data_room() > 1;
}

bool log_over(void) {
    return streams[0].fd == 0 && streams[1].fd == 0;
}

/* Sends this many of the bytes held, or as many as may go. */
static void send(struct stream *stream, size_t length) {
    size_t room = port_data_room();
    if (length == 0 || room < 2) {
        return;
    }
    size_t part = length < room - 1 ? length : room - 1;
    stream->at[0] = stream == streams ? 1 : 2;
    port_send_data(F_LOG, stream->at, part + 1);
    stream->length -= part;
    memmove(stream->at + 1, stream->at + 1 + part, stream->length);
}

static void send_lines(struct stream *stream) {
    if (stream->length == HELD || stream->fd == 0) {
        send(stream, stream->length);
        return;
    }
    unsigned char *last = memrchr(stream->at + 1, '\n', stream->length);
    if (last) {
        send(stream, (size_t)(last - stream->at));
    }
}

/* Reads what is there; whether there may be more. */
static bool fill(struct stream *stream) {
    if (stream->fd == 0 || stream->length == HELD) {
        return false;
    }
    ssize_t got = read(stream->fd, stream->at + 1 + stream->length, HELD - stream->length);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
        close(stream->fd);
        stream->fd = 0;
    }
    stream->length += got > 0 ? (size_t)got : 0;
    return got > 0;
}

static void step(struct stream *stream) {
    bool more = true;
    while (more && port_data_room() > 1) {
        more = fill(stream);
        send_lines(stream);
    }
}

void log_step(void) {
    step(&streams[0]);
    step(&streams[1]);
}

/* Also what is no whole line: it belongs to the call that ends. */
void log_flush(void) {
    log_step();
    send(&streams[0], streams[0].length);
    send(&streams[1], streams[1].length);
}
