package io.runnel.exec.wasi;

/** Signals that guests raise in themselves. */
final class GuestSignals {
    private static final int MOST_SIGNAL = 30;
    private static final int KILLED_BY = 128;

    private GuestSignals() {}

    /**
     * What a signal does that nobody handles: it ends the guest, but for those that are ignored.
     */
    static Errno raise(int signal) {
        if (signal < 0 || signal > MOST_SIGNAL) {
            return Errno.INVAL;
        }
        return switch (signal) {
            // None, a child's end, to go on, urgent data, a window's size.
            case 0, 16, 17, 22, 27 -> Errno.SUCCESS;
            // To stop until told to go on: nobody would.
            case 18, 19, 20, 21 -> Errno.NOTSUP;
            default -> throw new GuestExit(KILLED_BY + signal);
        };
    }
}
