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
import io.runnel.routing.catalog.HashChain;
import io.runnel.routing.catalog.Position;
import io.runnel.routing.catalog.RecordJson;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A catalog that grows as a region's would, by records of the feed. */
final class CatalogOf {
    final RegionId home;
    private Position head = Position.start("log1");
    private Catalog catalog = Catalog.EMPTY;

    CatalogOf(String home) {
        this.home = new RegionId(home);
    }

    Catalog catalog() {
        return catalog;
    }

    CatalogOf account(String name) {
        return add(RecordKind.ACCOUNT, name, new AccountRecord(new AccountId(name), home, false));
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
        add(
                RecordKind.VERSION,
                ref + "@1",
                new VersionRecord(task, ByteSize.ofKiB(1), List.of(), Instant.EPOCH));
        return add(RecordKind.TASK, ref.toString(), new TaskRecord(ref, 1, 1, everyone, maxStale));
    }

    private CatalogOf add(RecordKind kind, String key, CatalogRecord record) {
        var next =
                HashChain.next(
                        home, head, Instant.EPOCH, kind.label(), key, RecordJson.write(record));
        catalog = catalog.with(List.of(next));
        head = Position.of(next);
        return this;
    }
}
