package io.runnel.region.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One call that an API's document shows by its examples, or why it shows none.
 *
 * @param route {@code GET /orders/{id}}
 * @param open whether it is made without a key
 * @param path with its query, as it stands in a URL
 * @param headers by their names
 * @param body with its media type, if there is one
 * @param statuses that the document declares: {@code 200}, {@code 4XX}, {@code default}; empty for
 *     none
 * @param skipped why it cannot be made; empty if it can
 */
record ApiExample(
        String route,
        boolean open,
        String path,
        Map<String, String> headers,
        Optional<Body> body,
        Set<String> statuses,
        Optional<String> skipped) {
    /** What is sent. */
    record Body(String type, String text) {}

    ApiExample {
        headers = Map.copyOf(headers);
        statuses = Set.copyOf(statuses);
    }

    static ApiExample skipped(String route, String why) {
        return new ApiExample(
                route, false, "", Map.of(), Optional.empty(), Set.of(), Optional.of(why));
    }

    String method() {
        return route.substring(0, route.indexOf(' '));
    }

    /**
     * Whether an answer is one that the document declares; if it declares none, that it is good.
     */
    boolean expects(int status) {
        if (statuses.isEmpty()) {
            return status < 400;
        }
        boolean isDeclared =
                List.of("%d".formatted(status), status / 100 + "XX").stream()
                        .anyMatch(statuses::contains);
        // What is said of any other answer says nothing of failures of the network.
        return isDeclared || (statuses.contains("default") && status < 500);
    }
}
