package io.runnel.exec.microvm;

import io.runnel.exec.task.RequestId;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The calls that run in a node's machines. Safe for any thread. */
final class Executions {
    private final Map<RequestId, Execution> running = new ConcurrentHashMap<>();

    void began(Execution execution) {
        running.put(execution.call().id(), execution);
    }

    void ended(Execution execution) {
        running.remove(execution.call().id(), execution);
    }

    Optional<Execution> find(RequestId call) {
        return Optional.ofNullable(running.get(call));
    }

    Collection<Execution> all() {
        return running.values();
    }
}
