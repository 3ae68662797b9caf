package io.runnel.region.server;

import io.runnel.cluster.hazelcast.StatusBoard;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.Peer;
import io.runnel.exec.task.NodeName;
import io.runnel.topology.NetworkView;
import io.runnel.topology.NodeStatus;
import io.runnel.topology.NodeStatusJson;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How all nodes of the network are: those around this region by its cluster, the others by asking
 * their regions. Soft state: good for showing and for waiting, never for granting. Any thread.
 */
final class NetworkPicture {
    /** Where a region says how the nodes around it are: one status a line. */
    static final String PATH = "/v1/statuses";

    private static final int MOST_BYTES = 4 << 20;
    private static final Duration IDLE = Duration.ofSeconds(2);

    private final StatusBoard board;
    private final InternalClient client;
    private final List<Peer> peers;
    private final Map<Peer, NetworkView> elsewhere = new ConcurrentHashMap<>();
    private final Map<Peer, AtomicBoolean> asking = new ConcurrentHashMap<>();

    NetworkPicture(StatusBoard board, InternalClient client, List<Peer> peers) {
        this.board = board;
        this.client = client;
        this.peers = List.copyOf(peers);
        peers.forEach(peer -> asking.put(peer, new AtomicBoolean()));
    }

    /** Asks the other regions every {@code interval}. */
    void start(Vertx vertx, Duration interval) {
        vertx.setPeriodic(0, interval.toMillis(), tick -> refresh());
    }

    /** Everybody who was heard of lately, anywhere. */
    NetworkView view() {
        Map<NodeName, NodeStatus> all = new HashMap<>();
        elsewhere.values().forEach(view -> all.putAll(view.statuses()));
        all.putAll(board.view().statuses());
        return new NetworkView(all);
    }

    /** Asks each node of the other regions, unless an answer of it is under way. */
    void refresh() {
        for (Peer peer : peers) {
            AtomicBoolean busy = asking.get(peer);
            if (busy.compareAndSet(false, true)) {
                client.get(peer, PATH, MOST_BYTES, IDLE)
                        .map(NetworkPicture::read)
                        .onSuccess(view -> elsewhere.put(peer, view))
                        .onFailure(unreachable -> elsewhere.remove(peer))
                        .onComplete(done -> busy.set(false));
            }
        }
    }

    private static NetworkView read(Buffer body) {
        Map<NodeName, NodeStatus> found = new HashMap<>();
        body.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .map(line -> NodeStatusJson.decode(line.getBytes(StandardCharsets.UTF_8)))
                .forEach(status -> found.put(status.node(), status));
        return new NetworkView(found);
    }

    /** Answers how the nodes around this region are. */
    Handler<HttpServerRequest> handler() {
        return request -> {
            Buffer body = Buffer.buffer();
            board.view()
                    .all()
                    .forEach(
                            status ->
                                    body.appendBytes(NodeStatusJson.encode(status))
                                            .appendByte((byte) '\n'));
            request.response().putHeader("Content-Type", "application/x-ndjson").end(body);
        };
    }
}
