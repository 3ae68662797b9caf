package io.runnel.chaos.suite;

/** What became of a call. */
enum CallEnd {
    /** A good answer came, whole. */
    ANSWERED("answered"),
    /** 429 or 503: somebody said that it cannot be done now. */
    REFUSED("refused"),
    /** Another status than 2xx. */
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
