package io.runnel.exec.forecast.replay;

import java.io.Serial;

/** A trace that cannot be replayed; the message names the line and what is wrong with it. */
public final class TraceException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Code {
        /** There is no call in it. */
        EMPTY,
        /** A line is not what the first one says or longer than any could be. */
        MALFORMED,
        /** A value is no number, or none that makes sense. */
        BAD_VALUE,
        /** It has more calls or tasks than are replayed. */
        TOO_LARGE
    }

    private final Code code;
    private final long line;

    TraceException(Code code, long line, String problem) {
        super("line %d: %s".formatted(line, problem));
        this.code = code;
        this.line = line;
    }

    /** What is wrong. */
    public Code code() {
        return code;
    }

    /** Where; the first line is 1. */
    public long line() {
        return line;
    }

    /** Never: the same trace is as wrong the next time. */
    public boolean retryable() {
        return false;
    }
}
