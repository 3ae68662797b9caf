package io.runnel.region.server.control;

import io.runnel.exec.http.Problem;
import io.runnel.exec.http.ProblemCode;

import java.io.Serial;

/** An operation that ends with a problem document; without a stack trace: callers make it. */
final class RefusedException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private static final int MOST_DETAIL_CHARACTERS = 1000;

    private final transient Problem problem;

    RefusedException(Problem problem) {
        super(problem.code().label(), null, false, false);
        this.problem = problem;
    }

    RefusedException(ProblemCode code) {
        this(Problem.of(code));
    }

    /** With a detail for the caller; what of it came from the caller is made harmless. */
    RefusedException(ProblemCode code, String detail) {
        this(Problem.of(code).withDetail(harmless(detail)));
    }

    private static String harmless(String text) {
        String cut =
                text.length() > MOST_DETAIL_CHARACTERS
                        ? text.substring(0, MOST_DETAIL_CHARACTERS) + "..."
                        : text;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    /** That a part of the request is not what it should be. */
    static RefusedException invalid(String part, String rule) {
        return new RefusedException(ControlError.INVALID_REQUEST, part + ": " + rule);
    }

    Problem problem() {
        return problem;
    }
}
