package io.runnel.routing.api;

import java.util.Map;
import java.util.SortedSet;

/** What a request's method and path lead to. */
public sealed interface RouteMatch {
    /**
     * An operation.
     *
     * @param parameters of the path, by name, decoded
     */
    record Found(Operation operation, Map<String, String> parameters) implements RouteMatch {}

    /**
     * The path is one of the API's, but not for this method.
     *
     * @param allowed the methods that it is for
     */
    record OtherMethod(SortedSet<String> allowed) implements RouteMatch {}

    /** No route. */
    record None() implements RouteMatch {}
}
