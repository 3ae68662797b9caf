package io.runnel.routing.placement;

import io.runnel.exec.task.TaskRef;

/**
 * What somebody wants to call, and how.
 *
 * @param task which task
 * @param version which of its versions; 0 for the one that is live
 * @param method the HTTP method, as it came
 * @param source the caller's IP address
 * @param epochMillis when
 */
public record AccessRequest(
        TaskRef task, int version, String method, String source, long epochMillis) {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the version is negative
     */
    public AccessRequest {
        if (version < 0) {
            throw new IllegalArgumentException("version must not be negative: " + version);
        }
    }
}
