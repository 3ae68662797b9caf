package io.runnel.chaos.suite;

/** What became of a call. */
enum CallEnd {
    /** A good answer came, whole. */
    ANSWERED("answered"),
    /** 503 with {@code Retry-After}: somebody said that it cannot be done now. */
    REFUSED("refused"),
    /** 429 with {@code Retry-After}: the caller has his share, others may have theirs. */
    LIMITED("limited"),
    /** Another status than 2xx, or one of those two with no word of when to come again. */
    ERROR("error"),
    /** The connection ended before the answer did. */
    BROKEN("broken off"),
    /** No answer in time. */
    TIMED_OUT("timed out"),
    /** No connection came about. */
    UNREACHED("unreached"),
    /** Too many calls were under way at once, so it was not made. */
    UNSENT("not sent");

    private final String label;

    CallEnd(String label) {
        this.label = label;
    }

    /** For people. */
    String label() {
        return label;
    }
}
