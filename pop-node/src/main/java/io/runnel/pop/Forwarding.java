package io.runnel.pop;

import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.task.MovedTo;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.edge.EdgeCall;
import io.runnel.routing.forward.ForwardResult;
import io.vertx.core.MultiMap;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The way of a call to a region and of its answer back. */
interface Forwarding {
    /**
     * Forwards a call and answers it.
     *
     * @param regions to try, the best first
     * @param otherWay whether {@code unreached} would find another place for it
     * @param headers puts the POP's own headers on the answer
     * @param ended told what came of it, once, before {@code unreached}
     * @param unreached goes on instead of an answer, if no region could be reached and nothing of
     *     the call was lost; it gets what tells the client so
     */
    void forward(
            EdgeCall call,
            GatheredBody body,
            List<RegionId> regions,
            BooleanSupplier otherWay,
            Consumer<MultiMap> headers,
            Consumer<ForwardResult> ended,
            BiConsumer<ForwardResult.Unreached, Runnable> unreached);

    /**
     * Has a region's node answer a call that ran here and was moved there.
     *
     * @param body whole, as it came
     * @param headers puts the POP's own headers on the answer
     * @param ended told what came of it, once
     */
    void resume(
            EdgeCall call,
            GatheredBody body,
            MovedTo to,
            Consumer<MultiMap> headers,
            Consumer<ForwardResult> ended);
}
