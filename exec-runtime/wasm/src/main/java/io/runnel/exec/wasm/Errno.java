package io.runnel.exec.wasm;

/** What WASI preview 1 functions answer; those that are used here. */
enum Errno {
    SUCCESS(0),
    BADF(8),
    FAULT(21),
    INVAL(28),
    IO(29),
    NOSYS(52),
    NOTDIR(54),
    NOTSOCK(57),
    SPIPE(70);

    private final int value;

    Errno(int value) {
        this.value = value;
    }

    int value() {
        return value;
    }
}
