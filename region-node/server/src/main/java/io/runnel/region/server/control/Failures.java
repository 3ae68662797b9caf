package io.runnel.region.server.control;

import io.runnel.cluster.store.StoreException;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Problem;
import io.runnel.region.server.authority.AuditBrokenException;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;

/** What callers are told when an operation fails. Internal text stays in the log. */
final class Failures {
    private static final Logger LOG = System.getLogger(Failures.class.getName());

    /** How the system says it; Java has no type for it. */
    private static final String NO_SPACE = "No space left on device";

    private Failures() {}

    static Throwable cause(Throwable failure) {
        boolean wrapped =
                (failure instanceof CompletionException || failure instanceof ExecutionException)
                        && failure.getCause() != null;
        return wrapped ? cause(failure.getCause()) : failure;
    }

    static Problem problem(Throwable failure) {
        return switch (cause(failure)) {
            case RefusedException refused -> refused.problem();
            case StoreException store -> told(store);
            case AuditBrokenException broken -> {
                LOG.log(
                        Level.ERROR,
                        "the authority does nothing any more: {0}",
                        broken.getMessage());
                yield new RefusedException(ControlError.AUDIT_BROKEN, broken.getMessage())
                        .problem();
            }
            case RejectedExecutionException full -> Problem.of(ErrorCode.OVER_CAPACITY);
            case Throwable other -> {
                LOG.log(Level.ERROR, "the control API failed", other);
                yield Problem.of(ErrorCode.INTERNAL_ERROR);
            }
        };
    }

    /** What a failure of the disk is to callers. */
    static RuntimeException disk(Throwable failure) {
        boolean full =
                Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                        .limit(8)
                        .anyMatch(f -> String.valueOf(f.getMessage()).contains(NO_SPACE));
        if (full) {
            LOG.log(Level.WARNING, "the disk is full", failure);
            return new RefusedException(ControlError.STORAGE_FULL);
        }
        return new IllegalStateException("the disk failed", failure);
    }

    private static Problem told(StoreException failure) {
        LOG.log(Level.WARNING, "the store refused: {0}", failure.getMessage());
        return switch (failure.code()) {
            case CONFLICT -> Problem.of(ControlError.CONFLICT);
            case FULL -> Problem.of(ControlError.STORAGE_FULL);
            case FENCED -> Problem.of(ControlError.MINORITY);
            case OVERLOADED, CLOSED, IN_USE -> Problem.of(ErrorCode.OVER_CAPACITY);
            case FAILED,
                    MALFORMED,
                    UNSIGNABLE,
                    SNAPSHOT_NEEDED,
                    NEWER_SCHEMA,
                    NOT_THIS_STORE,
                    DAMAGED ->
                    Problem.of(ErrorCode.INTERNAL_ERROR);
        };
    }
}
