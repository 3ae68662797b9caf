package io.runnel.routing.catalog;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Task;

import java.time.Instant;
import java.util.List;

/**
 * One immutable version of a task.
 *
 * @param codeSize of the code
 * @param regions where alone it may run; empty for everywhere
 */
public record VersionRecord(Task task, ByteSize codeSize, List<RegionId> regions, Instant created) {
    public VersionRecord {
        regions = List.copyOf(regions);
    }
}
