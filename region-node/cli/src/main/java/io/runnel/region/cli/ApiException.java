package io.runnel.region.cli;

import java.io.Serial;
import java.util.Optional;

/** A region that answered otherwise than with success, or none that answered at all. */
final class ApiException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    /** What went wrong. */
    enum Code {
        /** A region refused or failed; see {@link ApiException#problem}. */
        REFUSED,
        /** No region could be reached. */
        UNREACHABLE
    }

    private final Code code;
    private final int status;
    private final String problem;

    private ApiException(Code code, int status, String problem, String message) {
        super(message);
        this.code = code;
        this.status = status;
        this.problem = problem;
    }

    static ApiException refused(int status, String problem, String message) {
        return new ApiException(Code.REFUSED, status, problem, message);
    }

    static ApiException unreachable(String message) {
        return new ApiException(Code.UNREACHABLE, 0, "", message);
    }

    Code code() {
        return code;
    }

    /** Whether the same might succeed later, with nothing changed. */
    boolean retryable() {
        return code == Code.UNREACHABLE || status >= 500 || status == 429;
    }

    /** The status of the answer; 0 without one. */
    int status() {
        return status;
    }

    /** The code of the problem document, if there was one. */
    Optional<String> problem() {
        return problem.isEmpty() ? Optional.empty() : Optional.of(problem);
    }
}
