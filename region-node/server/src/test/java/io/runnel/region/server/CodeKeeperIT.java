package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.runnel.cluster.replication.CodeFetcher;
import io.runnel.cluster.replication.CodeHandler;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.InternalRoutes;
import io.runnel.cluster.replication.Peer;
import io.runnel.exec.isolate.CodeStore;
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
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.catalog.WrittenLog;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

final class CodeKeeperIT {
    private static final RegionId HOME = new RegionId("eu-west");
    private static final byte[] CODE = {1, 2, 3};

    /** Who publishes its status on arrival says at once that a deploy is done here. */
    @Test
    void tellsOnceTheCodeThatItLackedIsHere(@TempDir Path folder) throws Exception {
        Vertx vertx = Vertx.vertx();
        try (ExecutorService disk = Executors.newVirtualThreadPerTaskExecutor()) {
            CodeStore theirs = new CodeStore(folder.resolve("theirs"));
            CodeDigest digest = theirs.put(CODE);
            Peer peer = serve(vertx, theirs, disk);
            CodeStore ours = new CodeStore(folder.resolve("ours"));
            CatalogHolder catalog = new CatalogHolder(System::nanoTime);
            catalog.apply(recordsOf(digest));
            CodeKeeper keeper =
                    new CodeKeeper(
                            catalog,
                            ours,
                            new CodeFetcher(
                                    new InternalClient(vertx::createHttpClient),
                                    ours,
                                    disk,
                                    CodeFetcher.Settings.DEFAULT,
                                    System::nanoTime),
                            List.of(peer),
                            version -> true,
                            all -> true,
                            task -> {});
            CompletableFuture<FeedPositions> arrived = new CompletableFuture<>();
            keeper.onArrival(
                    () -> {
                        keeper.check();
                        arrived.complete(keeper.held());
                    });

            keeper.check();
            assertEquals(FeedPositions.NONE, keeper.held());

            assertEquals(catalog.current().positions(), arrived.get(30, TimeUnit.SECONDS));
            assertTrue(ours.holds(digest));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    /** What owners keep from nodes like this one it does without, and a deploy is done here. */
    @Test
    void whatIsKeptFromThisNodeIsNotBroughtAndNotWaitedFor(@TempDir Path folder) throws Exception {
        Vertx vertx = Vertx.vertx();
        try (ExecutorService disk = Executors.newVirtualThreadPerTaskExecutor()) {
            CodeStore theirs = new CodeStore(folder.resolve("theirs"));
            CodeDigest digest = theirs.put(CODE);
            CodeStore ours = new CodeStore(folder.resolve("ours"));
            CatalogHolder catalog = new CatalogHolder(System::nanoTime);
            catalog.apply(recordsOf(digest));
            CodeFetcher fetcher =
                    new CodeFetcher(
                            new InternalClient(vertx::createHttpClient),
                            ours,
                            disk,
                            CodeFetcher.Settings.DEFAULT,
                            System::nanoTime);
            CodeKeeper keeper =
                    new CodeKeeper(
                            catalog,
                            ours,
                            fetcher,
                            List.of(serve(vertx, theirs, disk)),
                            version -> false,
                            all -> true,
                            task -> fail("made ready: " + task));

            keeper.check();
            assertEquals(catalog.current().positions(), keeper.held());
            assertEquals(0, fetcher.underWay());
            assertFalse(ours.holds(digest));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatBecomesLiveIsMadeReadyOnce(@TempDir Path folder) throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            CodeStore codes = new CodeStore(folder.resolve("code"));
            CodeDigest digest = codes.put(CODE);
            CatalogHolder catalog = new CatalogHolder(System::nanoTime);
            List<String> ready = new ArrayList<>();
            CodeKeeper keeper =
                    new CodeKeeper(
                            catalog,
                            codes,
                            new CodeFetcher(
                                    new InternalClient(vertx::createHttpClient),
                                    codes,
                                    Runnable::run,
                                    CodeFetcher.Settings.DEFAULT,
                                    System::nanoTime),
                            List.of(),
                            version -> true,
                            all -> true,
                            task -> ready.add(task.ref() + "@" + task.version()));
            WrittenLog log = new WrittenLog(HOME, "LOG", Instant.EPOCH);
            for (String account : List.of("demo", "other")) {
                log.write(new AccountRecord(new AccountId(account), HOME, false));
                log.write(version(account, 1, digest));
                log.write(new TaskRecord(ref(account), 1, 1, false, Optional.empty()));
            }
            catalog.apply(log.records());
            keeper.check();
            assertEquals(Set.of("demo/hello@1", "other/hello@1"), Set.copyOf(ready));
            assertEquals(2, ready.size());

            ready.clear();
            catalog.apply(List.of(log.write(version("demo", 2, digest))));
            keeper.check();
            assertEquals(List.of(), ready, "it is not live");
            catalog.apply(
                    List.of(log.write(new TaskRecord(ref("demo"), 2, 2, false, Optional.empty()))));
            keeper.check();
            assertEquals(List.of("demo/hello@2"), ready);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    private static Peer serve(Vertx vertx, CodeStore codes, ExecutorService disk) throws Exception {
        InternalRoutes routes =
                new InternalRoutes(request -> request.response().setStatusCode(404).end())
                        .on(HttpMethod.GET, CodeHandler.PATH, new CodeHandler(vertx, codes, disk));
        int port =
                vertx.createHttpServer()
                        .requestHandler(routes)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS)
                        .actualPort();
        return new Peer(new RegionId("us-east"), "127.0.0.1", port);
    }

    private static List<FeedRecord> recordsOf(CodeDigest code) {
        WrittenLog log = new WrittenLog(HOME, "LOG", Instant.EPOCH);
        log.write(new AccountRecord(new AccountId("demo"), HOME, false));
        log.write(version("demo", 1, code));
        return log.records();
    }

    private static TaskRef ref(String account) {
        return TaskRef.of(account, "hello");
    }

    private static VersionRecord version(String account, int version, CodeDigest code) {
        Task task =
                new Task(
                        ref(account),
                        version,
                        RuntimeKind.WASM,
                        HandlerKind.HTTP,
                        code,
                        Limits.DEFAULT,
                        Map.of());
        return new VersionRecord(task, new ByteSize(CODE.length), List.of(), Instant.EPOCH);
    }
}
