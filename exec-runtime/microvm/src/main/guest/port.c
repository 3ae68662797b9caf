/*
 * Frames over the port: u32 big-endian length of what follows, u8 type, payload.
 *
 * Data (RESPONSE, LOG) is sent only on credit and only while little of it waits here, so that there
 * is always room for what has none: answers of the protocol, whose number the host's frames bound.
 * While those wait for the host to read, nothing more is taken from it.
 *
 * While the host has the machine held, to move it elsewhere, nothing is sent: what there is to say
 * waits here, and moves along.
 */
#include "agent.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { HEAD = 5, OUT = 384 * 1024, DATA_MOST = 96 * 1024, CONTROL_MOST = 192 * 1024 };

static int port = -1;
static unsigned char in[HEAD + MAX_PAYLOAD];
static size_t in_length;
static unsigned char out[OUT];
static size_t out_from;
static size_t out_length;
static int64_t credit = START_CREDIT;
static bool connected = true;
static bool held;
static size_t open_length; /* of what waits: what may go all the same */

void port_start(int fd) {
    port = fd;
}

int port_fd(void) {
    return port;
}

bool port_connected(void) {
    return connected;
}

bool port_flushed(void) {
    return out_length == 0;
}

static size_t may_put(void) {
    return held ? open_length : out_length;
}

/* The last that is heard of this machine until it is released, here or elsewhere. */
void port_hold(void) {
    if (held) {
        die("HOLD twice");
    }
    port_send(F_HELD, NULL, 0);
    held = true;
    open_length = out_length;
}

void port_release(void) {
    if (!held) {
        die("RELEASE unheld");
    }
    held = false;
}

bool port_holds(void) {
    return held;
}

static bool may_take(void) {
    return out_length < CONTROL_MOST;
}

short port_events(void) {
    return (short)((may_take() ? POLLIN : 0) | (may_put() ? POLLOUT : 0));
}

static uint32_t read32(const unsigned char *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Acts on the frames that are whole. */
static void take(void) {
    size_t from = 0;
    while (in_length - from >= HEAD && may_take()) {
        uint32_t length = read32(in + from);
        if (length == 0 || length > 1 + MAX_PAYLOAD) {
            die("a frame of %u bytes", (unsigned)length);
        }
        if (in_length - from < 4 + (size_t)length) {
            break;
        }
        control_frame(in[from + 4], in + from + HEAD, length - 1);
        from += 4 + length;
    }
    in_length -= from;
    memmove(in, in + from, in_length);
}

static void receive(void) {
    while (may_take() && in_length < sizeof in) {
        ssize_t got = read(port, in + in_length, sizeof in - in_length);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0 && errno != EAGAIN) {
            die("the port does not read: %s", strerror(errno));
        }
        connected = got != 0;
        if (!connected && getpid() != 1) {
            die("the host is gone");
        }
        if (got <= 0) {
            return;
        }
        in_length += (size_t)got;
        take();
    }
}

void port_flush(void) {
    while (may_put()) {
        ssize_t put = write(port, out + out_from, may_put());
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            if (put < 0 && errno != EAGAIN) {
                die("the port does not write: %s", strerror(errno));
            }
            return;
        }
        out_from += (size_t)put;
        out_length -= (size_t)put;
        open_length -= (size_t)put; /* of no meaning unless held */
    }
    out_from = out_length ? out_from : 0;
}

void port_step(void) {
    port_flush();
    take();
    receive();
}

void port_send(enum frame_type type, const void *payload, size_t length) {
    if (length > MAX_PAYLOAD || HEAD + length > sizeof out - out_length) {
        die("no room for a frame of type %d", type);
    }
    if (out_from + out_length + HEAD + length > sizeof out) {
        memmove(out, out + out_from, out_length);
        out_from = 0;
    }
    unsigned char *at = out + out_from + out_length;
    uint32_t size = (uint32_t)length + 1;
    at[0] = (unsigned char)(size >> 24);
    at[1] = (unsigned char)(size >> 16);
    at[2] = (unsigned char)(size >> 8);
    at[3] = (unsigned char)size;
    at[4] = (unsigned char)type;
    if (length) {
        memcpy(at + HEAD, payload, length);
    }
    out_length += HEAD + length;
}

/* How many bytes of payload may go now. */
size_t port_data_room(void) {
    if (held || credit <= 0 || out_length >= DATA_MOST) {
        return 0;
    }
    return credit < MAX_PAYLOAD ? (size_t)credit : MAX_PAYLOAD;
}

void port_send_data(enum frame_type type, const void *payload, size_t length) {
    credit -= (int64_t)length;
    port_send(type, payload, length);
}

void port_add_credit(uint32_t bytes) {
    credit += bytes;
    if (credit > INT32_MAX) {
        die("credit of %lld bytes", (long long)credit);
    }
}
