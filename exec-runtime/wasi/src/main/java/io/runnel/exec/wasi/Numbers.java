package io.runnel.exec.wasi;

/** What a guest passed to a host function; what is too wide for its type was cut by the engine. */
@SuppressWarnings("ArrayRecordComponent") // Made for one call of a function, never compared.
record Numbers(long[] values) {
    int i32(int index) {
        return (int) values[index];
    }

    long i64(int index) {
        return values[index];
    }
}
