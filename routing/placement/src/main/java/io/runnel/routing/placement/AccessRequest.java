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
 */
public record AccessRequest(
        TaskRef task, Qualifier named, String method, String source, long epochMillis, Key key) {

    /** The same of another task. */
    AccessRequest of(TaskRef other, Qualifier version) {
        return new AccessRequest(other, version, method, source, epochMillis, key);
    }

    /** Says which calls go together, where some of them go to another version. Pure. */
    @FunctionalInterface
    public interface Key {
        /** The value of this header, if one is named and the call has it; else the call's id. */
        String of(Optional<String> header);
    }
}
