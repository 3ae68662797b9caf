package io.runnel.cluster.store;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.OutboundHost;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskOptions;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.CatalogRecord;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.RecordJson;
import io.runnel.routing.catalog.SealedLog;
import io.runnel.routing.catalog.TestSeals;
import io.runnel.routing.catalog.VersionRecord;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** What the store's tests share. */
final class StoreFixture {
    static final RegionId WEST = new RegionId("eu-west");
    static final RegionId EAST = new RegionId("us-east");
    static final TaskRef HELLO = TaskRef.of("demo", "hello");
    static final RequestId REQUEST = new RequestId("0".repeat(26));
    static final Instant START = Instant.parse("2026-11-23T10:00:00.123Z");

    /** Another choice than the default in each. */
    static final TaskOptions OPTIONS =
            new TaskOptions(Reuse.KEPT, true, List.of(OutboundHost.parse("*.example.com:8443")));

    private StoreFixture() {}

    static AccountRecord account(String name) {
        return new AccountRecord(new AccountId(name), WEST, false);
    }

    static Draft draft(String name) {
        return Draft.of(account(name));
    }

    /** Version 1 of {@code hello}. */
    static VersionRecord version(TaskOptions options) {
        Task task =
                new Task(
                        HELLO,
                        1,
                        RuntimeKind.WASM,
                        HandlerKind.HTTP,
                        CodeDigest.of(new byte[] {1}),
                        Limits.DEFAULT,
                        Map.of(),
                        options);
        return new VersionRecord(task, ByteSize.ofKiB(3), List.of(), START);
    }

    static TaskLogLine line(TaskRef task, String text) {
        return new TaskLogLine(task, REQUEST, START, "pop/ams", text);
    }

    /** Keeps this catalog as the store is. */
    static StoreListener into(CatalogHolder holder) {
        return new StoreListener() {
            @Override
            public void started(Catalog catalog) {
                holder.install(catalog);
            }

            @Override
            public void added(List<FeedRecord> records) {
                holder.apply(records);
            }

            @Override
            public void replaced(RegionId origin, List<FeedRecord> snapshot) {
                holder.replace(origin, snapshot);
            }
        };
    }

    /** A log of another origin, as it would come over the feed. */
    static final class Peer {
        final List<FeedRecord> written = new ArrayList<>();
        private final SealedLog log;

        Peer(RegionId origin, String log) {
            this.log = new SealedLog(origin, log, TestSeals.ALL::seal);
        }

        FeedRecord write(CatalogRecord record) {
            return write(record.kind().label(), record.key(), RecordJson.write(record));
        }

        FeedRecord write(String kind, String key, String json) {
            FeedRecord record = log.write(kind, key, json, START);
            written.add(record);
            return record;
        }
    }

    static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }

    static <E extends Throwable> E failure(Class<E> type, CompletableFuture<?> future) {
        try {
            await(future);
        } catch (CompletionException e) {
            return type.cast(e.getCause());
        }
        throw new AssertionError("should have failed by " + type.getSimpleName());
    }

    /** Whether what is to be kept does not follow on what is there. */
    static boolean isRefused(CompletableFuture<?> future) {
        try {
            await(future);
            return false;
        } catch (CompletionException e) {
            return e.getCause() instanceof CatalogException;
        }
    }

    static StoreException.Code failure(CompletableFuture<?> future) {
        return failure(StoreException.class, future).code();
    }
}
