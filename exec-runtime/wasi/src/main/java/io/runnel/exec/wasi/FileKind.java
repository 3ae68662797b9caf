package io.runnel.exec.wasi;

/** Kinds of files, with the numbers of WASI preview 1. */
enum FileKind {
    UNKNOWN(0),
    CHARACTER(2),
    FOLDER(3),
    REGULAR(4),
    LINK(7);

    private final int value;

    FileKind(int value) {
        this.value = value;
    }

    byte value() {
        return (byte) value;
    }
}
