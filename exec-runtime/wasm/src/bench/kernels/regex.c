/*
 * Looks for a pattern in a text of 4 KB: the pattern compiled to instructions, the text read once with all threads of the
 * machine in step (Thompson 1968, as Pike wrote it).
 */
#include "kernel.h"

#define TEXT 4096
#define MOST 128

enum op { CHAR, ANY, CLASS, SPLIT, JUMP, MATCH };

struct instruction {
    u8 op, from, to;
    short x, y;
};

struct list {
    int count;
    short at[MOST], since[MOST];
};

static char text[TEXT + 1];
static struct instruction program[MOST];
static int size;
static u32 marks[MOST], generation;
static struct list lists[2];

static int emit(enum op op, int from, int to, int x, int y) {
    program[size] = (struct instruction){(u8)op, (u8)from, (u8)to, (short)x, (short)y};
    return size++;
}

static void insert(int at, int x, int y) {
    for (int i = size++; i > at; i--) {
        program[i] = program[i - 1];
        if (program[i].op == SPLIT || program[i].op == JUMP) {
            program[i].x++;
            program[i].y++;
        }
    }
    program[at] = (struct instruction){SPLIT, 0, 0, (short)x, (short)y};
}

static const char *alternatives(const char *p);

static const char *atom(const char *p) {
    if (*p == '(') {
        return alternatives(p + 1) + 1;
    }
    if (*p == '[') {
        emit(CLASS, p[1], p[3], 0, 0);
        return p + 5;
    }
    emit(*p == '.' ? ANY : CHAR, *p, 0, 0, 0);
    return p + 1;
}

static const char *sequence(const char *p) {
    while (*p && *p != '|' && *p != ')') {
        int from = size;
        p = atom(p);
        if (*p == '*') {
            insert(from, from + 1, size + 2);
            emit(JUMP, 0, 0, from, 0);
            p++;
        } else if (*p == '+') {
            emit(SPLIT, 0, 0, from, size + 1);
            p++;
        } else if (*p == '?') {
            insert(from, from + 1, size + 1);
            p++;
        }
    }
    return p;
}

static const char *alternatives(const char *p) {
    int from = size;
    p = sequence(p);
    if (*p == '|') {
        insert(from, from + 1, size + 2);
        int jump = emit(JUMP, 0, 0, 0, 0);
        p = alternatives(p + 1);
        program[jump].x = (short)size;
    }
    return p;
}

static void add(struct list *list, int pc, int since) {
    if (marks[pc] == generation) {
        return;
    }
    marks[pc] = generation;
    switch (program[pc].op) {
    case JUMP:
        add(list, program[pc].x, since);
        break;
    case SPLIT:
        add(list, program[pc].x, since);
        add(list, program[pc].y, since);
        break;
    default:
        list->at[list->count] = (short)pc;
        list->since[list->count++] = (short)since;
    }
}

static u32 search(u32 sum) {
    struct list *now = &lists[0], *then = &lists[1];
    now->count = 0;
    generation++;
    for (int i = 0; i <= TEXT; i++) {
        add(now, 0, i);
        generation++;
        then->count = 0;
        u8 c = (u8)text[i];
        for (int t = 0; t < now->count; t++) {
            int pc = now->at[t];
            const struct instruction *in = &program[pc];
            int goes = 0;
            switch (in->op) {
            case CHAR:
                goes = c == in->from;
                break;
            case ANY:
                goes = c != 0;
                break;
            case CLASS:
                goes = c >= in->from && c <= in->to;
                break;
            case MATCH:
                sum = mix(sum, (u32)(i << 16 | now->since[t]));
                break;
            }
            if (goes) {
                add(then, pc + 1, now->since[t]);
            }
        }
        struct list *other = now;
        now = then;
        then = other;
    }
    return sum;
}

int kernel(int n) {
    u32 random = 3, sum = 0;
    for (int i = 0; i < TEXT; i++) {
        u32 x = next_random(&random) & 31;
        text[i] = x < 26 ? (char)('a' + x) : x < 29 ? ' ' : (char)('0' + (x & 7));
    }
    size = 0;
    alternatives("([a-z]+ [0-9]*|x(yz?|.a)*b)[a-m]?(cat|dog|e[0-9]+)*");
    emit(MATCH, 0, 0, 0, 0);
    for (int i = 0; i < n; i++) {
        text[i % TEXT] = (char)('a' + i % 26);
        sum = search(sum);
    }
    return (int)sum;
}
