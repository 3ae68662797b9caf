/* Counts how long the points of a grid stay bounded. */
#include "kernel.h"

#define SIDE 64
#define MOST 100

static int steps(double x0, double y0) {
    double x = 0, y = 0;
    int i = 0;
    while (i < MOST && x * x + y * y <= 4) {
        double next = x * x - y * y + x0;
        y = 2 * x * y + y0;
        x = next;
        i++;
    }
    return i;
}

int kernel(int n) {
    u32 sum = 0;
    for (int round = 0; round < n; round++) {
        double shift = (double)(round & 15) / 1000;
        for (int i = 0; i < SIDE; i++) {
            for (int j = 0; j < SIDE; j++) {
                sum = mix(sum, (u32)steps(-2 + 3.0 * i / SIDE + shift, -1.5 + 3.0 * j / SIDE));
            }
        }
    }
    return (int)sum;
}
