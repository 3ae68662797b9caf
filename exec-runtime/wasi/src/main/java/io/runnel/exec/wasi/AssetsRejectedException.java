package io.runnel.exec.wasi;

import java.io.Serial;

/** Assets that cannot be deployed; the message is for their owner and names what is wrong. */
public final class AssetsRejectedException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Code {
        /** Not a zip archive, broken, or of a kind that is not read. */
        MALFORMED,
        /** The archive or what is in it passes a limit of bytes. */
        TOO_LARGE,
        /** More files and folders than the limit. */
        TOO_MANY,
        /** A path that is absolute, leads outside, is too long, or is reserved. */
        BAD_PATH,
        /** Two entries of one path. */
        DUPLICATE,
        /** A link, or another thing that is neither a file nor a folder. */
        NOT_A_FILE,
        /** A package without a module. */
        NO_MODULE
    }

    private final Code code;

    AssetsRejectedException(Code code, String message) {
        super(message);
        this.code = code;
    }

    AssetsRejectedException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
