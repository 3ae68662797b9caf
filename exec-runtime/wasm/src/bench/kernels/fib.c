/* Calls, and nothing else: recursive Fibonacci numbers. */
#include "kernel.h"

static __attribute__((noinline)) int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

int kernel(int n) {
    u32 sum = 0;
    for (int i = 0; i < n; i++) {
        sum = mix(sum, (u32)fib(24 + (i & 1)));
    }
    return (int)sum;
}
