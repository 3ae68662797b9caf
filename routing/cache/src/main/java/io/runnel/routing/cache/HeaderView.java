package io.runnel.routing.cache;

import java.util.List;
import java.util.Optional;

/** The headers of a message; names are case-insensitive. */
@FunctionalInterface
public interface HeaderView {
    /**
     * The values of all lines of this name, as they came and in that order; none if there is no
     * such line.
     */
    List<String> all(String name);

    /** The value of the only line of this name; empty if there is none or more than one. */
    default Optional<String> only(String name) {
        List<String> values = all(name);
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }
}
