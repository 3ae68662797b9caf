/* Parses a JSON text of some 20 KB into a tree, and walks the tree. */
#include "kernel.h"

#define MOST_TEXT 32768
#define MOST_NODES 8192

enum kind { NUL, FALSE, TRUE, NUMBER, STRING, ARRAY, OBJECT };

struct node {
    enum kind kind;
    struct node *next, *first;
    const char *name, *text;
    int name_length, length;
    double number;
};

static char text[MOST_TEXT];
static int length;
static struct node nodes[MOST_NODES];
static int used;
static const char *at;

static void put(const char *s) {
    while (*s && length < MOST_TEXT - 1) {
        text[length++] = *s++;
    }
}

static void put_number(u32 x) {
    char digits[12];
    int i = 11;
    digits[i] = 0;
    do {
        digits[--i] = (char)('0' + x % 10);
        x /= 10;
    } while (x);
    put(digits + i);
}

static void write_text(u32 *random) {
    length = 0;
    put("{\"items\": [");
    for (int i = 0; i < 120; i++) {
        put(i ? ",\n  {\"id\": " : "\n  {\"id\": ");
        put_number((u32)i);
        put(", \"name\": \"item \\u0041\\n");
        put_number(next_random(random) & 65535);
        put("\", \"price\": ");
        put_number(next_random(random) & 1023);
        put(".");
        put_number(next_random(random) % 90 + 10);
        put("e1, \"tags\": [\"a\", \"bc\", \"def\", true, false, null], \"size\": {\"w\": -");
        put_number(next_random(random) & 255);
        put(", \"h\": ");
        put_number(next_random(random) & 255);
        put("}}");
    }
    put("\n]}");
    text[length] = 0;
}

static void space(void) {
    while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r') {
        at++;
    }
}

static const char *string(int *size) {
    const char *from = ++at;
    while (*at && *at != '"') {
        at += *at == '\\' ? 2 : 1;
    }
    *size = (int)(at++ - from);
    return from;
}

static double number(void) {
    double sign = 1, value = 0, scale = 1;
    if (*at == '-') {
        sign = -1;
        at++;
    }
    while (*at >= '0' && *at <= '9') {
        value = value * 10 + (*at++ - '0');
    }
    if (*at == '.') {
        for (at++; *at >= '0' && *at <= '9'; at++) {
            scale /= 10;
            value += scale * (*at - '0');
        }
    }
    if (*at == 'e') {
        int power = 0;
        for (at++; *at >= '0' && *at <= '9'; at++) {
            power = power * 10 + (*at - '0');
        }
        while (power-- > 0) {
            value *= 10;
        }
    }
    return sign * value;
}

static struct node *value(int depth);

static void members(struct node *into, int depth, char end) {
    struct node **last = &into->first;
    at++;
    space();
    while (*at && *at != end) {
        const char *name = 0;
        int size = 0;
        if (end == '}') {
            name = string(&size);
            space();
            at++;
        }
        struct node *member = value(depth + 1);
        member->name = name;
        member->name_length = size;
        *last = member;
        last = &member->next;
        space();
        if (*at == ',') {
            at++;
            space();
        }
    }
    at++;
}

static struct node *value(int depth) {
    struct node *node = &nodes[used++ & (MOST_NODES - 1)];
    *node = (struct node){0};
    space();
    switch (*at) {
    case '{':
        node->kind = OBJECT;
        members(node, depth, '}');
        break;
    case '[':
        node->kind = ARRAY;
        members(node, depth, ']');
        break;
    case '"':
        node->kind = STRING;
        node->text = string(&node->length);
        break;
    case 't':
        node->kind = TRUE;
        at += 4;
        break;
    case 'f':
        node->kind = FALSE;
        at += 5;
        break;
    case 'n':
        at += 4;
        break;
    default:
        node->kind = NUMBER;
        node->number = number();
    }
    return node;
}

static u32 walk(const struct node *node, u32 sum) {
    for (; node; node = node->next) {
        sum = mix(sum, (u32)node->kind);
        for (int i = 0; i < node->name_length; i++) {
            sum = mix(sum, (u32)node->name[i]);
        }
        if (node->kind == NUMBER) {
            sum = mix(sum, (u32)(int)node->number);
        }
        sum = walk(node->first, mix(sum, (u32)node->length));
    }
    return sum;
}

int kernel(int n) {
    u32 random = 5, sum = 0;
    write_text(&random);
    for (int i = 0; i < n; i++) {
        used = 0;
        at = text;
        sum = walk(value(0), sum);
    }
    return (int)sum;
}
