package io.runnel.exec.forecast;

/** What is thought of a pattern of demand. */
public enum PatternState {
    /** It was seen and is watched; nothing is prepared for it. */
    LEARNING,
    /** It is trusted: isolates are prepared for it, and less is kept between its bursts. */
    PERIODIC,
    /** Its last burst did not come; it is still prepared for. */
    SUSPECT,
    /** It failed three times in a row, or too often: nothing is held for it any more. */
    REVOKED;

    /** Whether isolates are prepared for such a pattern. */
    public boolean isActedOn() {
        return switch (this) {
            case PERIODIC, SUSPECT -> true;
            case LEARNING, REVOKED -> false;
        };
    }

    /** Whether a pattern may go from this state to {@code next}. */
    public boolean mayBecome(PatternState next) {
        return switch (this) {
            case LEARNING -> next == PERIODIC || next == REVOKED;
            case PERIODIC -> next == SUSPECT;
            case SUSPECT -> next == PERIODIC || next == REVOKED;
            case REVOKED -> next == LEARNING;
        };
    }

    /**
     * The next state.
     *
     * @throws IllegalStateException if a pattern may not go there from here
     */
    PatternState become(PatternState next) {
        if (!mayBecome(next)) {
            throw new IllegalStateException("a pattern that is %s: %s".formatted(this, next));
        }
        return next;
    }
}
