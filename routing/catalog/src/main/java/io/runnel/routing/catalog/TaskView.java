package io.runnel.routing.catalog;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One task as one origin tells it.
 *
 * @param highest the highest version that was ever told of, also of those that are gone
 */
record TaskView(
        Optional<Stamped<TaskRecord>> task,
        SortedMap<Integer, Stamped<VersionRecord>> versions,
        int highest) {
    static final TaskView EMPTY = new TaskView(Optional.empty(), Collections.emptySortedMap(), 0);

    boolean isEmpty() {
        return task.isEmpty() && highest == 0;
    }
}
