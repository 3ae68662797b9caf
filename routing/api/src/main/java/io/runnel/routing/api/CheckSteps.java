package io.runnel.routing.api;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;

import java.util.List;

/**
 * What one check of a value against its schema may still take, in steps of some tens of
 * nanoseconds. Schemas that lead to the same one twice at each level take a time that doubles with
 * every level of a value, and no look at the schemas alone tells: what a value makes of them does.
 * So each look at a value counts, and at some point it is enough. One thread.
 */
final class CheckSteps {
    /** The most steps of one check. */
    static final long MOST = 1_000_000;

    /** The most flaws that anybody is told of. */
    static final int MOST_FLAWS = 10;

    private static final ScopedValue<CheckSteps> CURRENT = ScopedValue.newInstance();

    private final ExecutionContext context;
    private final List<Error> flaws;
    private long left = MOST;

    CheckSteps(ExecutionContext context) {
        this.context = context;
        this.flaws = context.getErrors();
    }

    /** Runs a check that takes its steps from these. */
    void run(Runnable check) {
        ScopedValue.where(CURRENT, this).run(check);
    }

    /** Those of the check that this thread is in. */
    static CheckSteps current() {
        return CURRENT.get();
    }

    /**
     * Takes some.
     *
     * @throws EnoughException if there are not that many left, or there are flaws enough
     */
    void take(long steps) {
        left -= steps;
        if (left < 0) {
            throw EnoughException.ofTime();
        }
        // Within anyOf and its like there is another list, whose flaws may yet be none.
        if (flaws.size() >= MOST_FLAWS && context.getErrors() == flaws) {
            throw EnoughException.ofFlaws();
        }
    }

    /** All flaws so far. */
    List<Error> flaws() {
        return flaws;
    }
}
