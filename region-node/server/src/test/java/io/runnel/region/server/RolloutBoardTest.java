package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.Rollout;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.Position;
import io.runnel.topology.NetworkView;
import io.runnel.topology.NodeStatus;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class RolloutBoardTest {
    private static final RegionId WEST = new RegionId("eu-west");
    private static final NodeName AMS = new NodeName("ams");
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");
    private static final String OURS = "a".repeat(64);
    private static final String LOST = "b".repeat(64);
    private static final Topology TOPOLOGY =
            TopologyReader.parse(
                    """
                    network: demo
                    regions:
                      - name: eu-west
                        registry: true
                        location: {lat: 53.35, lon: -6.26}
                        store: sqlite
                        nodes:
                          - {name: eu-west-1, zone: a, listen: 127.0.0.1:9081, internal: 127.0.0.1:9181, cluster: 127.0.0.1:9281, admin: 127.0.0.1:9381, slots: 8, memory: 1GiB}
                    pops:
                      - name: ams
                        location: {lat: 52.37, lon: 4.90}
                        listen: 127.0.0.1:8081
                        admin: 127.0.0.1:8181
                        region: eu-west
                        failover: []
                        slots: 4
                        memory: 1GiB
                        restrictions: {maxMemory: 256MiB, maxDuration: 30s, runtimes: [wasm]}
                    links: []
                    """);

    private Position own = new Position("LOG", 7, OURS);
    private NetworkView view = NetworkView.EMPTY;
    private long now;
    private final RolloutBoard board =
            new RolloutBoard(
                    TOPOLOGY, () -> new FeedPositions(Map.of(WEST, own)), () -> view, () -> now);

    private Rollout.State ofAms(Position said) {
        board.started(new Rollout.Publication(HELLO, 1, WEST, new Position("LOG", 7, OURS)));
        view = new NetworkView(Map.of(AMS, status(new FeedPositions(Map.of(WEST, said)))));
        return ams(board.report(HELLO, 1).orElseThrow());
    }

    private static Rollout.State ams(List<Rollout.Place> places) {
        return places.stream()
                .filter(place -> place.place().equals("pop/ams"))
                .findFirst()
                .orElseThrow()
                .state();
    }

    private static NodeStatus status(FeedPositions positions) {
        return new NodeStatus(
                AMS,
                NodeStatus.Role.POP,
                Optional.of(WEST),
                NodeStatus.State.READY,
                4,
                4,
                ByteSize.ofMiB(1024),
                ByteSize.ofMiB(1024),
                List.of(),
                0,
                0,
                positions.format(),
                List.of(),
                Instant.EPOCH);
    }

    @Test
    void aPopThatIsThereIsDone() {
        assertEquals(Rollout.State.WAITING, ofAms(new Position("LOG", 6, OURS)));
        assertEquals(Rollout.State.DONE, ofAms(new Position("LOG", 7, OURS)));
        assertEquals(Rollout.State.DONE, ofAms(new Position("LOG", 7, Position.NO_HASH)));
        own = new Position("LOG", 9, OURS);
        assertEquals(Rollout.State.DONE, ofAms(new Position("LOG", 8, OURS)));
    }

    @Test
    void howFarALogHasComeIsToldOfAnyPlaceInIt() {
        assertEquals(Rollout.State.WAITING, ofAms(new Position("LOG", 6, OURS)));
        assertEquals(Rollout.State.DONE, ams(board.report(WEST, at("LOG", 6))));
        assertEquals(Rollout.State.WAITING, ams(board.report(WEST, at("LOG", 7))));
        assertEquals(Rollout.State.WAITING, ams(board.report(WEST, at("GOL", 6))));
        view = NetworkView.EMPTY;
        assertEquals(Rollout.State.UNKNOWN, ams(board.report(WEST, at("LOG", 6))));
    }

    @Test
    void whoAsksHowFarALogHasComeWaitsForNewsForASecond() {
        Duration lately = Duration.ofSeconds(5);
        assertFalse(board.isWaited(lately));
        now = 1_000;
        board.report(WEST, at("LOG", 7));
        now += Duration.ofMillis(999).toNanos();
        assertTrue(board.isWaited(lately));
        now += Duration.ofMillis(1).toNanos();
        assertFalse(board.isWaited(lately));
    }

    private static Position at(String log, long seq) {
        return new Position(log, seq, Position.NO_HASH);
    }

    @Test
    void aPopThatStillHasALostHistoryIsNotDone() {
        assertEquals(Rollout.State.WAITING, ofAms(new Position("LOG", 7, LOST)));
        assertEquals(Rollout.State.WAITING, ofAms(new Position("LOG", 10, LOST)));
        own = new Position("LOG", 9, OURS);
        assertEquals(Rollout.State.WAITING, ofAms(new Position("LOG", 9, LOST)));
    }
}
