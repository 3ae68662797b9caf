package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.task.TaskRef;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a catalog of many accounts and grants takes, beside the text of its records, and what one
 * more record costs it: {@code CatalogMemory ACCOUNTS TASKS GRANTS}.
 */
public final class CatalogMemory {
    private static final RegionId HOME = new RegionId("eu-west");
    private static final int BATCH = 20_000;
    private static final int TURNS = 2000;
    private static final double MIB = 1 << 20;

    private final WrittenLog log = new WrittenLog(HOME, "log1", Instant.EPOCH);
    private final List<FeedRecord> batch = new ArrayList<>();
    private Catalog catalog = Catalog.EMPTY;
    private long characters;

    private CatalogMemory() {}

    /** Builds it and prints what it took. */
    public static void main(String[] arguments) {
        int accounts = Integer.parseInt(arguments[0]);
        int tasks = Integer.parseInt(arguments[1]);
        int grants = Integer.parseInt(arguments[2]);
        new CatalogMemory().run(accounts, tasks, grants);
    }

    private void run(int accounts, int tasks, int grants) {
        long before = used();
        for (int i = 0; i < accounts; i++) {
            add(new AccountRecord(account(i), HOME, false));
            add(new KeyRecord(key(i), account(i), "%064x".formatted(i * 0x9E3779B97F4A7C15L)));
        }
        for (int i = 0; i < tasks; i++) {
            add(version(i));
            add(new TaskRecord(task(i), 1, 1, false, Optional.empty()));
        }
        for (int i = 0; i < grants; i++) {
            // Each task's go to other accounts, none twice.
            add(grant(i % tasks, (i % tasks + 1 + i / tasks * 37) % accounts, "default"));
        }
        flush();
        double took = (used() - before) / MIB;
        System.out.printf(
                "%d accounts, %d grants: %.0f MiB, %.2f times the %.0f MiB of the records' text%n",
                catalog.accountCount(), grants, took, took / (characters / MIB), characters / MIB);
        oneMore(accounts, tasks);
    }

    private void oneMore(int accounts, int tasks) {
        long[] nanos = new long[TURNS];
        for (int i = 0; i < TURNS; i++) {
            FeedRecord record = log.write(grant(i % tasks, (i % tasks + 1) % accounts, "more" + i));
            long begun = System.nanoTime();
            catalog = catalog.with(List.of(record));
            nanos[i] = System.nanoTime() - begun;
        }
        Arrays.sort(nanos);
        System.out.printf(
                "one more: %.0f us at the median, %.0f us at p99%n",
                nanos[TURNS / 2] / 1e3, nanos[TURNS * 99 / 100] / 1e3);
    }

    private static long used() {
        System.gc();
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void add(CatalogRecord said) {
        FeedRecord record = log.write(said);
        characters += record.record().length();
        batch.add(record);
        if (batch.size() == BATCH) {
            flush();
        }
    }

    private void flush() {
        catalog = catalog.with(batch);
        batch.clear();
        log.forget();
    }

    private static AccountId account(int i) {
        return new AccountId("account-" + i);
    }

    private static TaskRef task(int i) {
        return new TaskRef(account(i), new TaskName("task"));
    }

    private static String key(int i) {
        StringBuilder letters = new StringBuilder();
        for (int left = i; letters.length() < 17; left /= 26) {
            letters.append((char) ('A' + left % 26));
        }
        return "RNL" + letters;
    }

    private static VersionRecord version(int i) {
        Task task =
                new Task(
                        task(i),
                        1,
                        RuntimeKind.WASM,
                        HandlerKind.HTTP,
                        CodeDigest.of(Integer.toString(i).getBytes(StandardCharsets.UTF_8)),
                        Limits.DEFAULT,
                        Map.of());
        return new VersionRecord(task, ByteSize.ofKiB(3), List.of(), Instant.EPOCH);
    }

    private static GrantRecord grant(int task, int grantee, String id) {
        return new GrantRecord(
                task(task),
                Grantee.of(account(grantee)),
                id,
                Qualifier.NONE,
                GrantRecord.Effect.ALLOW,
                false,
                GrantRecord.Placement.CALLER,
                GrantTerms.NONE);
    }
}
