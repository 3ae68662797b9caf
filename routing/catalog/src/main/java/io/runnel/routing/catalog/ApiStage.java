package io.runnel.routing.catalog;

import java.util.Optional;

/**
 * What users of a stage of an API get.
 *
 * @param revision of the API's document
 * @param before what it had before that, to which it can go back; 0 for nothing
 */
public record ApiStage(int revision, int before) {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if it has no revision
     */
    public ApiStage {
        if (revision < 1 || before < 0) {
            throw new IllegalArgumentException("a stage has a revision: " + revision);
        }
    }

    /** That had nothing before. */
    public static ApiStage of(int revision) {
        return new ApiStage(revision, 0);
    }

    int highest() {
        return Math.max(revision, before);
    }

    /** With another revision; what it had twice in a row is not gone back to. */
    ApiStage next(int next) {
        return next == revision ? this : new ApiStage(next, revision);
    }

    /** As it was before, so that going back once more undoes it; empty if it never was. */
    public Optional<ApiStage> back() {
        return before == 0
                ? Optional.empty()
                : Optional.of(new ApiStage(/* revision= */ before, /* before= */ revision));
    }
}
