package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Mixin;

import java.util.Map;
import java.util.function.Function;

/** Of which network something is changed, whether that is waited for, and for whom it is told. */
final class ChangeOptions {
    @Mixin private ReadOptions reading;

    @Mixin private WaitOption patience;

    /**
     * Changes it, waits until every node goes by it, and tells it.
     *
     * @param words for people
     * @return what the command ends with
     * @throws ApiException if no region could be reached, or it refused
     */
    int change(
            Shell shell,
            String method,
            String path,
            JsonNode body,
            Function<JsonNode, String> words) {
        return change(shell, method, path, body, Map.of(), words);
    }

    /** The same on conditions, which are headers. */
    int change(
            Shell shell,
            String method,
            String path,
            JsonNode body,
            Map<String, String> conditions,
            Function<JsonNode, String> words) {
        Api api = reading.api(shell);
        Api.Change change = api.change(method, path, body, conditions);
        int end = patience.await(shell, api, change);
        reading.tell(shell, change.answer(), words);
        return end;
    }
}
