package io.runnel.region.server;

import io.runnel.exec.durable.EventEnd;
import io.runnel.exec.durable.EventStore;
import io.runnel.exec.durable.EventWitness;
import io.runnel.exec.durable.KeptEvent;
import io.runnel.routing.edge.LocalCalls.TaskLog;
import io.runnel.routing.journal.NodeMeters;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts how events end, and tells a task's owner by its log of those that are given up. Any
 * thread; never blocks.
 */
final class EventTally implements EventWitness {
    private final TaskLog log;
    private final Map<EventEnd, LongAdder> ended = new EnumMap<>(EventEnd.class);
    private final AtomicLong queued = new AtomicLong();

    EventTally(TaskLog log) {
        this.log = log;
        for (EventEnd end : EventEnd.values()) {
            ended.put(end, new LongAdder());
        }
    }

    @Override
    public void ended(KeptEvent event, EventEnd end, EventStore.Ended kept) {
        if (kept == EventStore.Ended.LOST) {
            return;
        }
        ended.get(end).increment();
        if (end != EventEnd.SUCCESS) {
            tell(event, "event %s given up: %s".formatted(event.id(), end.sentence()));
        }
        if (kept == EventStore.Ended.WITHOUT_LETTER) {
            tell(event, "event %s: no room to tell of its end".formatted(event.id()));
        }
    }

    private void tell(KeptEvent event, String text) {
        log.line(event.task(), event.id(), "[runnel] " + text);
    }

    /** So many wait in the region. */
    void queued(long events) {
        queued.set(events);
    }

    /** Adds the numbers to a node's. */
    void register(NodeMeters meters) {
        meters.gauge(
                "runnel.events.queued",
                "Events of the region that are not over",
                queued,
                AtomicLong::get);
        ended.forEach(
                (end, count) ->
                        meters.counter(
                                "runnel.events.ended",
                                "Events that ended at this node",
                                "outcome",
                                end.label(),
                                count,
                                LongAdder::sum));
    }
}
