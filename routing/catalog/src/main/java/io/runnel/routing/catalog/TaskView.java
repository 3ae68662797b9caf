package io.runnel.routing.catalog;

import io.runnel.exec.task.CodeDigest;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * One task as one origin tells it.
 *
 * @param codes the code of all its versions
 * @param highest the highest version that was ever told of, also of those that are gone
 * @param grants who may call it, beside its owner
 * @param aliases by name
 */
record TaskView(
        Optional<Stamped<TaskRecord>> task,
        SortedMap<Integer, Stamped<VersionRecord>> versions,
        Set<CodeDigest> codes,
        int highest,
        GrantIndex grants,
        Map<String, Stamped<AliasRecord>> aliases) {
    static final TaskView EMPTY =
            new TaskView(
                    Optional.empty(),
                    Collections.emptySortedMap(),
                    Set.of(),
                    0,
                    GrantIndex.EMPTY,
                    Map.of());

    int standing() {
        return task.isPresent() ? 1 : 0;
    }

    boolean isEmpty() {
        return task.isEmpty() && highest == 0 && grants.isEmpty() && aliases.isEmpty();
    }
}
