package io.runnel.exec.wasi;

/** What a descriptor stands for. */
sealed interface Target permits Node, StandardStream {
    /** What a guest is told that it is. */
    FileKind kind();
}
