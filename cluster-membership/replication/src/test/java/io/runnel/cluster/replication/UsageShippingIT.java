package io.runnel.cluster.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.usage.NodeSpools;
import io.runnel.routing.usage.RequestDigest;
import io.runnel.routing.usage.SpoolLimits;
import io.runnel.routing.usage.UsageBatch;
import io.runnel.routing.usage.UsageBatchCodec;
import io.runnel.routing.usage.UsageOutcome;
import io.runnel.routing.usage.UsageRecord;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A POP's usage records on their way to a region, over a socket. */
final class UsageShippingIT {
    private static final RegionId WEST = new RegionId("west");
    private static final RegionId EAST = new RegionId("east");
    private static final NodeName AMS = new NodeName("ams");

    @TempDir private Path folder;
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final Vertx vertx = Vertx.vertx();
    private final Ledger ledger = new Ledger();
    private volatile Optional<Identity> who =
            Optional.of(new Identity.Pop("net", new PopId("ams")));
    private HttpServer server;
    private InternalClient client;
    private NodeSpools spools;
    private UsageSender sender;

    /** A region's ledger in memory: each place of a spool once. */
    private static final class Ledger implements UsageSink {
        private final Set<RequestId> ids = new HashSet<>();
        private long mark;
        private boolean forgetsToAnswer;
        private int batches;

        @Override
        public synchronized CompletionStage<Long> take(UsageBatch batch) {
            batches++;
            for (UsageBatch.Entry entry : batch.entries()) {
                if (entry.place() >= mark) {
                    assertTrue(ids.add(entry.record().id()), "counted twice");
                }
            }
            mark = Math.max(mark, batch.to());
            if (forgetsToAnswer) {
                forgetsToAnswer = false;
                return CompletableFuture.failedFuture(new IllegalStateException("lost"));
            }
            return CompletableFuture.completedFuture(mark);
        }

        private synchronized Set<RequestId> ids() {
            return new HashSet<>(ids);
        }

        private synchronized void forgetToAnswer() {
            forgetsToAnswer = true;
        }
    }

    @BeforeEach
    void open() throws Exception {
        UsageHandler handler = new UsageHandler(vertx, request -> who, ledger);
        server = vertx.createHttpServer().requestHandler(handler);
        Await.get(server.listen(0, "127.0.0.1").toCompletionStage());
        client = new InternalClient((options, pool) -> vertx.createHttpClient(options, pool));
        spools =
                NodeSpools.open(
                        folder,
                        AMS,
                        () -> "%016x".formatted(random.nextLong()),
                        new SpoolLimits(4096, 1 << 20));
        sender = new UsageSender(spools, Map.of(WEST, new HttpUsageSink(client, peers())));
    }

    private List<Peer> peers() {
        return List.of(new Peer(WEST, "127.0.0.1", server.actualPort()));
    }

    @AfterEach
    void close() {
        sender.close();
        client.close();
        Await.get(vertx.close().toCompletionStage());
    }

    private Set<RequestId> add(RegionId home, int count) {
        Set<RequestId> ids = new HashSet<>();
        for (int i = 0; i < count; i++) {
            UsageRecord record = record(home);
            assertTrue(spools.own().add(record));
            ids.add(record.id());
        }
        return ids;
    }

    private UsageRecord record(RegionId home) {
        return new UsageRecord(
                RequestId.next(1, random),
                1,
                new AccountId("beta"),
                Optional.empty(),
                TaskRef.of("acme", "charge"),
                1,
                home,
                StartKind.WARM,
                UsageOutcome.COMPLETED,
                0,
                1,
                1,
                1,
                0,
                0,
                Optional.empty(),
                RequestDigest.NONE);
    }

    @Test
    void everyRecordComesOnceAlsoIfAnAnswerIsLost() {
        Set<RequestId> ids = add(WEST, 20);
        ledger.forgetToAnswer();
        sender.tend();
        assertEquals(ids, ledger.ids(), "seed " + seed);
        assertFalse(spools.own().destinations().isEmpty(), "nobody has said that it came");
        // The sender leaves a region alone for a while; another one begins at once.
        new UsageSender(spools, Map.of(WEST, new HttpUsageSink(client, peers()))).tend();
        assertEquals(ids, ledger.ids(), "seed " + seed);
        assertTrue(spools.own().destinations().isEmpty());
    }

    @Test
    void whatComesWhileABatchIsOnItsWayWaitsForTheNextTime() {
        Set<RequestId> first = add(WEST, 20);
        Set<RequestId> later = new HashSet<>();
        UsageSink busy =
                batch -> {
                    if (ledger.batches < 5) {
                        later.addAll(add(WEST, 1));
                    }
                    return ledger.take(batch);
                };
        UsageSender one = new UsageSender(spools, Map.of(WEST, busy));
        one.tend();
        assertEquals(first, ledger.ids(), "seed " + seed);
        assertEquals(1, ledger.batches);
        assertEquals(1, later.size());
        first.addAll(later);
        one.tend();
        assertEquals(2, ledger.batches);
        assertEquals(first, ledger.ids(), "seed " + seed);
    }

    @Test
    void aRegionThatIsAwayHoldsUpNoOther() {
        add(EAST, 3);
        Set<RequestId> ids = add(WEST, 3);
        Map<RegionId, UsageSink> sinks =
                Map.of(
                        EAST,
                        new HttpUsageSink(client, List.of(new Peer(EAST, "127.0.0.1", 1))),
                        WEST,
                        new HttpUsageSink(client, peers()));
        UsageSender both = new UsageSender(spools, sinks);
        both.tend();
        assertEquals(ids, ledger.ids());
        assertEquals(Set.of(EAST), spools.own().destinations());
    }

    @Test
    void aNodeSpeaksOfItsOwnRunsOnly() {
        who = Optional.of(new Identity.Pop("net", new PopId("lhr")));
        add(WEST, 3);
        sender.tend();
        assertEquals(Set.of(), ledger.ids());
        who = Optional.of(new Identity.Authority("net", WEST));
        assertEquals(403, post(new byte[] {1}));
        who = Optional.empty();
        assertEquals(403, post(new byte[] {1}));
        assertEquals(0, ledger.batches);
    }

    @Test
    void whatIsNoBatchIsRefused() {
        assertEquals(400, post(new byte[0]));
        assertEquals(400, post("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        byte[] good = UsageBatchCodec.encode(batch());
        assertEquals(200, post(good));
        good[good.length / 2] ^= 1;
        assertEquals(400, post(good));
        assertEquals(413, post(new byte[UsageBatchCodec.MOST_BYTES + 1]));
        assertEquals(1, ledger.batches);
    }

    private UsageBatch batch() {
        return new UsageBatch(
                new UsageBatch.Spool(AMS, "0123456789abcdef"),
                0,
                100,
                List.of(new UsageBatch.Entry(5, record(WEST))));
    }

    private int post(byte[] body) {
        HttpClient plain = vertx.createHttpClient();
        return Await.get(
                plain.request(HttpMethod.POST, server.actualPort(), "127.0.0.1", UsageHandler.PATH)
                        .compose(request -> request.send(Buffer.buffer(body)))
                        .map(response -> response.statusCode())
                        .toCompletionStage());
    }
}
