// What a task may ask of Runnel beyond WASI: the import module `runnel@1`. Include it, call the
// functions; nothing is linked that is not called. docs/imports.md says more.
//
// The number is the version of the whole module: what is in it never changes. A node that does not
// know it refuses the task at deploy, and says which one it knows.
#ifndef RUNNEL_RUNNEL_H
#define RUNNEL_RUNNEL_H

#include <stddef.h>
#include <stdint.h>

#define RUNNEL_IMPORT(name) __attribute__((import_module("runnel@1"), import_name(#name)))

// Results below zero.
enum runnel_error {
  RUNNEL_INVALID = -1,      // an argument is not well-formed, or there is no such handle
  RUNNEL_FAULT = -2,        // no such memory
  RUNNEL_NOT_ALLOWED = -3,  // not a host of `deploy --outbound`, or a private address
  RUNNEL_LIMIT = -4,        // a limit of the call: 32 requests, 8 open, 16 MiB out, 32 MiB in
  RUNNEL_UNREACHABLE = -5,  // no such name, nobody there, a certificate that is not accepted
  RUNNEL_TIMEOUT = -6,      // nothing came in time
  RUNNEL_BROKEN = -7,       // what came is not HTTP, or it broke off
  RUNNEL_UNAVAILABLE = -8,  // the node cannot do it now
};

enum runnel_level { RUNNEL_DEBUG, RUNNEL_INFO, RUNNEL_WARN, RUNNEL_ERROR };

// Writes to the task's log (`runnel logs`), with a level; 16 KiB at most.
RUNNEL_IMPORT(log) int32_t runnel_log(int32_t level, const char *text, size_t length);

// Writes as much of the call's request id as there is room for; its length.
RUNNEL_IMPORT(request_id) int32_t runnel_request_id(char *to, size_t capacity);

// Milliseconds until the call is ended.
RUNNEL_IMPORT(time_left) int64_t runnel_time_left(void);

// Sends a request and waits for the head of its answer: a handle of it. Headers are lines of
// `Name: value`. Redirects are not followed.
RUNNEL_IMPORT(http_send)
int32_t runnel_http_send(const char *method, size_t method_length, const char *url,
                         size_t url_length, const char *headers, size_t headers_length,
                         const void *body, size_t body_length);

// The answer's status code.
RUNNEL_IMPORT(http_status) int32_t runnel_http_status(int32_t handle);

// Writes as much of the answer's headers, as lines, as there is room for; their length.
RUNNEL_IMPORT(http_headers) int32_t runnel_http_headers(int32_t handle, char *to, size_t capacity);

// Reads some of the answer's body, as much as is there; how much, 0 at the end.
RUNNEL_IMPORT(http_read) int32_t runnel_http_read(int32_t handle, void *to, size_t capacity);

// Forgets the answer. The end of the call does it too.
RUNNEL_IMPORT(http_close) int32_t runnel_http_close(int32_t handle);

// A document of who this call is, signed by its node, as JWT of some 4 KiB: account, task, version,
// code, node. For whom, and with what they asked; both may be empty. Writes as much of it as there
// is room for; its length. Each time another document. A request for it gives one as well:
// `GET http://identity.local/?audience=A&nonce=N` with the header `Runnel-Identity: true`.
RUNNEL_IMPORT(identity_document)
int32_t runnel_identity_document(const char *audience, size_t audience_length, const char *nonce,
                                 size_t nonce_length, char *to, size_t capacity);

#endif
