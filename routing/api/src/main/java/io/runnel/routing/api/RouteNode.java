package io.runnel.routing.api;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A node in the tree of templates: what the segments so far lead to.
 *
 * @param literals what follows, by its text
 * @param one what follows where any segment is taken
 * @param here the operations of templates that end here, by method
 * @param rest those of templates that take the rest from here
 * @param mostSteps how many nodes a search from here may look at, whatever the path
 */
record RouteNode(
        Map<String, RouteNode> literals,
        Optional<RouteNode> one,
        SortedMap<String, Operation> here,
        SortedMap<String, Operation> rest,
        int mostSteps) {

    /** One that is not finished. */
    static final class Growing {
        private final Map<String, Growing> literals = new HashMap<>();
        private Optional<Growing> one = Optional.empty();
        final Map<String, Operation> here = new HashMap<>();
        final Map<String, Operation> rest = new HashMap<>();

        Growing literal(String text) {
            return literals.computeIfAbsent(text, _ -> new Growing());
        }

        Growing one() {
            if (one.isEmpty()) {
                one = Optional.of(new Growing());
            }
            return one.get();
        }

        RouteNode freeze() {
            Map<String, RouteNode> frozen = new HashMap<>();
            int ofLiterals = 0;
            for (Map.Entry<String, Growing> literal : literals.entrySet()) {
                RouteNode node = literal.getValue().freeze();
                frozen.put(literal.getKey(), node);
                ofLiterals = Math.max(ofLiterals, node.mostSteps());
            }
            Optional<RouteNode> any = one.map(Growing::freeze);
            return new RouteNode(
                    Map.copyOf(frozen),
                    any,
                    sorted(here),
                    sorted(rest),
                    1 + ofLiterals + any.map(RouteNode::mostSteps).orElse(0));
        }

        private static SortedMap<String, Operation> sorted(Map<String, Operation> methods) {
            return Collections.unmodifiableSortedMap(new TreeMap<>(methods));
        }
    }
}
