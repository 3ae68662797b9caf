package io.runnel.topology;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** A topology or a node's status that cannot be used; the message has one line for each problem. */
public final class TopologyException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Code {
        /** The file cannot be read at all: missing, no rights, too large. */
        UNREADABLE,
        /** The file was read and has mistakes. */
        INVALID,
        /** A node's status is not what it must be. */
        BAD_STATUS,
        /** No free port was found. */
        NO_PORT
    }

    private final Code code;
    private final transient List<Problem> problems;

    public TopologyException(Code code, List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.code = code;
        this.problems = List.copyOf(problems);
    }

    public TopologyException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.problems = List.of(new Problem(0, 0, "", message));
    }

    public Code code() {
        return code;
    }

    /** Whether the same might succeed later, with nothing changed. */
    public boolean retryable() {
        return code == Code.NO_PORT;
    }

    /** All problems, in the order of the file; never empty. */
    public List<Problem> problems() {
        return problems;
    }
}
