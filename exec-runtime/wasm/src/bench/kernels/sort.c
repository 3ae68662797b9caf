/* Sorts 4,096 numbers in two orders, by a comparison that it is given, as qsort does. */
#include "kernel.h"

#define SIZE 4096
#define SHORT 12

typedef int (*compare)(const int *, const int *);

static int numbers[SIZE];

static int ascending(const int *a, const int *b) { return (*a > *b) - (*a < *b); }
static int descending(const int *a, const int *b) { return (*a < *b) - (*a > *b); }
static const compare volatile orders[2] = {ascending, descending};

static void swap(int *a, int *b) {
    int x = *a;
    *a = *b;
    *b = x;
}

static void insertion(int *from, int *to, compare order) {
    for (int *i = from + 1; i < to; i++) {
        int x = *i;
        int *j = i;
        while (j > from && order(&x, j - 1) < 0) {
            *j = j[-1];
            j--;
        }
        *j = x;
    }
}

static void sort(int *from, int *to, compare order) {
    while (to - from > SHORT) {
        int *middle = from + (to - from) / 2;
        if (order(middle, from) < 0) swap(middle, from);
        if (order(to - 1, from) < 0) swap(to - 1, from);
        if (order(to - 1, middle) < 0) swap(to - 1, middle);
        int pivot = *middle;
        int *i = from, *j = to - 1;
        while (i <= j) {
            while (order(i, &pivot) < 0) i++;
            while (order(&pivot, j) < 0) j--;
            if (i <= j) swap(i++, j--);
        }
        if (j - from < to - i) {
            sort(from, j + 1, order);
            from = i;
        } else {
            sort(i, to, order);
            to = j + 1;
        }
    }
    insertion(from, to, order);
}

int kernel(int n) {
    u32 random = 99, sum = 0;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < SIZE; j++) {
            numbers[j] = (int)next_random(&random);
        }
        sort(numbers, numbers + SIZE, orders[i & 1]);
        for (int j = 0; j < SIZE; j += 64) {
            sum = mix(sum, (u32)numbers[j]);
        }
    }
    return (int)sum;
}
