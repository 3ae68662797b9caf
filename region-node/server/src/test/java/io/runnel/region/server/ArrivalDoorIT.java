package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.Peer;
import io.runnel.cluster.replication.PeerMoveLink;
import io.runnel.exec.isolate.CodeBringer;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.isolate.MoveLink;
import io.runnel.exec.isolate.RunnerSettings;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.microvm.MachineMoves;
import io.runnel.exec.microvm.MicrovmFolders;
import io.runnel.exec.microvm.MicrovmRuntime;
import io.runnel.exec.microvm.MoveOffer;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.MoveId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Catalog;
import io.runnel.topology.TopologyReader;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What a node says to others that bring it calls, and what it does not take. */
final class ArrivalDoorIT {
    private static final MoveId ID = new MoveId("ab".repeat(16));
    private static final String TOPOLOGY =
            """
            network: test
            regions:
              - name: west
                registry: true
                location: {lat: 1, lon: 1}
                nodes:
                  - {name: west-1, listen: 127.0.0.1:1, internal: 127.0.0.1:2, cluster: 127.0.0.1:3, admin: 127.0.0.1:4, slots: 1, memory: 256MiB}
            """;

    @TempDir private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private TaskRunner runner;
    private MicrovmRuntime runtime;
    private InternalClient client;
    private MoveLink link;

    @BeforeEach
    void open() throws Exception {
        runtime =
                new MicrovmRuntime(
                        new MicrovmFolders(
                                folder.resolve("w"), folder.resolve("k"), folder.resolve("i")),
                        InstantSource.system(),
                        System::nanoTime,
                        new SecureRandom(),
                        address -> false);
        client = new InternalClient(vertx::createHttpClient);
        link = linkTo(Optional.of(runtime.moves()));
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        runner.close();
        runtime.close();
    }

    private MoveLink linkTo(Optional<MachineMoves> moves) throws Exception {
        CodeStore codes = new CodeStore(folder.resolve("code"));
        if (runner == null) {
            runner =
                    new TaskRunner(
                            new RunnerSettings(1, ByteSize.ofMiB(256), 2, Duration.ofSeconds(20)),
                            List.of(),
                            codes,
                            System::nanoTime);
        }
        ArrivalDoor door =
                new ArrivalDoor(
                        vertx,
                        moves,
                        new RegionFit(
                                TopologyReader.parse(TOPOLOGY).regions().getFirst(),
                                version -> true),
                        () -> Catalog.EMPTY,
                        runner,
                        codes,
                        CodeBringer.NONE);
        HttpServer server =
                vertx.createHttpServer()
                        .requestHandler(request -> enter(door, request))
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS);
        return new PeerMoveLink(
                client, new Peer(new RegionId("west"), "127.0.0.1", server.actualPort()));
    }

    private static void enter(ArrivalDoor door, HttpServerRequest request) {
        if (request.method().equals(HttpMethod.POST)) {
            door.offer(request);
        } else if (request.method().equals(HttpMethod.PATCH)) {
            door.bring(request);
        } else if (request.method().equals(HttpMethod.PUT)) {
            door.goOn(request);
        } else {
            door.drop(request);
        }
    }

    private static byte[] offer() throws IOException {
        return new MoveOffer(
                        TaskRef.of("demo", "unknown"),
                        1,
                        CodeDigest.of(new byte[0]),
                        Map.of("qemu", "7.2"))
                .toJson();
    }

    private String refusal(byte[] offer) {
        return assertThrows(IOException.class, () -> link.offer(ID, offer)).getMessage();
    }

    private String refusal(MoveLink.Sending sending) {
        return assertThrows(IOException.class, () -> link.bring(ID, sending)).getMessage();
    }

    @Test
    void aVersionThatItDoesNotKnowIsNotTaken() throws Exception {
        String said = refusal(offer());
        assertTrue(said.contains("that version is not known there"), said);
        assertTrue(refusal(out -> out.write(7)).contains("it is not expected there"));
    }

    @Test
    void whatIsNoOfferIsNotTaken() {
        String tooLong = refusal(new byte[MoveOffer.MOST_BYTES + 1]);
        assertTrue(tooLong.contains("more than 16384 bytes"), tooLong);
        for (String bad : List.of("", "{]", "{}", "[]")) {
            String said = refusal(bad.getBytes(UTF_8));
            assertTrue(said.contains("answered 409"), said);
        }
    }

    @Test
    void whoBreaksOffOftenIsStillHeard() throws Exception {
        for (int i = 0; i < 20; i++) {
            String said =
                    refusal(
                            out -> {
                                out.write(new byte[100_000]);
                                throw new IOException("the link is cut");
                            });
            assertTrue(said.contains("the link is cut") || said.contains("expected"), said);
        }
        String last = refusal(offer());
        assertTrue(last.contains("not known") || last.contains("too many"), last);
    }

    @Test
    void nothingGoesOnThatIsNotThere() throws Exception {
        assertFalse(link.goOn(ID, new byte[] {'{', '}'}));
        link.drop(ID);
        assertFalse(link.goOn(ID, new byte[0]));
        String tooMuch =
                assertThrows(IOException.class, () -> link.offer(ID, new byte[4 << 20]))
                        .getMessage();
        assertTrue(tooMuch.contains("the other node"), tooMuch);
    }

    @Test
    void aNodeWithoutMachinesTakesNone() throws Exception {
        MoveLink other = linkTo(Optional.empty());
        IOException refused = assertThrows(IOException.class, () -> other.offer(ID, offer()));
        assertTrue(refused.getMessage().contains("no machines"), refused.getMessage());
        assertThrows(IOException.class, () -> other.goOn(ID, new byte[0]));
    }
}
