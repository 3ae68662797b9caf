package io.runnel.exec.network;

import io.runnel.exec.network.tcp.ByteBudget;
import io.runnel.exec.network.tcp.FlowKey;
import io.runnel.exec.network.tcp.FlowPoint;
import io.runnel.exec.network.tcp.TcpFlow;
import io.runnel.exec.network.wire.FrameWriter;
import io.runnel.exec.network.wire.FrameWriter.Unreachable;
import io.runnel.exec.network.wire.Ipv4Packet;
import io.runnel.exec.network.wire.Lan;
import io.runnel.exec.network.wire.TcpSegment;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A guest's connections of TCP. Guarded by the network's lock. */
final class Connections implements PeerConnection.Owner {
    /** What all of them together may keep waiting. */
    private static final int ALL_BYTES = 8 << 20;

    private static final int LEAST_BYTES = 16 << 10;
    private static final int MOST_BYTES = 512 << 10;

    /** So many have large buffers to their peers, others small ones. */
    private static final int MOST_FAST = 8;

    private static final int FAST_CHUNK = 64 << 10;
    private static final int CHUNK = 4 << 10;

    /** From these a peer seems to come that wants to reach the guest. */
    private static final int FIRST_PORT = 1024;

    private static final int MOST_PORTS = 65_535;

    private final Wire wire;
    private final Egress egress;
    private final RandomGenerator random;
    private final TokenBucket begun;
    private final ByteBudget budget = new ByteBudget(ALL_BYTES);
    private final Map<FlowKey, PeerConnection> open = new HashMap<>();
    private int lastPort = MOST_PORTS;
    private long dueNanos = TcpFlow.NEVER;

    Connections(Wire wire, Egress egress, RandomGenerator random, long nowNanos) {
        this.wire = wire;
        this.egress = egress;
        this.random = random;
        NetworkSettings settings = egress.settings();
        this.begun =
                new TokenBucket(settings.connectionsEachSecond(), settings.connections(), nowNanos);
    }

    int count() {
        return open.size();
    }

    void accept(Ipv4Packet packet, TcpSegment segment, long nowNanos) {
        FlowKey key =
                new FlowKey(segment.sourcePort(), packet.destination(), segment.destinationPort());
        PeerConnection connection = open.get(key);
        if (connection != null) {
            connection.flow().accept(segment, nowNanos);
            changed(connection);
        } else if (segment.has(TcpSegment.SYN) && !segment.has(TcpSegment.ACK)) {
            begin(key, packet, segment, nowNanos);
        } else if (!segment.has(TcpSegment.RST)) {
            wire.outbox().add(0, out -> FlowPoint.resetUnknown(out, key, segment));
        }
    }

    private void begin(FlowKey key, Ipv4Packet packet, TcpSegment syn, long nowNanos) {
        Optional<PeerConnection.Connector> connector =
                egress.connector(key.remoteAddress(), key.remotePort());
        if (connector.isEmpty()) {
            wire.outbox()
                    .add(
                            packet.header().limit(),
                            out -> out.unreachable(Unreachable.PROHIBITED, packet.header()));
            return;
        }
        if (open.size() >= egress.settings().connections() || !begun.take(nowNanos)) {
            return;
        }
        TcpFlow flow = new TcpFlow(key, syn, random.nextInt(), share(), budget);
        PeerConnection connection =
                new PeerConnection(wire.lock(), this, flow, copy(packet), chunk());
        open.put(key, connection);
        connection.start(connector.get());
    }

    /**
     * Carries a peer's connection to a port of the guest's.
     *
     * @return false if there are too many
     */
    boolean bring(Peer peer, int guestPort) {
        Optional<FlowKey> key = freeKey(guestPort);
        if (open.size() >= egress.settings().connections() || key.isEmpty()) {
            return false;
        }
        TcpFlow flow = new TcpFlow(key.get(), random.nextInt(), share(), budget);
        PeerConnection connection =
                new PeerConnection(wire.lock(), this, flow, ByteBuffer.allocate(0), chunk());
        open.put(key.get(), connection);
        connection.start(() -> peer);
        changed(connection);
        return true;
    }

    private Optional<FlowKey> freeKey(int guestPort) {
        for (int tries = 0; tries < MOST_PORTS; tries++) {
            lastPort = lastPort == MOST_PORTS ? FIRST_PORT : lastPort + 1;
            FlowKey key = new FlowKey(guestPort, Lan.GATEWAY, lastPort);
            if (!open.containsKey(key)) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }

    private int chunk() {
        return open.size() < MOST_FAST ? FAST_CHUNK : CHUNK;
    }

    private int share() {
        return Math.clamp(ALL_BYTES / 2 / (open.size() + 1), LEAST_BYTES, MOST_BYTES);
    }

    /** The frame itself is overwritten by the next one. */
    private static ByteBuffer copy(Ipv4Packet packet) {
        ByteBuffer copy = ByteBuffer.allocate(packet.header().limit());
        return copy.put(packet.header().duplicate()).flip();
    }

    @Override
    public void changed(PeerConnection connection) {
        TcpFlow flow = connection.flow();
        connection.wake();
        if (flow.isClosed()) {
            if (open.remove(flow.key(), connection)) {
                connection.end();
                flow.close();
            }
        } else {
            wire.outbox().ready(flow);
            due(flow);
        }
    }

    @Override
    public void unreachable(PeerConnection connection, Unreachable why) {
        ByteBuffer header = connection.synHeader();
        wire.outbox().add(header.limit(), (FrameWriter out) -> out.unreachable(why, header));
    }

    /** A segment of this one has been made. */
    void sent(TcpFlow flow) {
        PeerConnection connection = open.get(flow.key());
        if (connection != null && connection.flow() == flow) {
            if (flow.isClosed()) {
                changed(connection);
            } else {
                due(flow);
            }
        }
    }

    private void due(TcpFlow flow) {
        if (flow.dueNanos() != TcpFlow.NEVER
                && (dueNanos == TcpFlow.NEVER || flow.dueNanos() - dueNanos < 0)) {
            dueNanos = flow.dueNanos();
        }
    }

    /** When {@link #expire} is to be called; {@link TcpFlow#NEVER} if it is not. */
    long dueNanos() {
        return dueNanos;
    }

    /** Does what time has come for. */
    void expire(long nowNanos) {
        if (dueNanos == TcpFlow.NEVER || dueNanos - nowNanos > 0) {
            return;
        }
        dueNanos = TcpFlow.NEVER;
        for (PeerConnection connection : List.copyOf(open.values())) {
            connection.flow().expire(nowNanos);
            changed(connection);
        }
    }

    /** Ends all of them at their peers; the guest is to be told later. */
    List<FlowPoint> halt() {
        List<FlowPoint> points =
                open.values().stream().flatMap(it -> it.flow().point().stream()).toList();
        for (PeerConnection connection : open.values()) {
            connection.end();
            connection.flow().close();
        }
        open.clear();
        dueNanos = TcpFlow.NEVER;
        return points;
    }
}
