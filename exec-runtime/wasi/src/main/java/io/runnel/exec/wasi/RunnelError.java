package io.runnel.exec.wasi;

/** Why a function of {@link RunnelFunction} did nothing; the guest gets the number. */
public enum RunnelError {
    /** An argument is not well-formed, or there is no such handle. */
    INVALID(-1),
    /** The guest has no such memory. */
    FAULT(-2),
    /**
     * The task may not send there: not a host of its list, or an address that no task may reach.
     */
    NOT_ALLOWED(-3),
    /** A limit of the call or of the node. */
    LIMIT(-4),
    /** No connection: no such name, nobody there, no trust. */
    UNREACHABLE(-5),
    /** Nothing came in time. */
    TIMEOUT(-6),
    /** What came is not HTTP, or it broke off. */
    BROKEN(-7),
    /** The node cannot do it now: nobody has certified it yet, or not any more. */
    UNAVAILABLE(-8);

    private final int value;

    RunnelError(int value) {
        this.value = value;
    }

    /** The number that the guest gets. */
    public int value() {
        return value;
    }

    static RunnelError of(OutboundException.Code code) {
        return switch (code) {
            case NOT_ALLOWED -> NOT_ALLOWED;
            case LIMIT -> LIMIT;
            case UNREACHABLE -> UNREACHABLE;
            case TIMEOUT -> TIMEOUT;
            case BROKEN -> BROKEN;
        };
    }
}
