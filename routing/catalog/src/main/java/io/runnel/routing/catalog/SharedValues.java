package io.runnel.routing.catalog;

import java.util.HashMap;
import java.util.Map;

/**
 * One of each value that a batch of records names: of a million grants most name the same accounts,
 * and each record that is read brings its own. Not safe for several threads.
 */
final class SharedValues {
    private final Map<Object, Object> values = new HashMap<>();

    /** The first that was equal to this. */
    @SuppressWarnings("unchecked") // Equal values are of one type.
    <T> T of(T value) {
        Object known = values.putIfAbsent(value, value);
        return known == null || known.getClass() != value.getClass() ? value : (T) known;
    }
}
