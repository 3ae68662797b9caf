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
import io.runnel.routing.catalog.AccountState;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogRecord;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.KeyRecord;
import io.runnel.routing.catalog.KeyRights;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.catalog.WrittenLog;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
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

    List<FeedRecord> records() {
        return log.records();
    }

    Catalog catalog() {
        return catalog;
    }

    CatalogOf account(String name) {
        return add(new AccountRecord(new AccountId(name), home, false));
    }

    /** An account as its home says it. */
    CatalogOf account(String name, RegionId itsHome, AccountState state) {
        return add(new AccountRecord(new AccountId(name), itsHome, false).with(state));
    }

    /** A key of an account, as {@link #keyOf} names it. */
    CatalogOf key(String account, KeyRights rights) {
        String digest = "0".repeat(64);
        return add(new KeyRecord(keyOf(account), new AccountId(account), digest, rights));
    }

    static String keyOf(String account) {
        String letters = account.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]", "");
        return "RNL" + (letters + "A".repeat(17)).substring(0, 17);
    }

    CatalogOf task(TaskRef ref, boolean everyone, Optional<Duration> maxStale) {
        version(ref, 1);
        return add(new TaskRecord(ref, 1, 1, everyone, maxStale));
    }

    private static Task task(TaskRef ref, int version) {
        return new Task(
                ref,
                version,
                RuntimeKind.WASM,
                HandlerKind.HTTP,
                CodeDigest.of(new byte[] {1}),
                Limits.DEFAULT,
                Map.of());
    }

    /** Another version of a task, which is not live. */
    CatalogOf version(TaskRef ref, int number) {
        return add(
                new VersionRecord(task(ref, number), ByteSize.ofKiB(1), List.of(), Instant.EPOCH));
    }

    CatalogOf add(CatalogRecord record) {
        catalog = catalog.with(List.of(log.write(record)));
        return this;
    }
}
