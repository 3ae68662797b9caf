package io.runnel.routing.edge;

import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Problem;
import io.runnel.exec.task.TaskRef;

import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Lets so many calls of a task pass at once as its owner says. Each node counts what users call it
 * for; what another node of ours sends on was counted there. For any event loop; never blocks.
 */
final class TaskGate implements Consumer<EdgeCall> {
    private final Consumer<EdgeCall> next;

    /** Of tasks that are, or were, limited. */
    private final Map<TaskRef, AtomicInteger> underWay = new ConcurrentHashMap<>();

    /**
     * A gate before a node's calls.
     *
     * @param next takes the calls that may pass
     */
    TaskGate(Consumer<EdgeCall> next) {
        this.next = next;
    }

    @Override
    public void accept(EdgeCall call) {
        OptionalInt most = call.counts() ? call.atOnce() : OptionalInt.empty();
        if (most.isPresent()) {
            accept(call, most.getAsInt());
        } else {
            next.accept(call);
        }
    }

    private void accept(EdgeCall call, int most) {
        AtomicInteger count = underWay.computeIfAbsent(call.ref(), none -> new AtomicInteger());
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            refuse(call, most);
        } else {
            call.exchange().whenFinished(count::decrementAndGet);
            next.accept(call);
        }
    }

    private static void refuse(EdgeCall call, int most) {
        Problem problem =
                Problem.of(ErrorCode.RATE_LIMITED)
                        .withDetail(
                                "Of the task %s %d calls may be under way at once at each node."
                                        .formatted(call.ref(), most));
        call.turnAway(problem);
    }
}
