/*
 * The invocation of now and its body on the way to the function.
 *
 * A body that fits the buffer is answered whole, with a length, and can be asked for again until the
 * function has answered, as Lambda allows; a larger one, whose length nobody knows yet, flows through
 * in chunks and goes once.
 */
#include "agent.h"

#include <string.h>

struct invocation invocation;

enum stage { NONE, WAITS, DELIVERED, FINISHED };
static enum stage stage = NONE;
static unsigned char body[START_CREDIT];
static size_t body_from;
static size_t body_length;
static bool body_over = true;
static bool flows;
static int64_t credit_left = START_CREDIT;
static uint32_t owed;
static struct conn *reader;

static void give_credit(size_t bytes) {
    owed += (uint32_t)bytes;
    if (owed >= 32 * 1024 || (owed && body_over)) {
        unsigned char payload[4] = {(unsigned char)(owed >> 24), (unsigned char)(owed >> 16),
                                    (unsigned char)(owed >> 8), (unsigned char)owed};
        credit_left += owed;
        owed = 0;
        port_send(F_BODY_CREDIT, payload, sizeof payload);
    }
}

static void header_value(struct json *json, char *to, size_t space) {
    json_string(json, to, space);
    for (const char *at = to; *at; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7f) {
            die("broken INVOKE frame: a control character");
        }
    }
}

void event_begin(const void *bytes, size_t length) {
    if (!body_over || stage == WAITS || stage == DELIVERED) {
        die("INVOKE while a call runs");
    }
    struct json json;
    char key[32];
    memset(&invocation, 0, sizeof invocation);
    json_open(&json, "INVOKE", bytes, length);
    while (json_key(&json, key, sizeof key)) {
        if (strcmp(key, "requestId") == 0) {
            header_value(&json, invocation.id, sizeof invocation.id);
        } else if (strcmp(key, "deadlineMs") == 0) {
            invocation.deadline_millis = json_number(&json, 0, INT64_MAX / 1000);
        } else if (strcmp(key, "functionArn") == 0) {
            header_value(&json, invocation.arn, sizeof invocation.arn);
        } else if (strcmp(key, "traceId") == 0) {
            header_value(&json, invocation.trace, sizeof invocation.trace);
        } else if (strcmp(key, "clientContext") == 0) {
            header_value(&json, invocation.context, sizeof invocation.context);
            invocation.has_context = true;
        } else {
            json_unknown(&json, key);
        }
    }
    json_close(&json);
    if (!invocation.id[0]) {
        die("broken INVOKE frame: no requestId");
    }
    stage = WAITS;
    body_from = body_length = 0;
    body_over = false;
    flows = false;
    reader = NULL;
}

/* Bytes that nobody will read are taken all the same: the host may have sent them before it knew. */
void event_body(const unsigned char *bytes, size_t length) {
    if (body_over) {
        die("BODY without a call");
    }
    credit_left -= (int64_t)length;
    if (credit_left < 0) {
        die("BODY beyond its credit");
    }
    if (stage == FINISHED) {
        give_credit(length);
        return;
    }
    if (body_from + body_length + length > sizeof body) {
        memmove(body, body + body_from, body_length);
        body_from = 0;
    }
    memcpy(body + body_from + body_length, bytes, length);
    body_length += length;
}

void event_body_end(void) {
    if (body_over) {
        die("BODY_END without a call");
    }
    body_over = true;
    if (stage == FINISHED) {
        give_credit(0);
    }
}

bool event_waits(void) {
    return stage == WAITS && (body_over || body_length == sizeof body);
}

/* Whether one has come that no /next has been answered with. */
bool event_expected(void) {
    return stage == WAITS;
}

bool event_delivered(void) {
    return stage == DELIVERED;
}

bool event_current(const char *id, size_t length) {
    return (stage == DELIVERED || stage == FINISHED) && strlen(invocation.id) == length
           && memcmp(invocation.id, id, length) == 0;
}

bool event_can_redeliver(void) {
    return stage == DELIVERED && !flows;
}

/* The function has answered: what is left of the body is dropped. */
void event_finish(void) {
    if (stage != NONE) {
        stage = FINISHED;
        give_credit(body_length);
        body_from = body_length = 0;
    }
}

static void headers(struct conn *conn) {
    text_format(&conn->out,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                "Lambda-Runtime-Aws-Request-Id: %s\r\nLambda-Runtime-Deadline-Ms: %lld\r\n",
                invocation.id, (long long)invocation.deadline_millis);
    text_format(&conn->out, "Lambda-Runtime-Invoked-Function-Arn: %s\r\n", invocation.arn);
    if (invocation.trace[0]) {
        text_format(&conn->out, "Lambda-Runtime-Trace-Id: %s\r\n", invocation.trace);
    }
    if (invocation.has_context) {
        text_put(&conn->out, "Lambda-Runtime-Client-Context: ");
        text_put(&conn->out, invocation.context);
        text_put(&conn->out, "\r\n");
    }
}

/* Begins the answer to /next. */
void event_deliver(struct conn *conn) {
    flows = flows || !body_over;
    stage = DELIVERED;
    conn->state = CONN_EVENT;
    headers(conn);
    if (!flows) {
        text_format(&conn->out, "Content-Length: %zu\r\n", body_length);
    } else if (conn->http10) {
        conn->close_after = true;
    } else {
        text_put(&conn->out, "Transfer-Encoding: chunked\r\n");
    }
    if (conn->close_after) {
        text_put(&conn->out, "Connection: close\r\n");
    }
    text_put(&conn->out, "\r\n");
    if (!flows) {
        text_add(&conn->out, body + body_from, body_length);
        conn->state = CONN_ANSWER;
        reader = NULL;
    } else {
        reader = conn;
    }
}

/* Moves some of a body that flows: DONE when the connection has all of it, BLOCKED when nothing came. */
enum progress event_pump(struct conn *conn) {
    if (conn != reader || stage != DELIVERED) {
        http_close(conn); /* the function has answered before it had all */
        return BAD;
    }
    size_t part = body_length < 32 * 1024 ? body_length : 32 * 1024;
    if (part) {
        http_chunk(conn, body + body_from, part);
        body_from += part;
        body_length -= part;
        give_credit(part);
        return MORE;
    }
    if (!body_over) {
        return BLOCKED;
    }
    http_chunk(conn, NULL, 0);
    reader = NULL;
    give_credit(0);
    return DONE;
}
