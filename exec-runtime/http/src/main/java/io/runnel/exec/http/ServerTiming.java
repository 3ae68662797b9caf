package io.runnel.exec.http;

import io.runnel.exec.task.Usage;

/** The value of {@code Server-Timing}: phases with their milliseconds. */
public final class ServerTiming {
    private static final long MICROS_PER_MILLI = 1000;
    private static final long NANOS_PER_MICRO = 1000;

    private final StringBuilder text = new StringBuilder(64);

    /** A call's phases: waiting for a slot, making it ready, running. */
    public static ServerTiming of(Usage usage) {
        return new ServerTiming()
                .with("queue", usage.queueNanos())
                .with("start", usage.startNanos())
                .with("run", usage.runNanos());
    }

    /**
     * Adds a phase.
     *
     * @param phase a token (RFC 9110)
     */
    public ServerTiming with(String phase, long nanos) {
        if (!text.isEmpty()) {
            text.append(", ");
        }
        long micros = Math.max(0, nanos) / NANOS_PER_MICRO;
        text.append(phase).append(";dur=").append(micros / MICROS_PER_MILLI).append('.');
        long rest = micros % MICROS_PER_MILLI;
        if (rest < 100) {
            text.append('0');
        }
        if (rest < 10) {
            text.append('0');
        }
        text.append(rest);
        return this;
    }

    /** The header's value. */
    @Override
    public String toString() {
        return text.toString();
    }
}
