package io.runnel.routing.catalog;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One immutable version of a task.
 *
 * @param codeSize of the code
 * @param regions where alone it may run; empty for everywhere
 * @param created when it was published, in milliseconds
 */
public record VersionRecord(Task task, ByteSize codeSize, List<RegionId> regions, Instant created)
        implements CatalogRecord {
    public VersionRecord {
        regions = List.copyOf(regions);
    }

    /** The same, whose calls find fresh memory and leave nothing. */
    public VersionRecord startingFresh() {
        return new VersionRecord(
                task.withOptions(task.options().withReuse(Reuse.FRESH)),
                codeSize,
                regions,
                created);
    }

    /**
     * The same, bound to these regions too; itself if they are none.
     *
     * @return empty if it may run in none of them
     */
    public Optional<VersionRecord> within(List<RegionId> others) {
        if (others.isEmpty()) {
            return Optional.of(this);
        }
        List<RegionId> both =
                regions.isEmpty() ? others : regions.stream().filter(others::contains).toList();
        return both.isEmpty()
                ? Optional.empty()
                : Optional.of(new VersionRecord(task, codeSize, both, created));
    }

    @Override
    public RecordKind kind() {
        return RecordKind.VERSION;
    }

    @Override
    public String key() {
        return key(task.ref(), task.version());
    }

    /** The key of a version: {@code demo/hello@3}. */
    public static String key(TaskRef ref, int version) {
        return ref + "@" + version;
    }
}
