/*
 * Reads requests of HTTP/1.0 and 1.1 (RFC 9112) from a connection's buffer. The other side may send
 * any bytes: what is no request is answered with 400 or 431 and the connection ends.
 */
#include "agent.h"

#include <string.h>
#include <strings.h>

/* The next line, ended by LF with or without CR; NULL if it is not whole yet. */
static char *line(struct conn *conn, size_t *length) {
    char *start = conn->in + conn->in_from;
    char *end = memchr(start, '\n', conn->in_length - conn->in_from);
    if (!end) {
        return NULL;
    }
    conn->in_from += (size_t)(end - start) + 1;
    if (end > start && end[-1] == '\r') {
        end--;
    }
    *end = '\0';
    *length = (size_t)(end - start);
    return start;
}

static bool copy(char *to, size_t space, const char *from) {
    size_t length = strlen(from);
    if (length >= space) {
        return false;
    }
    memcpy(to, from, length + 1);
    return true;
}

static int64_t decimal(const char *value) {
    int64_t number = 0;
    size_t digits = strlen(value);
    if (digits == 0 || digits > 15) {
        return -1;
    }
    for (; *value; value++) {
        if (*value < '0' || *value > '9') {
            return -1;
        }
        number = number * 10 + (*value - '0');
    }
    return number;
}

/* Whether a comma separated list has this word. */
static bool lists(const char *value, const char *word) {
    size_t length = strlen(word);
    while (*value) {
        value += strspn(value, " \t,");
        size_t part = strcspn(value, ",");
        size_t bare = part;
        while (bare && (value[bare - 1] == ' ' || value[bare - 1] == '\t')) {
            bare--;
        }
        if (bare == length && strncasecmp(value, word, length) == 0) {
            return true;
        }
        value += part;
    }
    return false;
}

static bool request_line(struct conn *conn, char *start) {
    char *target = strchr(start, ' ');
    if (!target) {
        return false;
    }
    *target++ = '\0';
    char *version = strchr(target, ' ');
    if (!version) {
        return false;
    }
    *version++ = '\0';
    if (strncasecmp(target, "http://", 7) == 0) {
        target = strchr(target + 7, '/');
    }
    if (!target || target[0] != '/' || !copy(conn->method, sizeof conn->method, start)) {
        return false;
    }
    target[strcspn(target, "?#")] = '\0';
    if (!copy(conn->path, sizeof conn->path, target)) {
        conn->path[0] = '\0';
    }
    conn->http10 = strcmp(version, "HTTP/1.0") == 0;
    conn->close_after = conn->http10;
    return conn->http10 || strcmp(version, "HTTP/1.1") == 0;
}

static bool framing(struct conn *conn, const char *name, const char *value) {
    if (strcasecmp(name, "content-length") == 0) {
        int64_t length = decimal(value);
        bool twice = conn->has_length && length != conn->left;
        conn->has_length = true;
        conn->left = length;
        return length >= 0 && !twice;
    }
    bool twice = conn->chunked;
    conn->chunked = true;
    return !twice && strcasecmp(value, "chunked") == 0;
}

static bool field(struct conn *conn, char *name, char *value) {
    if (strcasecmp(name, "content-length") == 0 || strcasecmp(name, "transfer-encoding") == 0) {
        return framing(conn, name, value);
    }
    if (strcasecmp(name, "connection") == 0) {
        conn->close_after = lists(value, "close") || (conn->http10 && !lists(value, "keep-alive"));
    } else if (strcasecmp(name, "expect") == 0) {
        conn->expects_continue = strcasecmp(value, "100-continue") == 0;
    } else if (strcasecmp(name, "content-type") == 0) {
        return copy(conn->content_type, sizeof conn->content_type, value);
    } else if (strcasecmp(name, "lambda-runtime-function-response-mode") == 0) {
        return copy(conn->response_mode, sizeof conn->response_mode, value);
    } else if (strcasecmp(name, "lambda-runtime-function-error-type") == 0) {
        return copy(conn->error_type, sizeof conn->error_type, value);
    } else if (strcasecmp(name, "lambda-runtime-function-error-body") == 0) {
        return copy(conn->error_body, sizeof conn->error_body, value);
    }
    return true;
}

/* Splits a header or trailer line. */
static bool header(struct conn *conn, char *start) {
    char *colon = strchr(start, ':');
    if (!colon || colon == start || colon[-1] == ' ' || colon[-1] == '\t' || start[0] == ' ') {
        return false;
    }
    *colon = '\0';
    char *value = colon + 1 + strspn(colon + 1, " \t");
    size_t length = strlen(value);
    while (length && (value[length - 1] == ' ' || value[length - 1] == '\t')) {
        value[--length] = '\0';
    }
    return field(conn, start, value);
}

static void forget(struct conn *conn) {
    conn->method[0] = conn->path[0] = conn->content_type[0] = conn->response_mode[0] = '\0';
    conn->error_type[0] = conn->error_body[0] = '\0';
    conn->chunked = conn->has_length = conn->expects_continue = conn->bad_head = false;
    conn->left = 0;
    conn->chunk = CHUNK_SIZE;
    conn->refusal = 0;
}

/* Where the empty line after the head ends, or 0 if it is not here yet. */
static size_t head_length(const struct conn *conn) {
    const char *start = conn->in + conn->in_from;
    const char *end = conn->in + conn->in_length;
    for (const char *at = start; (at = memchr(at, '\n', (size_t)(end - at))); at++) {
        const char *next = at + 1 < end && at[1] == '\r' ? at + 2 : at + 1;
        if (next < end && *next == '\n') {
            return (size_t)(next + 1 - start);
        }
    }
    return 0;
}

enum progress request_head(struct conn *conn) {
    while (conn->in_from < conn->in_length
           && (conn->in[conn->in_from] == '\r' || conn->in[conn->in_from] == '\n')) {
        conn->in_from++; /* clients may send an empty line before a request */
    }
    size_t whole = head_length(conn);
    if (!whole) {
        return MORE;
    }
    size_t end = conn->in_from + whole;
    if (memchr(conn->in + conn->in_from, '\0', whole)) {
        return BAD;
    }
    forget(conn);
    size_t length;
    if (!request_line(conn, line(conn, &length))) {
        return BAD;
    }
    while (conn->in_from < end) {
        char *start = line(conn, &length);
        if (length && !header(conn, start)) {
            return BAD;
        }
    }
    return conn->chunked && conn->has_length ? BAD : DONE;
}

/* Passes what is here of the body, or of this chunk, on. */
static enum progress data(struct conn *conn) {
    while (conn->left) {
        size_t here = conn->in_length - conn->in_from;
        if (!here) {
            return MORE;
        }
        size_t part = (int64_t)here < conn->left ? here : (size_t)conn->left;
        size_t taken = api_body(conn, conn->in + conn->in_from, part);
        if (!taken) {
            return BLOCKED;
        }
        conn->in_from += taken;
        conn->left -= (int64_t)taken;
    }
    return DONE;
}

/* A chunk's size: hexadecimal digits, then perhaps an extension, which is dropped. */
static enum progress chunk_size(struct conn *conn) {
    size_t length;
    char *start = line(conn, &length);
    if (!start) {
        return MORE;
    }
    int64_t size = 0;
    size_t digits = strspn(start, "0123456789abcdefABCDEF");
    size_t rest = digits + strspn(start + digits, " \t");
    if (digits == 0 || digits > 12 || (start[rest] && start[rest] != ';')) {
        return BAD;
    }
    for (size_t i = 0; i < digits; i++) {
        char c = start[i];
        size = size * 16 + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    conn->left = size;
    conn->chunk = size ? CHUNK_DATA : CHUNK_TRAILERS;
    return DONE;
}

static enum progress trailers(struct conn *conn) {
    size_t length;
    char *start;
    while ((start = line(conn, &length))) {
        if (length == 0) {
            return DONE;
        }
        if (strlen(start) != length || strncasecmp(start, "content-length", 14) == 0
            || strncasecmp(start, "transfer-encoding", 17) == 0 || !header(conn, start)) {
            return BAD;
        }
    }
    return MORE;
}

static enum progress chunk_step(struct conn *conn) {
    enum progress progress = DONE;
    size_t length;
    switch (conn->chunk) {
    case CHUNK_SIZE:
        return chunk_size(conn);
    case CHUNK_DATA:
        progress = data(conn);
        conn->chunk = progress == DONE ? CHUNK_END : CHUNK_DATA;
        return progress;
    case CHUNK_END:
        conn->chunk = CHUNK_SIZE;
        if (!line(conn, &length)) {
            conn->chunk = CHUNK_END;
            return MORE;
        }
        return length ? BAD : DONE;
    case CHUNK_TRAILERS:
        return trailers(conn);
    }
    return BAD;
}

enum progress request_body(struct conn *conn) {
    if (!conn->chunked) {
        return data(conn);
    }
    for (;;) {
        bool last = conn->chunk == CHUNK_TRAILERS;
        enum progress progress = chunk_step(conn);
        if (progress != DONE || last) {
            return progress;
        }
    }
}
