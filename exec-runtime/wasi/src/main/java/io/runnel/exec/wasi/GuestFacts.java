package io.runnel.exec.wasi;

import io.runnel.exec.task.RequestId;

import java.nio.charset.StandardCharsets;

/** What a guest may know of its call. */
final class GuestFacts {
    private static final long NANOS_PER_MS = 1_000_000;

    private GuestFacts() {}

    static long requestId(WasiMemory memory, GuestCall call, Numbers numbers) {
        String id = call.terms().requestId().map(RequestId::toString).orElse("");
        return copyOut(memory, id.getBytes(StandardCharsets.UTF_8), numbers.i32(0), numbers.i32(1));
    }

    static long timeLeftMs(GuestCall call) {
        long leftNanos = call.leftNanos();
        return leftNanos == Long.MAX_VALUE ? -1 : Math.max(leftNanos / NANOS_PER_MS, 0);
    }

    /** Copies as much as there is room for; says how much there is. */
    static long copyOut(WasiMemory memory, byte[] what, int to, int capacity) {
        int count = (int) Math.min(what.length, Integer.toUnsignedLong(capacity));
        if (!memory.contains(to, count)) {
            return RunnelError.FAULT.value();
        }
        memory.write(to, what, 0, count);
        return what.length;
    }
}
