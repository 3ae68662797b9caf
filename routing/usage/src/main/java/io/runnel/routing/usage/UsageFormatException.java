package io.runnel.routing.usage;

/** Bytes that are no usage record, or no batch of them. The message says why, not what was read. */
public final class UsageFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With what is wrong. */
    public UsageFormatException(String message) {
        super(message);
    }

    /** With what is wrong and what found it. */
    public UsageFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
