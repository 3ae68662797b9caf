package io.runnel.exec.wasm;

import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Clocks, and waiting for them. */
final class GuestTime {
    private static final int REAL = 0;
    private static final int MONOTONIC = 1;
    private static final int THREAD_CPU = 3;

    private static final int MOST_SUBSCRIPTIONS = 1024;
    private static final int SUBSCRIPTION_BYTES = 48;
    private static final int EVENT_BYTES = 32;
    private static final int KIND_CLOCK = 0;
    private static final int KIND_WRITE = 2;

    private GuestTime() {}

    static Errno resolution(GuestMemory memory, int clock, int at) {
        if (clock < REAL || clock > THREAD_CPU) {
            return Errno.INVAL;
        }
        if (!memory.contains(at, 8)) {
            return Errno.FAULT;
        }
        memory.writeLong(at, clock == REAL ? 1000 : 1);
        return Errno.SUCCESS;
    }

    static Errno time(GuestMemory memory, GuestCall call, int clock, int at) {
        if (clock < REAL || clock > THREAD_CPU) {
            return Errno.INVAL;
        }
        if (!memory.contains(at, 8)) {
            return Errno.FAULT;
        }
        memory.writeLong(at, now(call, clock));
        return Errno.SUCCESS;
    }

    /** Processor time is told as time since the call began: a call has a slot for itself. */
    private static long now(GuestCall call, int clock) {
        if (clock == REAL) {
            Instant now = call.host().clock().instant();
            return now.getEpochSecond() * 1_000_000_000L + now.getNano();
        }
        return call.host().nanoClock().getAsLong() - call.startNanos();
    }

    /**
     * Waits for the nearest of several clocks. Files are always ready: a read of the body may block
     * all the same, as in any program that does not ask before.
     */
    static Errno poll(GuestMemory memory, GuestCall call, int in, int out, int count, int countAt) {
        if (count <= 0 || count > MOST_SUBSCRIPTIONS) {
            return Errno.INVAL;
        }
        if (!memory.contains(in, count * SUBSCRIPTION_BYTES)
                || !memory.contains(out, count * EVENT_BYTES)
                || !memory.contains(countAt, 4)) {
            return Errno.FAULT;
        }
        long[] delaysNanos = new long[count];
        for (int i = 0; i < count; i++) {
            int at = in + i * SUBSCRIPTION_BYTES;
            byte kind = memory.read(at + 8);
            if (kind < KIND_CLOCK || kind > KIND_WRITE) {
                return Errno.INVAL;
            }
            delaysNanos[i] = kind == KIND_CLOCK ? delayNanos(memory, call, at) : 0;
        }
        long nearestNanos = Arrays.stream(delaysNanos).min().orElse(0);
        StackRoom.require();
        sleep(nearestNanos);
        int events = 0;
        for (int i = 0; i < count; i++) {
            if (delaysNanos[i] <= nearestNanos) {
                writeEvent(memory, call, in + i * SUBSCRIPTION_BYTES, out + events * EVENT_BYTES);
                events++;
            }
        }
        memory.writeI32(countAt, events);
        return Errno.SUCCESS;
    }

    /** How long until this clock is due; at once if there is no such clock. */
    private static long delayNanos(GuestMemory memory, GuestCall call, int at) {
        int clock = memory.readInt(at + 16);
        if (clock < REAL || clock > MONOTONIC) {
            return 0;
        }
        long timeout = memory.readLong(at + 24);
        boolean absolute = (memory.readShort(at + 40) & 1) != 0;
        // Both are unsigned; what does not fit is further away than anybody waits.
        long until = timeout < 0 ? Long.MAX_VALUE : timeout;
        return absolute ? Math.max(until - now(call, clock), 0) : until;
    }

    private static void sleep(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuestInterrupted();
        }
    }

    private static void writeEvent(GuestMemory memory, GuestCall call, int from, int to) {
        byte kind = memory.read(from + 8);
        int subject = memory.readInt(from + 16);
        boolean known =
                kind == KIND_CLOCK
                        ? subject == REAL || subject == MONOTONIC
                        : call.streams().isOpen(subject);
        Errno wrong = kind == KIND_CLOCK ? Errno.INVAL : Errno.BADF;
        long userData = memory.readLong(from);
        memory.writeLong(to, userData);
        memory.writeShort(to + 8, (short) (known ? Errno.SUCCESS : wrong).value());
        memory.writeShort(to + 10, kind);
        memory.writeI32(to + 12, 0);
        memory.writeLong(to + 16, known && kind != KIND_CLOCK ? 1 : 0);
        memory.writeLong(to + 24, 0);
    }
}
