/* What every kernel has: no C library, the entry of a command that does nothing, numbers by chance. */
#ifndef KERNEL_H
#define KERNEL_H

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#define EXPORT(name) __attribute__((export_name(name), used))

EXPORT("_start") void start(void) {}

/* Does the work n times; the answer depends on all of it, so that engines can be compared. */
EXPORT("kernel") int kernel(int n);

/* xorshift: the same numbers on every engine. */
static u32 next_random(u32 *state) {
    u32 x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}

static inline u32 mix(u32 sum, u32 value) { return (sum ^ value) * 16777619u; }

#endif
