/*
 * The guest's agent: one thread, one poll loop, everything of bounded size. What the parts may call
 * of each other; the sense of each stands at the top of its file.
 */
#ifndef AGENT_H
#define AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    AGENT_VERSION = 1,
    MAX_PAYLOAD = 64 * 1024,
    START_CREDIT = 256 * 1024,
    MAX_VALUE = 16 * 1024,
    MAX_VARIABLES = 512,
    TASK_USER = 1000,
};

/* Of frames from the host to the guest and back. */
enum frame_type {
    F_CONFIG = 1,
    F_INVOKE = 2,
    F_BODY = 3,
    F_BODY_END = 4,
    F_CREDIT = 5,
    F_RESTORED = 6,
    F_STOP = 7,
    F_PING = 8,
    F_HOLD = 9,
    F_RELEASE = 10,
    F_HELLO = 65,
    F_READY = 66,
    F_RESPONSE_START = 67,
    F_RESPONSE = 68,
    F_RESPONSE_END = 69,
    F_ERROR = 70,
    F_LOG = 71,
    F_EXIT = 72,
    F_BODY_CREDIT = 73,
    F_PONG = 74,
    F_RESTORE_NEXT = 75,
    F_HELD = 76,
};

/* init.c or native.c: ends the machine, or in tests the process, with this reason. */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* text.c */
struct text {
    char *at;
    size_t length;
    size_t space;
    size_t limit; /* what does not fit below it is dropped, and says so */
    bool full;
};
void text_add(struct text *text, const void *bytes, size_t length);
void text_put(struct text *text, const char *string);
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_clear(struct text *text);
void text_free(struct text *text);
/* A JSON string with its quotes; bytes that are no UTF-8 become U+FFFD; ends early where room ends. */
void text_json(struct text *text, const char *bytes, size_t length, size_t room);
long base64_decode(const char *from, size_t length, unsigned char *to, size_t space);

/* json.c: a reader of one object whose values are strings, integers or objects of strings. */
struct json {
    const char *at;
    const char *end;
    const char *what;
};
void json_open(struct json *json, const char *what, const void *bytes, size_t length);
bool json_key(struct json *json, char *key, size_t space);
size_t json_string(struct json *json, char *to, size_t space);
bool json_optional_string(struct json *json, char *to, size_t space);
int64_t json_number(struct json *json, int64_t least, int64_t most);
void json_enter(struct json *json);
void json_close(struct json *json);
_Noreturn void json_unknown(const struct json *json, const char *key);

/* port.c */
void port_start(int fd);
int port_fd(void);
short port_events(void);
void port_step(void);
void port_flush(void);
bool port_connected(void);
bool port_flushed(void);
void port_hold(void);
void port_release(void);
bool port_holds(void);
void port_send(enum frame_type type, const void *payload, size_t length);
size_t port_data_room(void);
void port_send_data(enum frame_type type, const void *payload, size_t length);
void port_add_credit(uint32_t bytes);

/* control.c */
extern const char *control_task_root;
extern int control_api_port;
void control_frame(int type, const unsigned char *payload, size_t length);
void control_send_error(const char *id, const char *type, const char *body, size_t length, bool init);
void control_loop(int port);
int64_t monotonic_millis(void);

/* wake.c */
void wake_hello(void);
void wake_set_clock(int64_t unix_millis);
void wake_add_entropy(const char *base64, size_t length);
enum { WAKE_TIME = 1, WAKE_ENTROPY = 2, WAKE_BOTH = 3 };
int wake_key(struct json *json, const char *key);
_Noreturn void wake_missing(const char *what);
void wake_elsewhere(const void *bytes, size_t length);

/* config.c */
struct config {
    char handler[1024];
    char name[256];
    char version[256];
    char kind[64];
    int64_t memory_mib;
    int64_t tmp_mib;
    int64_t most_response_bytes;
    char *variables[MAX_VARIABLES + 1];
    size_t count;
};
extern struct config config;
void config_read(const void *bytes, size_t length);
void config_finish(const char *task_root, int api_port);

/* child.c */
void child_start(const char *task_root);
void child_reap(void);
void child_kill(void);
void child_stop(int64_t grace_millis);
void child_step(void);
int child_wait_millis(void);

/* log.c */
void log_start(int out, int err);
int log_fd(int stream);
bool log_wanted(int stream);
void log_step(void);
void log_flush(void);
bool log_over(void);

/* event.c: the invocation of now. */
struct invocation {
    char id[256];
    char arn[1024];
    char trace[1024];
    char context[MAX_PAYLOAD];
    bool has_context;
    int64_t deadline_millis;
};
extern struct invocation invocation;
void event_begin(const void *bytes, size_t length);
void event_body(const unsigned char *bytes, size_t length);
void event_body_end(void);
bool event_expected(void);
bool event_waits(void);
bool event_delivered(void);
bool event_current(const char *id, size_t length);
bool event_can_redeliver(void);
void event_finish(void);
struct conn;
void event_deliver(struct conn *conn);

/* api.c: what the calls of the runtime API mean. */
enum api_call {
    CALL_REFUSED,
    CALL_NEXT,
    CALL_RESPONSE,
    CALL_ERROR,
    CALL_INIT_ERROR,
    CALL_RESTORE_NEXT,
    CALL_RESTORE_ERROR,
};
void api_request(struct conn *conn);
size_t api_body(struct conn *conn, const char *bytes, size_t length);
void api_body_end(struct conn *conn);
void api_broken(struct conn *conn);
void api_step(void);
void api_restored(const void *bytes, size_t length);
void api_child_gone(void);

/* http.c: connections of the runtime API; request.c reads what comes on them. */
enum { MAX_CONNS = 16, MAX_HEAD = 32 * 1024 };
enum conn_state {
    CONN_HEAD,   /* reads a request's head */
    CONN_BODY,   /* reads its body */
    CONN_WAITS,  /* has asked for what is not there yet */
    CONN_EVENT,  /* gets an event's body that flows */
    CONN_ANSWER, /* gets the rest of an answer */
    CONN_DRAIN,  /* has its answer; what it still sends is dropped until it ends */
};
enum chunk_state { CHUNK_SIZE, CHUNK_DATA, CHUNK_END, CHUNK_TRAILERS };
enum progress { DONE, MORE, BLOCKED, BAD };
struct conn {
    int fd;
    enum conn_state state;
    char in[MAX_HEAD + 1];
    size_t in_from;
    size_t in_length;
    struct text out;
    size_t out_sent;
    bool input_over;
    uint64_t used;
    /* The request. */
    bool close_after;
    bool http10;
    char method[16];
    char path[512];
    char content_type[256];
    char response_mode[32];
    char error_type[256];
    char error_body[MAX_HEAD];
    bool chunked;
    bool has_length;
    bool expects_continue;
    bool bad_head;
    int64_t left; /* of the body, or of this chunk */
    enum chunk_state chunk;
    enum api_call call;
    int refusal; /* the status of its answer, if it is refused */
    char refusal_body[512];
};
enum progress event_pump(struct conn *conn);
enum progress request_head(struct conn *conn);
enum progress request_body(struct conn *conn);
int http_listen(int port);
int http_listener(void);
bool http_accepts(void);
void http_accept(void);
struct conn *http_conn(int index);
bool http_any(void);
short http_events(const struct conn *conn);
void http_step(struct conn *conn, short events);
void http_answer(struct conn *conn, int status, const char *body);
void http_refuse(struct conn *conn, int status, const char *body);
void http_close(struct conn *conn);
void http_chunk(struct conn *conn, const void *bytes, size_t length);

/* boot.c */
int boot_machine(void);
void boot_tmp(int64_t mib);
void boot_limits(void);

#endif
