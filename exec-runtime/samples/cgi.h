// What a small WASI command needs to speak CGI (RFC 3875), without stdio and without malloc.
//
// A task runs once, in fresh memory, for one call. So nothing here is ever freed, nothing is
// initialised twice, and when memory ends the task traps, which its caller sees as
// `memory-exceeded`. Every function is static: a task links only what it uses.
#ifndef RUNNEL_CGI_H
#define RUNNEL_CGI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <wasi/api.h>

#define STDIN 0
#define STDOUT 1
#define STDERR 2
#define PAGE ((size_t)65536)

// Some bytes of somebody else. Not ended by a NUL.
typedef struct {
  const char *at;
  size_t length;
} slice;

static inline slice slice_of(const char *text) { return (slice){text, strlen(text)}; }

// ---- memory: only forward

extern unsigned char __heap_base;
static unsigned char *memory_next;

// No block is larger, so that no sum of an address and a size overflows: a task has 1 GiB at most.
#define MOST_BYTES ((size_t)1 << 30)

// Makes the bytes before `end` usable.
static inline void memory_reach(const unsigned char *end) {
  size_t have = __builtin_wasm_memory_size(0) * PAGE;
  if ((size_t)end > have) {
    size_t pages = ((size_t)end - have + PAGE - 1) / PAGE;
    if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) __builtin_trap();
  }
}

static inline void *take(size_t size) {
  if (!memory_next) memory_next = &__heap_base;
  if (size > MOST_BYTES) __builtin_trap();
  unsigned char *start = (unsigned char *)(((size_t)memory_next + 7) & ~(size_t)7);
  memory_reach(start + size);
  memory_next = start + size;
  return start;
}

// Makes the newest block larger, where it is if it is still the newest, else elsewhere.
static inline void *take_more(void *block, size_t had, size_t size) {
  if ((unsigned char *)block + had == memory_next) {
    if (size > MOST_BYTES) __builtin_trap();
    memory_reach((unsigned char *)block + size);
    memory_next = (unsigned char *)block + size;
    return block;
  }
  void *moved = take(size);
  memcpy(moved, block, had);
  return moved;
}

// ---- output: gathered, written when the buffer is full and at the end

static unsigned char output[8192];
static size_t output_length;

static inline void write_all(int fd, const void *from, size_t length) {
  const unsigned char *at = from;
  while (length > 0) {
    __wasi_ciovec_t part = {at, length};
    __wasi_size_t written = 0;
    if (__wasi_fd_write(fd, &part, 1, &written) != 0) __wasi_proc_exit(74);
    at += written;
    length -= written;
  }
}

static inline void put_end(void) {
  write_all(STDOUT, output, output_length);
  output_length = 0;
}

static inline void put_byte(char byte) {
  if (output_length == sizeof output) put_end();
  output[output_length++] = (unsigned char)byte;
}

static inline void put(slice text) {
  if (text.length > sizeof output - output_length) {
    put_end();
    if (text.length > sizeof output) {
      write_all(STDOUT, text.at, text.length);
      return;
    }
  }
  memcpy(output + output_length, text.at, text.length);
  output_length += text.length;
}

static inline void put_text(const char *text) { put(slice_of(text)); }

static inline void put_number(uint64_t number) {
  char digits[20];
  size_t at = sizeof digits;
  do {
    digits[--at] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  put((slice){digits + at, sizeof digits - at});
}

static inline void put_hex(const uint8_t *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) {
    put_byte("0123456789abcdef"[bytes[i] >> 4]);
    put_byte("0123456789abcdef"[bytes[i] & 15]);
  }
}

// Standard error is the task's log: `runnel logs NAME`.
static inline void log_line(const char *text) {
  write_all(STDERR, text, strlen(text));
  write_all(STDERR, "\n", 1);
}

// ---- input

// All of standard input if it is not longer than `most`; else `*too_long` is set.
static inline slice read_all(size_t most, bool *too_long) {
  size_t room = 16384, length = 0;
  unsigned char *bytes = take(room);
  *too_long = false;
  for (;;) {
    if (length == room) {
      bytes = take_more(bytes, room, room * 2);
      room *= 2;
    }
    __wasi_iovec_t part = {bytes + length, room - length};
    __wasi_size_t got = 0;
    if (__wasi_fd_read(STDIN, &part, 1, &got) != 0) __wasi_proc_exit(74);
    if (got == 0) return (slice){(const char *)bytes, length};
    length += got;
    if (length > most) {
      *too_long = true;
      return (slice){(const char *)bytes, 0};
    }
  }
}

// ---- the environment: the request's head and the task's own variables

static char **environment;
static size_t environment_count;

static inline void environment_load(void) {
  __wasi_size_t count = 0, bytes = 0;
  if (__wasi_environ_sizes_get(&count, &bytes) != 0) return;
  environment = take((count + 1) * sizeof *environment);
  char *text = take(bytes + 1);
  if (__wasi_environ_get((uint8_t **)environment, (uint8_t *)text) == 0) environment_count = count;
}

// A variable's value, or nothing if it is not set.
static inline slice env(const char *name) {
  size_t length = strlen(name);
  if (!environment) environment_load();
  for (size_t i = 0; i < environment_count; i++) {
    if (strncmp(environment[i], name, length) == 0 && environment[i][length] == '=')
      return slice_of(environment[i] + length + 1);
  }
  return (slice){"", 0};
}

// ---- text

static inline char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

static inline bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

static inline bool same(slice a, slice b) {
  return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

static inline bool is(slice text, const char *other) { return same(text, slice_of(other)); }

static inline bool same_letters(slice a, slice b) {
  if (a.length != b.length) return false;
  for (size_t i = 0; i < a.length; i++)
    if (lower(a.at[i]) != lower(b.at[i])) return false;
  return true;
}

static inline int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The length of the UTF-8 character at the start of `text`, or 0 if there is none (RFC 3629:
// no overlong forms, no surrogates, nothing past U+10FFFF).
static inline size_t utf8_length(slice text) {
  const unsigned char *p = (const unsigned char *)text.at;
  if (text.length == 0) return 0;
  if (p[0] < 0x80) return 1;
  size_t length = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
  if (p[0] < 0xc2 || p[0] > 0xf4 || text.length < length) return 0;
  for (size_t i = 1; i < length; i++)
    if ((p[i] & 0xc0) != 0x80) return 0;
  if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f)) return 0;
  if ((p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f)) return 0;
  return length;
}

static inline bool is_utf8(slice text) {
  while (text.length > 0) {
    size_t length = utf8_length(text);
    if (length == 0) return false;
    text.at += length;
    text.length -= length;
  }
  return true;
}

// A JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD.
static inline void put_json(slice text) {
  put_byte('"');
  while (text.length > 0) {
    size_t length = utf8_length(text);
    char c = *text.at;
    if (length == 0) {
      put_text("\\ufffd");
      length = 1;
    } else if (c == '"' || c == '\\') {
      put_byte('\\');
      put_byte(c);
    } else if (c == '\n') {
      put_text("\\n");
    } else if ((unsigned char)c < 0x20 || c == 0x7f) {
      put_text("\\u00");
      put_hex((const uint8_t *)&c, 1);
    } else {
      put((slice){text.at, length});
    }
    text.at += length;
    text.length -= length;
  }
  put_byte('"');
}

// Percent-decodes a value of a query (`+` is a space) into memory of its own.
static inline slice url_decoded(slice text) {
  char *decoded = take(text.length);
  size_t length = 0;
  for (size_t i = 0; i < text.length; i++) {
    char c = text.at[i];
    if (c == '%' && i + 2 < text.length && hex_value(text.at[i + 1]) >= 0 &&
        hex_value(text.at[i + 2]) >= 0) {
      c = (char)(hex_value(text.at[i + 1]) * 16 + hex_value(text.at[i + 2]));
      i += 2;
    } else if (c == '+') {
      c = ' ';
    }
    decoded[length++] = c;
  }
  return (slice){decoded, length};
}

// The first value of this name in QUERY_STRING, decoded, or nothing.
static inline slice query(const char *name) {
  slice all = env("QUERY_STRING");
  size_t length = strlen(name);
  size_t start = 0;
  while (start < all.length) {
    size_t end = start;
    while (end < all.length && all.at[end] != '&') end++;
    if (end - start > length && memcmp(all.at + start, name, length) == 0 &&
        all.at[start + length] == '=')
      return url_decoded((slice){all.at + start + length + 1, end - start - length - 1});
    start = end + 1;
  }
  return (slice){"", 0};
}

// Text for people, from outside: control characters and broken UTF-8 are left out.
static inline void put_clean(slice text, size_t most) {
  while (text.length > 0 && most > 0) {
    size_t length = utf8_length(text);
    if (length > 1 || (length == 1 && (unsigned char)*text.at >= 0x20 && *text.at != 0x7f)) {
      put((slice){text.at, length});
      most--;
    }
    length = length == 0 ? 1 : length;
    text.at += length;
    text.length -= length;
  }
}

#endif
