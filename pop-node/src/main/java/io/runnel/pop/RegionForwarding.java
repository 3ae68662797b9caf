package io.runnel.pop;

import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.edge.EdgeCall;
import io.runnel.routing.forward.ForwardCall;
import io.runnel.routing.forward.ForwardResult;
import io.runnel.routing.forward.RegionForwarder;
import io.vertx.core.MultiMap;

import java.util.List;
import java.util.function.Consumer;

/** Forwards over HTTP/2 to the regions' {@code internal} listeners. */
record RegionForwarding(RegionForwarder forwarder) implements Forwarding {
    @Override
    public void forward(
            EdgeCall call,
            GatheredBody body,
            List<RegionId> regions,
            Consumer<MultiMap> headers,
            Consumer<Runnable> unreached) {
        ForwardCall onward = new ForwardCall(call.deadlineNanos(), regions, headers);
        forwarder
                .forward(call.exchange(), body, onward)
                .onSuccess(
                        result -> {
                            if (result instanceof ForwardResult.Unreached nobody) {
                                unreached.accept(
                                        () -> forwarder.refuse(call.exchange(), onward, nobody));
                            }
                        });
    }
}
