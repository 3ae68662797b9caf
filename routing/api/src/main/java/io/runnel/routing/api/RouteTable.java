package io.runnel.routing.api;

import io.runnel.routing.api.RouteTemplate.Segment;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An API's operations, to find the one that a request is for. Immutable; any thread.
 *
 * <p>The most specific path wins, decided from the left: a literal before {@code {x}} before {@code
 * {rest+}}. The path is chosen first, its method then, as OpenAPI 3.1 has it: with {@code /a/me}
 * for GET and {@code /a/{x}} for DELETE no {@code DELETE /a/me} is found. {@code HEAD} is answered
 * by {@code GET} where there is none of its own.
 *
 * <p>The templates are a tree of segments, and a search goes back where the more specific branch
 * ended in nothing. How often that may be is counted when the table is made: at each node the most
 * of any literal's branch and that of the parameter add up, whatever path comes. A table where that
 * is more than {@link #MOST_STEPS_A_SEGMENT} for each segment of its longest template is refused,
 * so that a search is linear in the table's depth.
 */
public final class RouteTable {
    /** The most nodes that a search may look at, for each segment of the longest template. */
    public static final int MOST_STEPS_A_SEGMENT = 16;

    private static final RouteMatch NONE = new RouteMatch.None();

    private final RouteNode root;

    private RouteTable(RouteNode root) {
        this.root = root;
    }

    /**
     * Of these operations.
     *
     * @throws IllegalArgumentException if two of them are for the same requests, or a search could
     *     take too long
     */
    public static RouteTable of(List<Operation> operations) {
        Builder builder = new Builder();
        for (Operation operation : operations) {
            builder.add(operation)
                    .ifPresent(
                            other -> {
                                throw new IllegalArgumentException(
                                        "%s matches the same as %s"
                                                .formatted(operation.key(), other.key()));
                            });
        }
        return builder.build();
    }

    /**
     * Finds the operation that a request is for.
     *
     * @param method as the request has it; methods are told apart by case
     * @param path as it came, still encoded, without its query
     */
    public RouteMatch find(String method, String path) {
        Optional<List<String>> segments = RequestPath.segments(path);
        if (segments.isEmpty()) {
            return NONE;
        }
        SortedMap<String, Operation> methods = new Search(segments.get()).from(root, 0);
        if (methods.isEmpty()) {
            return NONE;
        }
        boolean byGet = method.equals("HEAD") && !methods.containsKey("HEAD");
        Operation operation = methods.get(byGet ? "GET" : method);
        return operation == null
                ? new RouteMatch.OtherMethod(allowed(methods))
                : new RouteMatch.Found(operation, parameters(operation.template(), segments.get()));
    }

    private static SortedSet<String> allowed(SortedMap<String, Operation> methods) {
        SortedSet<String> allowed = new TreeSet<>(methods.keySet());
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        return allowed;
    }

    private static Map<String, String> parameters(RouteTemplate template, List<String> segments) {
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < template.segments().size(); i++) {
            switch (template.segments().get(i)) {
                case Segment.Literal _ -> {}
                case Segment.One(String name) -> parameters.put(name, segments.get(i));
                case Segment.Rest(String name) ->
                        parameters.put(
                                name, String.join("/", segments.subList(i, segments.size())));
            }
        }
        return Map.copyOf(parameters);
    }

    /** How many nodes a search for this path looks at: for tests. */
    int steps(String path) {
        Search search = new Search(RequestPath.segments(path).orElseThrow());
        search.from(root, 0);
        return search.steps;
    }

    /** The most that any search may look at. */
    int mostSteps() {
        return root.mostSteps();
    }

    /** One search. */
    private static final class Search {
        private static final SortedMap<String, Operation> NOTHING = new TreeMap<>();

        private final List<String> segments;
        private int steps;

        Search(List<String> segments) {
            this.segments = segments;
        }

        /** The methods of the most specific template below a node; empty if none matches. */
        SortedMap<String, Operation> from(RouteNode node, int at) {
            steps++;
            if (at == segments.size()) {
                return node.here();
            }
            String segment = segments.get(at);
            RouteNode literal = node.literals().get(segment);
            SortedMap<String, Operation> found = literal == null ? NOTHING : from(literal, at + 1);
            if (!found.isEmpty() || segment.isEmpty()) {
                return found;
            }
            if (node.one().isPresent()) {
                found = from(node.one().get(), at + 1);
            }
            return found.isEmpty() ? node.rest() : found;
        }
    }

    /** Gathers operations. One thread. */
    static final class Builder {
        private final RouteNode.Growing root = new RouteNode.Growing();
        private int depth;

        /**
         * Adds one.
         *
         * @return what is already there for the same requests; then nothing was added
         */
        Optional<Operation> add(Operation operation) {
            RouteNode.Growing node = root;
            Map<String, Operation> methods = node.here;
            for (Segment segment : operation.template().segments()) {
                switch (segment) {
                    case Segment.Literal(String text) -> {
                        node = node.literal(text);
                        methods = node.here;
                    }
                    case Segment.One _ -> {
                        node = node.one();
                        methods = node.here;
                    }
                    case Segment.Rest _ -> methods = node.rest;
                }
            }
            depth = Math.max(depth, operation.template().segments().size());
            return Optional.ofNullable(methods.putIfAbsent(operation.method(), operation));
        }

        /**
         * The table.
         *
         * @throws IllegalArgumentException if a search could take too long
         */
        RouteTable build() {
            RouteNode frozen = root.freeze();
            if (frozen.mostSteps() > MOST_STEPS_A_SEGMENT * (depth + 1)) {
                throw new IllegalArgumentException(
                        "too many paths differ only in which of their segments are parameters");
            }
            return new RouteTable(frozen);
        }
    }
}
