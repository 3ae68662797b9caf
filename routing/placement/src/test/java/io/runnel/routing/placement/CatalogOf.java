package io.runnel.routing.placement;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogRecord;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.catalog.WrittenLog;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A catalog that grows as a region's would, by records of the feed. */
final class CatalogOf {
    final RegionId home;
    private final WrittenLog log;
    private Catalog catalog = Catalog.EMPTY;

    CatalogOf(String home) {
        this.home = new RegionId(home);
        this.log = new WrittenLog(this.home, "log1", Instant.EPOCH);
    }

    Catalog catalog() {
        return catalog;
    }

    CatalogOf account(String name) {
        return add(new AccountRecord(new AccountId(name), home, false));
    }

    CatalogOf task(TaskRef ref, boolean everyone, Optional<Duration> maxStale) {
        var task =
                new Task(
                        ref,
                        1,
                        RuntimeKind.WASM,
                        HandlerKind.HTTP,
                        CodeDigest.of(new byte[] {1}),
                        Limits.DEFAULT,
                        Map.of());
        add(new VersionRecord(task, ByteSize.ofKiB(1), List.of(), Instant.EPOCH));
        return add(new TaskRecord(ref, 1, 1, everyone, maxStale));
    }

    private CatalogOf add(CatalogRecord record) {
        catalog = catalog.with(List.of(log.write(record)));
        return this;
    }
}
