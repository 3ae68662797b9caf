/* Texts that grow up to a limit, JSON strings, base64. */
#include "agent.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_add(struct text *text, const void *bytes, size_t length) {
    size_t limit = text->limit ? text->limit : MAX_PAYLOAD;
    if (text->full || length > limit - text->length) {
        text->full = true;
        return;
    }
    if (text->length + length > text->space) {
        size_t space = text->space ? text->space : 512;
        while (space < text->length + length) {
            space *= 2;
        }
        char *grown = realloc(text->at, space);
        if (!grown) {
            die("no memory for %zu bytes", space);
        }
        text->at = grown;
        text->space = space;
    }
    if (length) {
        memcpy(text->at + text->length, bytes, length);
    }
    text->length += length;
}

void text_put(struct text *text, const char *string) {
    text_add(text, string, strlen(string));
}

void text_format(struct text *text, const char *format, ...) {
    char line[2048];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(line, sizeof line, format, list);
    va_end(list);
    if (length < 0 || (size_t)length >= sizeof line) {
        die("a text is too long: %.40s", format);
    }
    text_add(text, line, (size_t)length);
}

void text_clear(struct text *text) {
    text->length = 0;
    text->full = false;
}

void text_free(struct text *text) {
    free(text->at);
    text->at = NULL;
    text->length = text->space = 0;
    text->full = false;
}

/* The length of the UTF-8 character here, or 0 if there is none (Unicode 15, table 3-7). */
static size_t utf8_length(const unsigned char *at, size_t left) {
    unsigned char first = at[0];
    size_t length = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : (first & 0xf0) == 0xe0 ? 3
                    : first >= 0xf0 && first < 0xf5 ? 4 : 0;
    if (length == 0 || length > left) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool bad = (first == 0xe0 && at[1] < 0xa0) || (first == 0xed && at[1] >= 0xa0)
               || (first == 0xf0 && at[1] < 0x90) || (first == 0xf4 && at[1] >= 0x90);
    return bad ? 0 : length;
}

void text_json(struct text *text, const char *bytes, size_t length, size_t room) {
    const unsigned char *at = (const unsigned char *)bytes;
    const unsigned char *end = at + length;
    size_t start = text->length;
    text_put(text, "\"");
    while (at < end && text->length - start + 8 < room) {
        size_t size = utf8_length(at, (size_t)(end - at));
        if (size == 0) {
            text_put(text, "\xef\xbf\xbd");
            at++;
        } else if (*at == '"' || *at == '\\') {
            char escaped[2] = {'\\', (char)*at};
            text_add(text, escaped, 2);
            at++;
        } else if (*at < 0x20 || *at == 0x7f) {
            text_format(text, "\\u%04x", *at);
            at++;
        } else {
            text_add(text, at, size);
            at += size;
        }
    }
    text_put(text, "\"");
}

static int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Gives how many bytes it wrote, or -1 if this is no base64 or does not fit. */
long base64_decode(const char *from, size_t length, unsigned char *to, size_t space) {
    while (length && from[length - 1] == '=') {
        length--;
    }
    if (length % 4 == 1 || length / 4 * 3 + 3 > space) {
        return -1;
    }
    unsigned bits = 0;
    size_t written = 0;
    for (size_t i = 0; i < length; i++) {
        int digit = base64_digit(from[i]);
        if (digit < 0) {
            return -1;
        }
        bits = bits << 6 | (unsigned)digit;
        if (i % 4 != 0) {
            to[written++] = (unsigned char)(bits >> (6 - 2 * (i % 4)));
        }
    }
    return (long)written;
}
