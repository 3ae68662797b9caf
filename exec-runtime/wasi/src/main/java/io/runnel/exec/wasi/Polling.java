package io.runnel.exec.wasi;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Waiting for clocks and files. */
final class Polling {
    private static final int MOST_SUBSCRIPTIONS = 1024;
    private static final int SUBSCRIPTION_BYTES = 48;
    private static final int EVENT_BYTES = 32;
    private static final int KIND_CLOCK = 0;
    private static final int KIND_READ = 1;
    private static final int KIND_WRITE = 2;

    private Polling() {}

    /**
     * Waits for the nearest of several clocks. Files are always ready: a read of the body may block
     * all the same, as in any program that does not ask before.
     */
    static Errno poll(WasiMemory memory, GuestCall call, int in, int out, int count, int countAt) {
        if (count <= 0 || count > MOST_SUBSCRIPTIONS) {
            return Errno.INVAL;
        }
        if (!memory.contains(in, count * SUBSCRIPTION_BYTES)
                || !memory.contains(out, count * EVENT_BYTES)
                || !memory.contains(countAt, 4)) {
            return Errno.FAULT;
        }
        // What was asked may lie where the answers go.
        byte[] asked = Arrays.copyOfRange(memory.array(), in, in + count * SUBSCRIPTION_BYTES);
        Subscription[] subscriptions = new Subscription[count];
        for (int i = 0; i < count; i++) {
            subscriptions[i] = Subscription.read(asked, i * SUBSCRIPTION_BYTES);
        }
        memory.writeI32(countAt, poll(memory, call, subscriptions, out));
        return Errno.SUCCESS;
    }

    private static int poll(WasiMemory memory, GuestCall call, Subscription[] all, int out) {
        long[] delaysNanos = Arrays.stream(all).mapToLong(s -> delayNanos(s, call)).toArray();
        long nearestNanos = Arrays.stream(delaysNanos).min().orElse(0);
        sleep(nearestNanos);
        int events = 0;
        for (int i = 0; i < all.length; i++) {
            if (delaysNanos[i] <= nearestNanos) {
                writeEvent(memory, call, all[i], out + events * EVENT_BYTES);
                events++;
            }
        }
        return events;
    }

    /** How long until this is due; at once for a file, and if there is no such clock. */
    private static long delayNanos(Subscription one, GuestCall call) {
        if (one.kind() != KIND_CLOCK || !one.namesClock()) {
            return 0;
        }
        // It is unsigned; what does not fit is further away than anybody waits.
        long until = one.timeout() < 0 ? Long.MAX_VALUE : one.timeout();
        long delay = one.absolute() ? until - GuestTime.now(call, one.subject()) : until;
        return rounded(Math.max(delay, 0), call.clockStepNanos());
    }

    /** Up to the clocks' step: a sleep of an exact length is a clock too. */
    static long rounded(long nanos, long stepNanos) {
        long over = nanos % stepNanos;
        return over == 0 || nanos > Long.MAX_VALUE - stepNanos ? nanos : nanos - over + stepNanos;
    }

    private static void sleep(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuestInterrupted();
        }
    }

    private static void writeEvent(WasiMemory memory, GuestCall call, Subscription one, int to) {
        Errno errno = Errno.SUCCESS;
        long ready = 0;
        if (one.kind() != KIND_CLOCK) {
            errno = state(memory, call, one);
            ready = errno == Errno.SUCCESS ? ready(memory, call, one) : 0;
        } else if (!one.namesClock()) {
            errno = Errno.INVAL;
        }
        memory.writeLong(to, one.userData());
        memory.writeLong(to + 8, errno.value() | (long) one.kind() << 16);
        memory.writeLong(to + 16, ready);
        memory.writeLong(to + 24, 0);
    }

    private static Errno state(WasiMemory memory, GuestCall call, Subscription one) {
        if (!call.descriptors(memory).isOpen(one.subject())) {
            return Errno.BADF;
        }
        boolean may = call.descriptors(memory).get(one.subject()).may(Rights.POLL_FD_READWRITE);
        return may ? Errno.SUCCESS : Errno.NOTCAPABLE;
    }

    /** How many bytes: of a stream nobody knows more than that there is one or its end. */
    private static long ready(WasiMemory memory, GuestCall call, Subscription one) {
        Descriptor descriptor = call.descriptors(memory).get(one.subject());
        return one.kind() == KIND_READ && descriptor.target() instanceof FileNode file
                ? Math.max(file.sizeBytes() - descriptor.offset(), 0)
                : 1;
    }

    /** What is waited for; {@code subject} is a clock's or a descriptor's number. */
    private record Subscription(
            long userData, int kind, int subject, long timeout, boolean absolute) {
        static Subscription read(byte[] from, int at) {
            int kind = from[at + 8];
            if (kind < KIND_CLOCK || kind > KIND_WRITE) {
                throw new WasiFailure(Errno.INVAL);
            }
            return new Subscription(
                    LittleEndian.i64(from, at),
                    kind,
                    LittleEndian.i32(from, at + 16),
                    LittleEndian.i64(from, at + 24),
                    (from[at + 40] & 1) != 0);
        }

        boolean namesClock() {
            return subject == GuestTime.REAL || subject == GuestTime.MONOTONIC;
        }
    }
}
