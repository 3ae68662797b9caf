package io.runnel.pop;

import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.isolate.Tenants;
import io.runnel.exec.task.MovedTo;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.edge.EdgeCall;
import io.runnel.routing.forward.ForwardCall;
import io.runnel.routing.forward.ForwardResult;
import io.runnel.routing.forward.NodeStart;
import io.runnel.routing.forward.RegionForwarder;
import io.runnel.routing.forward.RegionLink;
import io.vertx.core.MultiMap;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Forwards over HTTP/2 to the regions' {@code internal} listeners.
 *
 * @param answered is told what was answered
 */
record RegionForwarding(RegionForwarder forwarder, LongSupplier nanoClock, Answered answered)
        implements Forwarding {
    /** Told of what calls showed, and asked what that says of the next. */
    interface Answered {
        /** A call was answered well, in so many nanoseconds. */
        void by(RegionId region, TaskRef task, long tookNanos);

        /** A region's node ran this, when this version was asked for. */
        void ran(RegionLink node, VersionRecord asked, ForwardResult.Run run, long startedNanos);

        /** How a call of this version would start at regions' nodes. */
        NodeStart.Of starts(VersionRecord version);
    }

    private static final int FIRST_ERROR = 400;

    @Override
    public void forward(
            EdgeCall call,
            GatheredBody body,
            List<RegionId> regions,
            BooleanSupplier otherWay,
            Consumer<MultiMap> headers,
            Consumer<ForwardResult> ended,
            BiConsumer<ForwardResult.Unreached, Runnable> unreached) {
        long startedNanos = nanoClock.getAsLong();
        ForwardCall onward =
                new ForwardCall(
                        Tenants.of(call.version().task(), call.caller()),
                        call.deadlineNanos(),
                        regions,
                        answered.starts(call.version()),
                        otherWay,
                        false,
                        headers);
        forwarder
                .forward(call.exchange(), body, onward)
                .onSuccess(
                        result -> {
                            ended.accept(result);
                            switch (result) {
                                case ForwardResult.Unreached nobody ->
                                        unreached.accept(
                                                nobody,
                                                () ->
                                                        forwarder.refuse(
                                                                call.exchange(), onward, nobody));
                                case ForwardResult.Answered done -> tell(done, call, startedNanos);
                                case ForwardResult.Broken _,
                                        ForwardResult.Refused _,
                                        ForwardResult.ClientGone _ -> {}
                            }
                        });
    }

    @Override
    public void resume(
            EdgeCall call,
            GatheredBody body,
            MovedTo to,
            Consumer<MultiMap> headers,
            Consumer<ForwardResult> ended) {
        ForwardCall onward =
                ForwardCall.resumed(
                        Tenants.of(call.version().task(), call.caller()),
                        call.deadlineNanos(),
                        to,
                        headers);
        forwarder
                .forward(call.exchange(), body, onward)
                .onSuccess(
                        result -> {
                            ended.accept(result);
                            if (result instanceof ForwardResult.Unreached nobody) {
                                forwarder.refuse(call.exchange(), onward, nobody);
                            }
                        });
    }

    private void tell(ForwardResult.Answered done, EdgeCall call, long startedNanos) {
        done.run().ifPresent(run -> answered.ran(done.node(), call.version(), run, startedNanos));
        if (done.status() < FIRST_ERROR && done.failed().isEmpty()) {
            answered.by(done.region(), call.ref(), nanoClock.getAsLong() - startedNanos);
        }
    }
}
