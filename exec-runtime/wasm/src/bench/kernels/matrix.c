/* Multiplies two matrices of 96 by 96 numbers of double precision. */
#include "kernel.h"

#define SIZE 96

static double a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

static void fill(u32 *random) {
    for (int i = 0; i < SIZE; i++) {
        for (int j = 0; j < SIZE; j++) {
            a[i][j] = (double)(next_random(random) & 1023) / 16;
            b[i][j] = (double)(next_random(random) & 1023) / 16;
        }
    }
}

static void multiply(void) {
    for (int i = 0; i < SIZE; i++) {
        for (int j = 0; j < SIZE; j++) {
            double sum = 0;
            for (int k = 0; k < SIZE; k++) {
                sum += a[i][k] * b[k][j];
            }
            c[i][j] = sum;
        }
    }
}

int kernel(int n) {
    u32 random = 1, sum = 0;
    fill(&random);
    for (int i = 0; i < n; i++) {
        multiply();
        a[i % SIZE][(i * 7) % SIZE] += 1;
        sum = mix(sum, (u32)(u64)c[i % SIZE][(i * 5) % SIZE]);
    }
    return (int)sum;
}
