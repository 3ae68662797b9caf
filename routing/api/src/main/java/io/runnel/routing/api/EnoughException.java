package io.runnel.routing.api;

import com.networknt.schema.SchemaException;

/** Ends a check before its end. */
final class EnoughException extends SchemaException {
    private static final long serialVersionUID = 1L;

    private final boolean spent;

    private EnoughException(String message, boolean spent) {
        super(message);
        this.spent = spent;
    }

    /** It takes too long. */
    static EnoughException ofTime() {
        return new EnoughException("too much to check", true);
    }

    /** There are flaws enough. */
    static EnoughException ofFlaws() {
        return new EnoughException("flaws enough", false);
    }

    /** Whether it takes too long. */
    boolean isSpent() {
        return spent;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
