package io.runnel.chaos.suite;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A step that is taken again and again, with a pause after each, on a thread of its own: from when
 * this is made until it is ended. What the step wrote may be read after {@link #end}. One thread at
 * a time.
 */
final class Repetition {
    private final Thread thread;
    private volatile boolean over;

    private Repetition(Runnable step, Duration pause) {
        thread = Thread.ofVirtual().unstarted(() -> repeat(step, pause.toNanos()));
    }

    /** Begins with it. */
    static Repetition of(Runnable step, Duration pause) {
        Repetition begun = new Repetition(step, pause);
        begun.thread.start();
        return begun;
    }

    private void repeat(Runnable step, long pauseNanos) {
        while (!over) {
            step.run();
            LockSupport.parkNanos(pauseNanos);
        }
    }

    /** Waits until the step that is being taken is over; there is none after it. */
    void end() {
        over = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted", e);
        }
    }
}
