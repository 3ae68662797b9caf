package io.runnel.exec.isolate;

import java.io.Serial;

/** Code that cannot be published or run; the message is for its owner and names what is wrong. */
public final class CodeRejectedException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Code {
        /** Not what the runtime kind says: broken, truncated, another format. */
        MALFORMED,
        /** Larger than the limit for code. */
        TOO_LARGE,
        /** Needs an import that no task gets. */
        UNKNOWN_IMPORT,
        /** Lacks what a task must have, such as an entry point. */
        NO_ENTRY,
        /** Asks for more memory than its limit at the start. */
        MEMORY,
        /** Took too long or too much to compile. */
        COMPILE_LIMIT,
        /** Uses a feature of its format that this runtime lacks. */
        UNSUPPORTED
    }

    private final Code code;

    public CodeRejectedException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public CodeRejectedException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
