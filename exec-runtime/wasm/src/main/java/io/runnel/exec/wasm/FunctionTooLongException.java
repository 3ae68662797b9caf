package io.runnel.exec.wasm;

/** A function became more byte code than the JVM takes for one. */
final class FunctionTooLongException extends Exception {
    private static final long serialVersionUID = 1;

    private final int function;

    FunctionTooLongException(int function, Throwable cause) {
        super(
                "function %d is longer than the JVM allows (64 KiB of byte code)"
                        .formatted(function),
                cause);
        this.function = function;
    }

    /** Its index. */
    int function() {
        return function;
    }
}
