package io.runnel.exec.microvm.image;

import java.io.IOException;
import java.io.Serial;

/** An image that could not be made here; the message is for who runs the node, and says why. */
public final class ImageException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    /** What kept it from being made. */
    public enum Code {
        /** A program that makes images is not installed; the message says what installs it. */
        TOOL_MISSING,
        /** It took too long. */
        TIMEOUT,
        /** A program failed: its last words are in the message. */
        FAILED
    }

    private final Code code;

    public ImageException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public ImageException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
