package io.runnel.exec.http;

import java.util.Map;

/**
 * By which route of an API a call came, as its guest is told.
 *
 * @param api the API's name, without its account
 * @param stage of the API, or the number of its revision
 * @param key of the route: {@code GET /orders/{id}}
 * @param parameters of the path, by name, decoded
 */
public record RouteFacts(String api, String stage, String key, Map<String, String> parameters) {
    /** The map is copied. */
    public RouteFacts {
        parameters = Map.copyOf(parameters);
    }
}
