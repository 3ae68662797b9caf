package io.runnel.region.cli.supervisor;

import java.io.Serial;

/** Something that the supervisor was asked for and could not do; the message is one line. */
public final class SupervisorException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Code {
        /** There is no node of that name on this machine. */
        NO_SUCH_NODE,
        /** A node ended, or did not get ready in time. */
        NODE_FAILED,
        /** It cannot be done in the phase that the node is in. */
        WRONG_PHASE,
        /** The data folder cannot be used: locked, path too long, no rights. */
        DATA_FOLDER,
        /** The supervisor does not answer, or not as it should. */
        NO_ANSWER
    }

    private final Code code;

    public SupervisorException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public SupervisorException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }

    /** Whether the same might succeed later, with nothing changed. */
    public boolean retryable() {
        return code == Code.WRONG_PHASE || code == Code.NO_ANSWER;
    }
}
