package io.runnel.exec.network;

import io.runnel.exec.network.tcp.FlowPoint;
import io.runnel.exec.network.tcp.TcpFlow;
import io.runnel.exec.network.wire.FrameWriter;
import io.runnel.exec.network.wire.Lan;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A machine's network: the host's end of its card, over the stream of frames that QEMU makes of it.
 * Two virtual threads of its own read and write frames.
 *
 * <p>{@link #halt} ends all connections at their peers; {@link #goOn} lets the guest have a network
 * again, whose first frames end what the guest believes to have open, as do those of a guest that
 * goes on from a snapshot. Nothing of the guest's is needed for either.
 *
 * <p>Safe for any thread.
 */
public final class GuestNetwork implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(GuestNetwork.class.getName());
    private static final int BATCH_BYTES = 256 * 1024;
    private static final double BURST_SECONDS = 0.1;
    private static final int RESET_BYTES = FrameWriter.MOST_HEADERS;

    private final SocketChannel frames;
    private final Wire wire;
    private final Egress egress;
    private final Refusals refusals;
    private final Connections connections;
    private final DatagramFlows datagrams;
    private final GuestFrames input;
    private final TokenBucket pace; // The reading thread's.
    private boolean halted; // Guarded by the wire's lock.
    private boolean closed; // Guarded by the wire's lock.

    private GuestNetwork(
            SocketChannel frames,
            Destinations destinations,
            NetworkSettings settings,
            List<String> names) {
        long now = System.nanoTime();
        this.frames = frames;
        this.wire = Wire.create();
        this.refusals = new Refusals();
        this.egress = new Egress(destinations, settings, new NameTable(names), refusals);
        this.connections = new Connections(wire, egress, new SecureRandom(), now);
        this.datagrams = new DatagramFlows(wire, egress);
        this.input = new GuestFrames(wire, connections, datagrams, new NameServer(wire, egress));
        this.pace =
                new TokenBucket(
                        settings.bytesEachSecond(),
                        settings.bytesEachSecond() * BURST_SECONDS,
                        now);
    }

    /**
     * That of a guest that boots or goes on from a snapshot. When this returns, the resets of what
     * it believes to have open are on their way: they come before anything else, if the guest
     * stands still until then.
     *
     * @param frames each behind its length in four bytes; this network's from now on; it must block
     * @param point where the guest stood; {@link NetworkPoint#NONE} if it boots
     * @throws IOException if the frames cannot be written
     */
    public static GuestNetwork open(
            SocketChannel frames,
            Destinations destinations,
            NetworkSettings settings,
            NetworkPoint point)
            throws IOException {
        GuestNetwork network = new GuestNetwork(frames, destinations, settings, point.names());
        ByteBuffer resets = resets(point.flows());
        while (resets.hasRemaining()) {
            frames.write(resets);
        }
        return network.start();
    }

    private static ByteBuffer resets(List<FlowPoint> flows) {
        ByteBuffer out = ByteBuffer.allocate(flows.size() * RESET_BYTES);
        FrameWriter writer = new FrameWriter(out);
        flows.forEach(point -> FlowPoint.reset(writer, point));
        return out.flip();
    }

    private GuestNetwork start() {
        Thread.ofVirtual().name("guest-network-in").start(this::read);
        Thread.ofVirtual().name("guest-network-out").start(this::write);
        return this;
    }

    private void read() {
        ByteBuffer bytes = ByteBuffer.allocateDirect(BATCH_BYTES);
        try {
            while (frames.read(bytes) >= 0) {
                int before = bytes.flip().remaining();
                take(bytes);
                int taken = before - bytes.remaining();
                bytes.compact();
                waitFor(pace.spend(taken, System.nanoTime()));
            }
        } catch (IOException e) {
            // The machine or this network has ended.
        } finally {
            close();
        }
    }

    private static void waitFor(long nanos) {
        if (nanos > 0) {
            LockSupport.parkNanos(nanos);
        }
    }

    private void take(ByteBuffer bytes) throws IOException {
        long now = System.nanoTime();
        wire.lock().lock();
        try {
            while (bytes.remaining() >= Integer.BYTES) {
                int length = bytes.getInt(bytes.position());
                if (length < 0 || length > Lan.MOST_FRAME_BYTES) {
                    LOG.log(
                            Level.WARNING,
                            "a guest''s frame of {0} bytes ends its network",
                            length);
                    throw new IOException("a frame of %d bytes".formatted(length));
                }
                if (bytes.remaining() < Integer.BYTES + length) {
                    return;
                }
                if (!halted) {
                    input.accept(bytes.slice(bytes.position() + Integer.BYTES, length), now);
                }
                bytes.position(bytes.position() + Integer.BYTES + length);
            }
        } finally {
            wire.lock().unlock();
        }
    }

    private void write() {
        ByteBuffer batch = ByteBuffer.allocateDirect(BATCH_BYTES);
        try {
            while (gather(batch.clear())) {
                batch.flip();
                while (batch.hasRemaining()) {
                    frames.write(batch);
                }
            }
        } catch (IOException e) {
            // The machine or this network has ended.
        } finally {
            close();
        }
    }

    /** False when it is over. */
    private boolean gather(ByteBuffer batch) {
        wire.lock().lock();
        try {
            fill(batch);
            while (!closed && batch.position() == 0) {
                long due = connections.dueNanos();
                long unused =
                        wire.outbox()
                                .changed()
                                .awaitNanos(
                                        due == TcpFlow.NEVER
                                                ? Long.MAX_VALUE
                                                : due - System.nanoTime());
                fill(batch);
            }
            return !closed;
        } catch (InterruptedException e) {
            return false;
        } finally {
            wire.lock().unlock();
        }
    }

    private void fill(ByteBuffer batch) {
        long now = System.nanoTime();
        connections.expire(now);
        wire.outbox().fill(batch, now, connections::sent);
    }

    /**
     * Nothing goes either way from now on: the peer of each connection is told that it is no more.
     * What the guest sends is dropped until {@link #goOn}.
     *
     * @return what the guest believes to have; goes with its snapshot, if it has one
     */
    public NetworkPoint halt() {
        wire.lock().lock();
        try {
            halted = true;
            List<FlowPoint> flows = connections.halt();
            datagrams.clear();
            wire.outbox().clear();
            return new NetworkPoint(flows, egress.names().all());
        } finally {
            wire.lock().unlock();
        }
    }

    /**
     * The guest has a network again. What was halted is ended in it, before anything else is sent.
     */
    public void goOn(NetworkPoint point) {
        wire.lock().lock();
        try {
            for (FlowPoint flow : point.flows()) {
                wire.outbox().add(0, out -> FlowPoint.reset(out, flow));
            }
            halted = false;
        } finally {
            wire.lock().unlock();
        }
    }

    /**
     * Carries a connection to a port of the guest's, to whom it seems to come from the gateway. If
     * nobody takes it there, it is reset.
     *
     * @param peer this network's from now on; it must block
     * @throws IOException if the guest has too many connections, or is halted
     */
    public void bring(SocketChannel peer, int guestPort) throws IOException {
        wire.lock().lock();
        try {
            if (halted || closed || !connections.bring(new Peer(peer), guestPort)) {
                throw new IOException("the guest takes no more connections now");
            }
        } finally {
            wire.lock().unlock();
        }
    }

    /** How many connections of TCP there are now. */
    public int connections() {
        wire.lock().lock();
        try {
            return connections.count();
        } finally {
            wire.lock().unlock();
        }
    }

    /**
     * What the guest has tried and may not since this was last asked, each once, as {@code reach
     * example.com:25} or {@code look up example.com}.
     */
    public List<String> refusals() {
        return refusals.take();
    }

    /** Ends all connections at their peers. */
    @Override
    public void close() {
        wire.lock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            connections.halt();
            datagrams.clear();
            wire.outbox().clear();
            wire.outbox().wake();
        } finally {
            wire.lock().unlock();
        }
        try {
            frames.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing a guest's frames", e);
        }
    }
}
