package io.runnel.routing.journal;

import io.runnel.exec.http.Exchange;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Usage;
import io.runnel.routing.edge.EdgeCall;

import java.util.Optional;

/**
 * Follows one call at one node, from what was decided to its end, and then has it noted: once,
 * whatever happens. For its event loop.
 */
public final class CallTrace implements Runnable {
    private final CallLog log;
    private final EdgeCall call;
    private final Optional<Decided> decided;

    private Ended.Place place = Ended.Place.NOWHERE;
    private Optional<RegionId> region = Optional.empty();
    private int tries;
    private Optional<Usage> usage = Optional.empty();
    private boolean knowsEnd;
    private boolean answered;
    private long endNanos;
    private boolean noted;

    private CallTrace(CallLog log, EdgeCall call, Optional<Decided> decided) {
        this.log = log;
        this.call = call;
        this.decided = decided;
    }

    /** Follows a call from now on. */
    static CallTrace of(CallLog log, EdgeCall call, Optional<Decided> decided) {
        CallTrace trace = new CallTrace(log, call, decided);
        call.exchange().whenFinished(trace);
        return trace;
    }

    /** It was given to this node's runner. */
    public void runsHere() {
        place = Ended.Place.HERE;
        knowsEnd = false;
    }

    /** It is given to regions, after whatever was tried before. */
    public void goesToRegions() {
        place = Ended.Place.FORWARDED;
        knowsEnd = false;
    }

    /**
     * What came of asking regions.
     *
     * @param by the region that answered, if one did
     */
    public void asked(Optional<RegionId> by, int regions) {
        region = by;
        tries += regions;
        known();
    }

    /** How its guest ended here. */
    public void ended(Outcome outcome) {
        if (outcome instanceof Outcome.Refused) {
            place = Ended.Place.NOWHERE;
        }
        usage = Optional.of(outcome.usage());
        known();
    }

    private void known() {
        knowsEnd = true;
        if (answered) {
            note();
        }
    }

    /** The answer is whole, or nobody waits for it any more. */
    @Override
    public void run() {
        Exchange exchange = call.exchange();
        endNanos = log.now();
        answered = true;
        if (knowsEnd || place == Ended.Place.NOWHERE) {
            note();
        } else {
            // An answer that streams is whole just before its end is told.
            exchange.onLoop(this::note);
        }
    }

    private void note() {
        if (noted) {
            return;
        }
        noted = true;
        log.add(
                new CallNote(
                        call.exchange().id(),
                        log.arrivedMillis(endNanos - call.exchange().arrivedNanos()),
                        call.ref(),
                        call.version().task().version(),
                        decided,
                        end()));
    }

    private Ended end() {
        Exchange exchange = call.exchange();
        Usage took = usage.orElse(Usage.NONE);
        return new Ended(
                place,
                region,
                tries,
                exchange.response().headWritten() ? exchange.response().getStatusCode() : 0,
                !exchange.isGone(),
                exchange.refusal(),
                took.queueNanos(),
                took.startNanos(),
                took.runNanos(),
                endNanos - exchange.arrivedNanos());
    }
}
