package io.runnel.routing.placement;

import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;

import java.util.Optional;

/**
 * What somebody wants to call, and how.
 *
 * @param task which task
 * @param named which of its versions
 * @param method the HTTP method, as it came
 * @param source the caller's IP address
 * @param epochMillis when
 * @param key says which calls go together
 * @param route of an API, if it comes by one: {@code GET /orders/{id}}
 */
public record AccessRequest(
        TaskRef task,
        Qualifier named,
        String method,
        String source,
        long epochMillis,
        Key key,
        Optional<String> route) {

    /** Of a task by its name. */
    public AccessRequest(
            TaskRef task,
            Qualifier named,
            String method,
            String source,
            long epochMillis,
            Key key) {
        this(task, named, method, source, epochMillis, key, Optional.empty());
    }

    /** The same of another task, by its name. */
    AccessRequest of(TaskRef other, Qualifier version) {
        return new AccessRequest(other, version, method, source, epochMillis, key);
    }

    /** The same, by a route. */
    AccessRequest by(String other) {
        return new AccessRequest(task, named, method, source, epochMillis, key, Optional.of(other));
    }

    /** Says which calls go together, where some of them go to another version. Pure. */
    @FunctionalInterface
    public interface Key {
        /** The value of this header, if one is named and the call has it; else the call's id. */
        String of(Optional<String> header);
    }
}
