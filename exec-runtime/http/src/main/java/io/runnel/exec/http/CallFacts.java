package io.runnel.exec.http;

import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Mobility;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Task;
import io.vertx.core.MultiMap;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

/**
 * What a node decided about one call, before it runs here.
 *
 * @param secrets variables that the guest sees beside the task's own
 * @param rest what follows the task's or the API's name in the path, as it came; empty for the
 *     Lambda call
 * @param route by which it came, if by one of an API
 * @param parameters what is set in it, whatever it says itself
 * @param deadlineNanos when the call must be over, on the node's nano clock
 * @param headers puts the node's own headers ({@code Runnel-Ran-At}, {@code Runnel-Placed}, ...) on
 *     the answer; called on the event loop, once, also when the call fails; told how the guest
 *     ended if it has already
 * @param log takes the guest's standard error, on its slot's thread
 * @param meter told how the guest ended, and how many bytes of the request had come, before the
 *     last byte of its answer leaves; never of a call that got no slot. Any thread
 * @param mobility whether it may be moved while it runs, or was
 * @param moved told, on the event loop, where the call goes on that was moved: nothing else of this
 *     is called then
 * @param onEnd told how the call ended, on the event loop, after the answer was handed over
 */
public record CallFacts(
        Task task,
        Map<String, String> secrets,
        Caller caller,
        Origin origin,
        String rest,
        Optional<RouteFacts> route,
        SetParameters parameters,
        long deadlineNanos,
        BiConsumer<MultiMap, Optional<Outcome>> headers,
        OutputSink log,
        ObjLongConsumer<Outcome> meter,
        Mobility mobility,
        Consumer<Outcome.Moved> moved,
        Consumer<Outcome> onEnd) {
    /** The variables of its owner. */
    Map<String, String> variables() {
        Map<String, String> all =
                LinkedHashMap.newLinkedHashMap(
                        task.environment().size() + secrets.size() + CgiRequest.USUAL_VARIABLES);
        all.putAll(task.environment());
        all.putAll(secrets);
        return all;
    }
}
