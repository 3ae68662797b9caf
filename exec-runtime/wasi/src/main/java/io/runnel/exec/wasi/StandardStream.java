package io.runnel.exec.wasi;

/** The three streams that every guest begins with; their order is that of their descriptors. */
enum StandardStream implements Target {
    /** The request's body. */
    INPUT,
    /** The answer. */
    OUTPUT,
    /** The log. */
    LOG;

    /** As of a pipe: no terminal. */
    @Override
    public FileKind kind() {
        return FileKind.UNKNOWN;
    }
}
