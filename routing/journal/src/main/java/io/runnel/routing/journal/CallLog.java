package io.runnel.routing.journal;

import io.runnel.routing.edge.EdgeCall;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Where a node's calls are noted: in its journal and by its meters. Safe for any event loop. */
public final class CallLog {
    private final CallJournal journal;
    private final CallMeters meters;
    private final InstantSource clock;
    private final LongSupplier nanoClock;

    /**
     * Notes into these.
     *
     * @param nanoClock the one that {@code Exchange.arrivedNanos} is on
     */
    public CallLog(
            CallJournal journal, CallMeters meters, InstantSource clock, LongSupplier nanoClock) {
        this.journal = journal;
        this.meters = meters;
        this.clock = clock;
        this.nanoClock = nanoClock;
    }

    /** Follows a call that this node decides about. */
    public CallTrace follow(EdgeCall call, Decided decided) {
        return CallTrace.of(this, call, Optional.of(decided));
    }

    /** Follows a call that this node runs without a choice. */
    public CallTrace follow(EdgeCall call) {
        return CallTrace.of(this, call, Optional.empty());
    }

    void add(CallNote note) {
        journal.add(note);
        meters.record(note);
    }

    long now() {
        return nanoClock.getAsLong();
    }

    /** When a call came that has taken so long until now. */
    long arrivedMillis(long tookNanos) {
        return clock.millis() - TimeUnit.NANOSECONDS.toMillis(tookNanos);
    }
}
