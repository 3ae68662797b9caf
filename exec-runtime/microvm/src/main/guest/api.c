/*
 * Lambda's runtime API (2018-06-01): which call is right in which state, and what it makes the host
 * hear. States, their names and the texts of refusals are those of Lambda's own emulator, so that a
 * runtime sees what it sees there.
 */
#include "agent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum state { STARTED, INIT_ERROR, RESTORE_READY, RESTORING, RESTORE_ERROR, READY, RESPONSE, ERROR_RESPONSE, SENT };
static const char *const NAMES[] = {"Started",       "InitError", "RestoreReady",
                                    "Restoring",     "RestoreError", "Ready",
                                    "InvocationResponse", "InvocationErrorResponse", "ResponseSent"};
static const char ACCEPTED[] = "{\"status\":\"OK\"}\n";
static const char BASE[] = "/2018-06-01/runtime/";

static enum state state = STARTED;
static struct conn *waiter;  /* of /next */
static struct conn *restore_waiter;
static struct conn *sender; /* of an answer or an error */
static bool ready_told;
static bool restored;
static int64_t response_bytes;
static bool over_limit;
static struct text error = {.limit = MAX_PAYLOAD};
static struct text changes;

static void refuse(struct conn *conn, int status, const char *type, const char *message) {
    char body[400];
    snprintf(body, sizeof body, "{\"errorMessage\":\"%s\",\"errorType\":\"%s\"}\n", message, type);
    http_refuse(conn, status, body);
}

static void refuse_transition(struct conn *conn, enum state to) {
    char message[256];
    snprintf(message, sizeof message,
             "State transition from %s to %s failed for runtime. Error: State transition is not allowed",
             NAMES[state], NAMES[to]);
    refuse(conn, 403, "InvalidStateTransition", message);
}

/* An error's type as its sender names it, if that is a name. */
static const char *error_type(struct conn *conn) {
    for (const char *at = conn->error_type; *at; at++) {
        if ((unsigned char)*at <= 0x20 || (unsigned char)*at >= 0x7f) {
            return "Unhandled";
        }
    }
    return conn->error_type[0] ? conn->error_type : "Unhandled";
}

static void begin_error(struct conn *conn, enum api_call call, enum state to) {
    state = to;
    sender = conn;
    conn->call = call;
    text_clear(&error);
}

static void too_large(struct conn *conn) {
    char message[128];
    snprintf(message, sizeof message, "Exceeded maximum allowed payload size (%lld bytes).",
             (long long)config.most_response_bytes);
    refuse(conn, 413, "RequestEntityTooLarge", message);
}

static void tell_too_large(void) {
    static const char body[] = "{\"errorMessage\":\"Response payload size exceeded maximum allowed payload size.\","
                               "\"errorType\":\"Function.ResponseSizeTooLarge\"}";
    log_flush();
    control_send_error(invocation.id, "Function.ResponseSizeTooLarge", body, sizeof body - 1, false);
    event_finish();
    state = SENT;
}

static bool streams(const struct conn *conn) {
    return strcasecmp(conn->response_mode, "streaming") == 0;
}

static void begin_response(struct conn *conn) {
    bool limited = !streams(conn);
    if (conn->response_mode[0] && limited) {
        refuse(conn, 400, "InvalidFunctionResponseMode", "Invalid function response mode");
        return;
    }
    if (limited && !conn->chunked && conn->left > config.most_response_bytes) {
        tell_too_large();
        too_large(conn);
        return;
    }
    state = RESPONSE;
    sender = conn;
    conn->call = CALL_RESPONSE;
    response_bytes = 0;
    over_limit = false;
    struct text text = {0};
    text_put(&text, "{\"contentType\":");
    text_json(&text, conn->content_type, strlen(conn->content_type), 2048);
    text_format(&text, ",\"streaming\":%s}", limited ? "false" : "true");
    port_send(F_RESPONSE_START, text.at, text.length);
    text_free(&text);
}

/* /invocation/ID/response or /invocation/ID/error */
static void request_of_id(struct conn *conn, const char *id) {
    const char *slash = strchr(id, '/');
    bool answers = slash && strcmp(slash, "/response") == 0;
    if (!answers && !(slash && strcmp(slash, "/error") == 0)) {
        http_refuse(conn, 404, "404 page not found\n");
    } else if (strcmp(conn->method, "POST") != 0) {
        http_refuse(conn, 405, "");
    } else if (!event_current(id, (size_t)(slash - id))) {
        refuse(conn, 400, "InvalidRequestID", "Invalid request ID");
    } else if (state != READY) {
        refuse_transition(conn, answers ? RESPONSE : ERROR_RESPONSE);
    } else if (answers) {
        begin_response(conn);
    } else {
        begin_error(conn, CALL_ERROR, ERROR_RESPONSE);
    }
}

static void request_next(struct conn *conn) {
    if (state == STARTED || state == RESTORING || state == SENT || state == READY) {
        conn->call = CALL_NEXT;
    } else {
        refuse_transition(conn, READY);
    }
}

struct route {
    const char *path;
    const char *method;
    enum api_call call;
};
static const struct route ROUTES[] = {
    {"invocation/next", "GET", CALL_NEXT},
    {"init/error", "POST", CALL_INIT_ERROR},
    {"restore/next", "GET", CALL_RESTORE_NEXT},
    {"restore/error", "POST", CALL_RESTORE_ERROR},
};

static void request_of_route(struct conn *conn, const struct route *route) {
    if (strcmp(conn->method, route->method) != 0) {
        http_refuse(conn, 405, "");
    } else if (route->call == CALL_NEXT) {
        request_next(conn);
    } else if (route->call == CALL_INIT_ERROR && state == STARTED) {
        begin_error(conn, CALL_INIT_ERROR, INIT_ERROR);
    } else if (route->call == CALL_INIT_ERROR) {
        refuse_transition(conn, INIT_ERROR);
    } else if (route->call == CALL_RESTORE_NEXT && (state == STARTED || state == RESTORE_READY)) {
        conn->call = CALL_RESTORE_NEXT;
    } else if (route->call == CALL_RESTORE_NEXT) {
        refuse_transition(conn, RESTORE_READY);
    } else if (state == RESTORING) {
        begin_error(conn, CALL_RESTORE_ERROR, RESTORE_ERROR);
    } else {
        refuse_transition(conn, RESTORE_ERROR);
    }
}

/* A request's head is here. Decides what becomes of its body. */
void api_request(struct conn *conn) {
    conn->call = CALL_REFUSED;
    size_t base = sizeof BASE - 1;
    const char *path = conn->path;
    if (strncmp(path, BASE, base) == 0) {
        path += base;
        for (size_t i = 0; i < sizeof ROUTES / sizeof *ROUTES; i++) {
            if (strcmp(path, ROUTES[i].path) == 0) {
                request_of_route(conn, &ROUTES[i]);
                return;
            }
        }
        if (strncmp(path, "invocation/", 11) == 0) {
            request_of_id(conn, path + 11);
            return;
        }
    }
    http_refuse(conn, 404, "404 page not found\n");
}

static size_t response_body(struct conn *conn, const char *bytes, size_t length) {
    int64_t most = config.most_response_bytes - response_bytes;
    if (!streams(conn) && (int64_t)length > most) {
        over_limit = true;
        return length;
    }
    size_t room = port_data_room();
    size_t part = length < room ? length : room;
    if (part) {
        port_send_data(F_RESPONSE, bytes, part);
        response_bytes += (int64_t)part;
    }
    return part;
}

/* Takes some of a body's bytes; none if the host must read first. */
size_t api_body(struct conn *conn, const char *bytes, size_t length) {
    if (conn->call == CALL_RESPONSE && !over_limit) {
        return response_body(conn, bytes, length);
    }
    if (conn == sender && conn->call != CALL_RESPONSE) {
        size_t room = MAX_PAYLOAD - error.length;
        text_add(&error, bytes, length < room ? length : room);
    }
    return length;
}

static void end_response(const char *type, const char *body, size_t length) {
    log_flush();
    struct text text = {0};
    text_put(&text, "{");
    if (type) {
        text_put(&text, "\"errorType\":");
        text_json(&text, type, strlen(type), 2048);
        text_put(&text, ",\"errorBody\":");
        text_json(&text, body, length, MAX_PAYLOAD - text.length - 16);
    }
    text_put(&text, "}");
    port_send(F_RESPONSE_END, text.at, text.length);
    text_free(&text);
    event_finish();
    state = SENT;
    sender = NULL;
}

static void response_over(struct conn *conn) {
    static unsigned char body[MAX_HEAD];
    if (over_limit) {
        static const char why[] = "{\"errorMessage\":\"Response payload size exceeded maximum allowed payload "
                                  "size.\",\"errorType\":\"Function.ResponseSizeTooLarge\"}";
        end_response("Function.ResponseSizeTooLarge", why, sizeof why - 1);
        too_large(conn);
        http_answer(conn, conn->refusal, conn->refusal_body);
        return;
    }
    if (conn->error_type[0] && streams(conn)) {
        long length = base64_decode(conn->error_body, strlen(conn->error_body), body, sizeof body);
        end_response(error_type(conn), (const char *)body, length < 0 ? 0 : (size_t)length);
    } else {
        end_response(NULL, NULL, 0);
    }
    http_answer(conn, 202, ACCEPTED);
}

static void error_over(struct conn *conn, bool init) {
    log_flush();
    control_send_error(init ? NULL : invocation.id, error_type(conn), error.at, error.length, init);
    sender = NULL;
    if (!init) {
        event_finish();
        state = SENT;
    }
    http_answer(conn, 202, ACCEPTED);
}

/* Only one waits: who asked before is told that it does not any more. */
static void wait_for(struct conn **place, struct conn *conn, enum state to) {
    if (*place && *place != conn) {
        struct conn *before = *place;
        refuse_transition(before, to);
        http_answer(before, before->refusal, before->refusal_body);
    }
    *place = conn;
    conn->state = CONN_WAITS;
}

static void next_asked(struct conn *conn) {
    bool delivered = state == READY && event_delivered();
    if (delivered && event_can_redeliver()) {
        event_deliver(conn);
        return;
    }
    if (delivered || !(state == STARTED || state == RESTORING || state == SENT || state == READY)) {
        refuse_transition(conn, READY);
        http_answer(conn, conn->refusal, conn->refusal_body);
        return;
    }
    wait_for(&waiter, conn, READY);
    ready_told = ready_told && state == READY;
    state = READY;
}

/* A request's body has been read. */
void api_body_end(struct conn *conn) {
    switch (conn->call) {
    case CALL_NEXT:
        next_asked(conn);
        break;
    case CALL_RESPONSE:
        response_over(conn);
        break;
    case CALL_ERROR:
        error_over(conn, false);
        break;
    case CALL_INIT_ERROR:
    case CALL_RESTORE_ERROR:
        error_over(conn, true);
        break;
    case CALL_RESTORE_NEXT:
        if (state == STARTED) {
            state = RESTORE_READY;
            log_flush();
            port_send(F_RESTORE_NEXT, NULL, 0);
        }
        wait_for(&restore_waiter, conn, RESTORE_READY);
        break;
    case CALL_REFUSED:
        break;
    }
}

/* A connection has ended, or what came on it was no HTTP. */
void api_broken(struct conn *conn) {
    if (conn == waiter) {
        waiter = NULL;
    }
    if (conn == restore_waiter) {
        restore_waiter = NULL;
    }
    if (conn != sender) {
        return;
    }
    if (state == RESPONSE) {
        static const char why[] = "{\"errorMessage\":\"the response ended before its end\","
                                  "\"errorType\":\"Runtime.TruncatedResponse\"}";
        end_response("Runtime.TruncatedResponse", why, sizeof why - 1);
    } else {
        log_flush();
        control_send_error(state == ERROR_RESPONSE ? invocation.id : NULL, error_type(conn), error.at,
                           error.length, state != ERROR_RESPONSE);
        sender = NULL;
        if (state == ERROR_RESPONSE) {
            event_finish();
            state = SENT;
        }
    }
}

/* Nothing answers any more. */
void api_child_gone(void) {
    if (sender) {
        api_broken(sender);
    }
}

/* Hands over what has come since. */
void api_step(void) {
    if (restore_waiter && restored) {
        struct conn *conn = restore_waiter;
        restore_waiter = NULL;
        state = RESTORING;
        http_answer(conn, 200, changes.length ? changes.at : "{}");
        http_step(conn, 0);
    }
    if (waiter && event_waits()) {
        struct conn *conn = waiter;
        waiter = NULL;
        ready_told = false;
        event_deliver(conn);
        http_step(conn, 0);
    } else if (waiter && !ready_told && !event_expected()) {
        log_flush();
        port_send(F_READY, NULL, 0);
        ready_told = true;
    }
}

/* The RESTORED frame: changes of the environment are answered to /restore/next as an object. */
void api_restored(const void *bytes, size_t length) {
    static char value[MAX_PAYLOAD];
    struct json json;
    char key[1024];
    int seen = 0;
    json_open(&json, "RESTORED", bytes, length);
    text_clear(&changes);
    while (json_key(&json, key, sizeof key)) {
        int told = wake_key(&json, key);
        if (told) {
            seen |= told;
        } else if (strcmp(key, "environment") == 0) {
            json_enter(&json);
            while (json_key(&json, key, sizeof key)) {
                size_t size = json_string(&json, value, sizeof value);
                text_put(&changes, changes.length ? "," : "{\"environment\":{");
                text_json(&changes, key, strlen(key), MAX_PAYLOAD);
                text_put(&changes, ":");
                text_json(&changes, value, size, MAX_PAYLOAD);
            }
        } else {
            json_unknown(&json, key);
        }
    }
    json_close(&json);
    if (seen != WAKE_BOTH) {
        wake_missing("RESTORED");
    }
    if (changes.length) {
        text_add(&changes, "}}", 3);
    }
    restored = restored || state == RESTORE_READY;
}
