package io.runnel.routing.api;

import java.util.List;
import java.util.Optional;

/**
 * An API as its document says, ready to find routes in. Immutable; any thread.
 *
 * @param title the document's
 * @param operations in the document's order
 * @param cors which pages of other origins may call it, if any
 * @param routes the operations by their methods and templates
 */
public record Api(
        String title, List<Operation> operations, Optional<CorsRule> cors, RouteTable routes) {
    /** The most characters of a document, as JSON without blanks. */
    public static final int MOST_CHARACTERS = 192 * 1024;

    /** The most operations of one. */
    public static final int MOST_OPERATIONS = 1_000;
}
