package io.runnel.exec.isolate;

/**
 * How long slots are held lately, and so how long a call that comes now would wait for one. The
 * mean fades: each end counts a sixteenth. Guarded by its pool.
 */
final class SlotTimes {
    private static final long FADE = 16;

    private final int slots;
    private long meanNanos;

    SlotTimes(int slots) {
        this.slots = slots;
    }

    /** How long one is held. */
    long heldNanos() {
        return meanNanos;
    }

    /** A slot was given back. */
    void held(long nanos) {
        meanNanos = meanNanos == 0 ? nanos : meanNanos + (nanos - meanNanos) / FADE;
    }

    /**
     * A call has waited so long in vain: those that hold the slots now take longer than those
     * before them did.
     */
    void waitedInVain(long nanos) {
        meanNanos = Math.max(meanNanos, nanos);
    }

    /**
     * The expected wait when no slot is free.
     *
     * @param waiting calls that are in line already
     */
    long expectedWaitNanos(int waiting) {
        return meanNanos * (waiting + 1) / slots;
    }
}
