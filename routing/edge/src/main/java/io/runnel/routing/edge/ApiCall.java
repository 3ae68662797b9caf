package io.runnel.routing.edge;

import io.runnel.exec.http.RouteFacts;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.api.Operation;
import io.runnel.routing.catalog.GrantRecord;

import java.util.Map;
import java.util.Optional;

/**
 * By which route of an API a call came.
 *
 * @param name of the API
 * @param stage of the API, or the number of its revision
 * @param revision of the API that this is, as its key: {@code demo/shop@3}
 * @param operation the route
 * @param path the path's parameters, by name, decoded
 * @param member by which grant the API's owner may call the task, where that is another account's
 *     and not everyone's
 */
public record ApiCall(
        TaskRef name,
        String stage,
        String revision,
        Operation operation,
        Map<String, String> path,
        Optional<GrantRecord> member) {
    /** As its guest is told. */
    RouteFacts facts() {
        return new RouteFacts(name.name().value(), stage, operation.key(), path);
    }
}
