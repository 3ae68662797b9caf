package io.runnel.exec.isolate;

/** Something with deadlines that {@link Deadlines} keeps. */
@FunctionalInterface
interface Expiring {
    /** What {@link #expire} answers when nothing has a deadline. */
    long NEVER = Long.MAX_VALUE;

    /**
     * Ends what is past its deadline. Called by the timer's thread only.
     *
     * @return nanoseconds from {@code nowNanos} to the next deadline, or {@link #NEVER}
     */
    long expire(long nowNanos);
}
