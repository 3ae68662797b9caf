package io.runnel.routing.catalog;

import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.TaskRef;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An API of an account: routes that lead to tasks, as revisions of a document, and which of them
 * its users get (US10203990). Its name is one that no task and no alias of the account has, so that
 * grants, keys and agreements speak of it as they do of a task.
 *
 * @param name by which it is called: {@code /api/demo/shop}
 * @param newest the highest revision that was ever made
 * @param stages by name: those that users call, and others before them
 */
public record ApiRecord(TaskRef name, int newest, SortedMap<String, ApiStage> stages)
        implements CatalogRecord {
    /** The stage that is called where none is named. */
    public static final String LIVE = "live";

    /** The most stages of one. */
    public static final int MOST_STAGES = 8;

    /** With stages in any order. */
    public ApiRecord(TaskRef name, int newest, Map<String, ApiStage> stages) {
        this(name, newest, new TreeMap<>(stages));
    }

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if a stage has no name or a revision that there never was,
     *     or there are too many
     */
    public ApiRecord {
        stages = Collections.unmodifiableSortedMap(new TreeMap<>(stages));
        int most = newest;
        if (newest < 1 || stages.values().stream().anyMatch(it -> it.highest() > most)) {
            throw new IllegalArgumentException("a stage has a revision that there never was");
        }
        if (stages.size() > MOST_STAGES || !stages.keySet().stream().allMatch(Qualifier::isAlias)) {
            throw new IllegalArgumentException(
                    "stages must be at most %d, each 1 to 63 of A-Z, a-z, 0-9, - and _"
                            .formatted(MOST_STAGES));
        }
    }

    /** Which revision is meant by what stands behind the name; empty if there is no such stage. */
    public Optional<Integer> revision(Qualifier named) {
        if (named.version() > 0) {
            return Optional.of(named.version());
        }
        String stage = named.alias().isEmpty() ? LIVE : named.alias();
        return Optional.ofNullable(stages.get(stage)).map(ApiStage::revision);
    }

    /** Whether a stage has this revision, or goes back to it when it is rolled back. */
    public boolean isHeld(int revision) {
        return stages.values().stream()
                .anyMatch(it -> it.revision() == revision || it.before() == revision);
    }

    /** The same with one more revision. */
    public ApiRecord withNext() {
        return new ApiRecord(name, newest + 1, stages);
    }

    /** The same with this revision in a stage. */
    public ApiRecord with(String stage, int revision) {
        Map<String, ApiStage> all = new TreeMap<>(stages);
        all.merge(stage, ApiStage.of(revision), (was, next) -> was.next(revision));
        return new ApiRecord(name, newest, all);
    }

    /** The same with another state of a stage. */
    public ApiRecord with(String stage, ApiStage state) {
        Map<String, ApiStage> all = new TreeMap<>(stages);
        all.put(stage, state);
        return new ApiRecord(name, newest, all);
    }

    /** The same without a stage. */
    public ApiRecord without(String stage) {
        Map<String, ApiStage> all = new TreeMap<>(stages);
        all.remove(stage);
        return new ApiRecord(name, newest, all);
    }

    @Override
    public RecordKind kind() {
        return RecordKind.API;
    }

    /** {@code demo/shop}. */
    @Override
    public String key() {
        return name.toString();
    }
}
