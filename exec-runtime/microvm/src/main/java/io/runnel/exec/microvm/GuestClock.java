package io.runnel.exec.microvm;

import io.runnel.exec.microvm.guest.GuestWake;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What guests are told of time and chance. Any thread. */
record GuestClock(InstantSource clock, LongSupplier nanos, SecureRandom random) {
    private static final int ENTROPY_BYTES = 64;

    /** For a machine that begins now: nobody else has its random bytes. */
    GuestWake wake() {
        byte[] entropy = new byte[ENTROPY_BYTES];
        random.nextBytes(entropy);
        return GuestWake.of(clock.millis(), entropy);
    }

    /** When the wall clock says what the node's nano clock says at this deadline. */
    long millisAt(long deadlineNanos) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - nanos.getAsLong());
        return Math.max(0, clock.millis() + left);
    }

    long now() {
        return nanos.getAsLong();
    }
}
