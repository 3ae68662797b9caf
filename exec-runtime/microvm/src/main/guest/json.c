/*
 * Reads the small JSON objects that the host sends: strings, whole numbers, and objects of strings.
 * The host writes what it promised or the machine ends: there is no answer to a broken frame.
 */
#include "agent.h"

#include <stdlib.h>
#include <string.h>

_Noreturn static void bad(const struct json *json, const char *why) {
    die("broken %s frame: %s", json->what, why);
}

static void space(struct json *json) {
    while (json->at < json->end && strchr(" \t\r\n", *json->at) && *json->at) {
        json->at++;
    }
}

static char peek(struct json *json) {
    space(json);
    return json->at < json->end ? *json->at : '\0';
}

static void expect(struct json *json, char c) {
    if (peek(json) != c) {
        bad(json, "not the JSON expected");
    }
    json->at++;
}

void json_open(struct json *json, const char *what, const void *bytes, size_t length) {
    json->at = bytes;
    json->end = json->at + length;
    json->what = what;
    expect(json, '{');
}

void json_enter(struct json *json) {
    expect(json, '{');
}

/* The next key of this object; false at its end. */
bool json_key(struct json *json, char *key, size_t room) {
    char c = peek(json);
    if (c == '}') {
        json->at++;
        return false;
    }
    if (c == ',') {
        json->at++;
    }
    json_string(json, key, room);
    expect(json, ':');
    return true;
}

/* After the outermost object there is nothing. */
void json_close(struct json *json) {
    space(json);
    if (json->at != json->end) {
        bad(json, "more than one object");
    }
}

static unsigned hex4(struct json *json) {
    unsigned value = 0;
    for (int i = 0; i < 4; i++) {
        char c = json->at < json->end ? *json->at++ : '\0';
        unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10) : 16;
        if (digit == 16) {
            bad(json, "a broken escape");
        }
        value = value * 16 + digit;
    }
    return value;
}

static size_t utf8_put(unsigned point, char *to) {
    if (point < 0x80) {
        to[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        to[0] = (char)(0xc0 | point >> 6);
        to[1] = (char)(0x80 | (point & 0x3f));
        return 2;
    }
    if (point < 0x10000) {
        to[0] = (char)(0xe0 | point >> 12);
        to[1] = (char)(0x80 | (point >> 6 & 0x3f));
        to[2] = (char)(0x80 | (point & 0x3f));
        return 3;
    }
    to[0] = (char)(0xf0 | point >> 18);
    to[1] = (char)(0x80 | (point >> 12 & 0x3f));
    to[2] = (char)(0x80 | (point >> 6 & 0x3f));
    to[3] = (char)(0x80 | (point & 0x3f));
    return 4;
}

static size_t escape(struct json *json, char *to) {
    char c = json->at < json->end ? *json->at++ : '\0';
    const char *plain = "\"\\/bfnrt";
    const char *found = c ? strchr(plain, c) : NULL;
    if (found) {
        to[0] = "\"\\/\b\f\n\r\t"[found - plain];
        return 1;
    }
    if (c != 'u') {
        bad(json, "a broken escape");
    }
    unsigned point = hex4(json);
    if (point >= 0xd800 && point < 0xdc00 && json->end - json->at >= 6 && json->at[0] == '\\'
        && json->at[1] == 'u') {
        json->at += 2;
        point = 0x10000 + ((point - 0xd800) << 10) + ((hex4(json) - 0xdc00) & 0x3ff);
    }
    if (point == 0) {
        bad(json, "a zero byte");
    }
    return utf8_put(point, to);
}

/* A string, ended by a zero byte of ours; gives its length. One that does not fit is broken. */
size_t json_string(struct json *json, char *to, size_t room) {
    expect(json, '"');
    size_t length = 0;
    while (json->at < json->end && *json->at != '"') {
        if (length + 5 > room) {
            bad(json, "a string is too long");
        }
        if (*json->at == '\\') {
            json->at++;
            length += escape(json, to + length);
        } else if ((unsigned char)*json->at < 0x20) {
            bad(json, "a control character");
        } else {
            to[length++] = *json->at++;
        }
    }
    to[length] = '\0';
    expect(json, '"');
    return length;
}

/* A string or null. */
bool json_optional_string(struct json *json, char *to, size_t room) {
    if (peek(json) == 'n' && json->end - json->at >= 4 && memcmp(json->at, "null", 4) == 0) {
        json->at += 4;
        return false;
    }
    json_string(json, to, room);
    return true;
}

int64_t json_number(struct json *json, int64_t least, int64_t most) {
    char c = peek(json);
    bool negative = c == '-';
    if (negative) {
        json->at++;
    }
    int64_t value = 0;
    int digits = 0;
    while (json->at < json->end && *json->at >= '0' && *json->at <= '9') {
        if (++digits > 18) {
            bad(json, "a number is too large");
        }
        value = value * 10 + (*json->at++ - '0');
    }
    value = negative ? -value : value;
    if (digits == 0 || value < least || value > most) {
        bad(json, "a number out of its range");
    }
    return value;
}

/* Of a key that nobody knows. */
void json_unknown(const struct json *json, const char *key) {
    die("broken %s frame: unknown key '%s'", json->what, key);
}
