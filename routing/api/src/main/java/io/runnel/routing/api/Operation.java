package io.runnel.routing.api;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.CallRate;

import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One route of an API.
 *
 * @param method in upper case
 * @param template of its path
 * @param task which task it calls: one of the API's account, a name of that account's own for
 *     another, or another's
 * @param version which of the task's versions
 * @param open whether it is for everybody, without a key
 * @param timeout how long a call may take, where that is less than its task's own limit
 * @param mostBody how large a request's body may be, where that is less than its task's own limit
 * @param throttle how fast calls of it may begin at each node
 * @param cache how its answers are kept, if they are
 * @param parameters what is set in the call, by name, and from where
 * @param checks what is asked of requests
 * @param webhook who signs the requests, if somebody has to
 */
public record Operation(
        String method,
        RouteTemplate template,
        TaskRef task,
        Qualifier version,
        boolean open,
        Optional<Duration> timeout,
        Optional<ByteSize> mostBody,
        Optional<CallRate> throttle,
        Optional<CacheRule> cache,
        SortedMap<String, ParameterSource> parameters,
        RequestChecks checks,
        Optional<WebhookRule> webhook) {
    /** As grants and API Gateway events name it: {@code GET /orders/{id}}. */
    public String key() {
        return method + " " + template;
    }
}
