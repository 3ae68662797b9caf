package io.runnel.exec.wasi;

/** Clocks. */
final class GuestTime {
    static final int REAL = 0;
    static final int MONOTONIC = 1;
    private static final int THREAD_CPU = 3;

    private GuestTime() {}

    static Errno resolution(WasiMemory memory, GuestCall call, int clock, int at) {
        if (clock < REAL || clock > THREAD_CPU) {
            return Errno.INVAL;
        }
        if (!memory.contains(at, 8)) {
            return Errno.FAULT;
        }
        long finest = clock == REAL ? 1000 : 1;
        memory.writeLong(at, Math.max(finest, call.clockStepNanos()));
        return Errno.SUCCESS;
    }

    static Errno time(WasiMemory memory, GuestCall call, int clock, int at) {
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
    static long now(GuestCall call, int clock) {
        return clock == REAL ? call.realNs() : call.sinceStartNs();
    }
}
