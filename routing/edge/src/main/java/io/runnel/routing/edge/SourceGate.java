package io.runnel.routing.edge;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Problem;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.Caller;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lets calls without credentials pass, as long as their source has no more than its share of a node
 * that is nearly full; while slots are free it asks nothing and counts nothing. Calls with
 * credentials pass: they count in their account's share. For any event loop; never blocks.
 */
final class SourceGate implements Consumer<EdgeCall> {
    private final TaskRunner runner;
    private final LongSupplier nanoClock;
    private final Consumer<EdgeCall> next;
    private final Sources sources;

    /**
     * A gate before a node's calls.
     *
     * @param salt a random number that nobody outside knows
     * @param next takes the calls that may pass
     */
    public SourceGate(
            TaskRunner runner, long salt, LongSupplier nanoClock, Consumer<EdgeCall> next) {
        this.runner = runner;
        this.nanoClock = nanoClock;
        this.next = next;
        this.sources = new Sources(salt, nanoClock.getAsLong());
    }

    @Override
    public void accept(EdgeCall call) {
        switch (call.caller()) {
            case Caller.Anonymous _ when runner.isNearlyFull() -> acceptOne(call);
            case Caller.Anonymous _ -> next.accept(call);
            case Caller.Keyed _ -> next.accept(call);
        }
    }

    private void acceptOne(EdgeCall call) {
        long source = SourcePrefix.of(call.origin().client());
        int most = runner.mostCalls();
        if (sources.tryEnter(source, nanoClock.getAsLong(), most)) {
            call.exchange().whenFinished(() -> sources.leave(source));
            next.accept(call);
        } else {
            refuse(call, most);
        }
    }

    private void refuse(EdgeCall call, int most) {
        runner.refusedBefore();
        String detail =
                "The network that this call comes from has its share of %d of %d calls on a node"
                    + " that is full. Calls with a key count for their account instead; more are"
                    + " let in with more 'slots' for this node in the topology file.";
        call.turnAway(
                Problem.of(ErrorCode.RATE_LIMITED)
                        .withDetail(detail.formatted(sources.share(most), most)));
    }
}
