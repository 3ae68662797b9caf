package io.runnel.exec.network;

import io.runnel.exec.network.tcp.TcpFlow;
import io.runnel.exec.network.wire.FrameWriter.Unreachable;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A guest's connection and the host's own to its peer. Two virtual threads carry bytes: one reads
 * from the peer while there is room for more, the other writes what the guest has sent.
 */
final class PeerConnection {
    /** How a peer is connected to. Blocks. */
    interface Connector {
        Peer connect() throws IOException;
    }

    /** Whoever keeps the connections; called under the lock. */
    interface Owner {
        /** Something about the connection has changed. */
        void changed(PeerConnection connection);

        /** Its peer could not be reached. */
        void unreachable(PeerConnection connection, Unreachable why);
    }

    private final ReentrantLock lock;
    private final Condition changed;
    private final Owner owner;
    private final int chunk;

    // Guarded by lock.
    private final TcpFlow flow;
    private final ByteBuffer synHeader;
    private Optional<Peer> peer = Optional.empty();

    /**
     * One that is not connected yet.
     *
     * @param lock of the network
     * @param synHeader the first bytes of the packet that began it
     * @param chunk how many bytes are read or written at once
     */
    PeerConnection(ReentrantLock lock, Owner owner, TcpFlow flow, ByteBuffer synHeader, int chunk) {
        this.chunk = chunk;
        this.lock = lock;
        this.changed = lock.newCondition();
        this.owner = owner;
        this.flow = flow;
        this.synHeader = synHeader;
    }

    TcpFlow flow() {
        return flow;
    }

    ByteBuffer synHeader() {
        return synHeader;
    }

    void start(Connector connector) {
        Thread.ofVirtual().name("peer-reads").start(() -> run(connector));
    }

    /** Under the lock: there may be more to write, or more room, or an end. */
    void wake() {
        changed.signalAll();
    }

    /** Under the lock: the peer hears that it is over, by a reset unless all was said. */
    void end() {
        changed.signalAll();
        if (flow.isFinished()) {
            peer.ifPresent(Peer::close);
        } else {
            peer.ifPresent(Peer::reset);
        }
    }

    private void run(Connector connector) {
        Peer connected;
        try {
            connected = connector.connect();
        } catch (IOException e) {
            refused(e);
            return;
        }
        if (hasBegun(connected)) {
            Thread.ofVirtual().name("peer-writes").start(() -> write(connected));
            read(connected);
        } else {
            connected.reset();
        }
    }

    private void refused(IOException cause) {
        lock.lock();
        try {
            if (cause instanceof ConnectException) {
                flow.refuse();
            } else if (!flow.isClosed()) {
                flow.close();
                owner.unreachable(this, Unreachable.HOST);
            }
            owner.changed(this);
        } finally {
            lock.unlock();
        }
    }

    private boolean hasBegun(Peer connected) {
        lock.lock();
        try {
            if (flow.isClosed()) {
                return false;
            }
            peer = Optional.of(connected);
            flow.connected();
            owner.changed(this);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void read(Peer from) {
        ByteBuffer bytes = ByteBuffer.allocate(chunk);
        try {
            int room = awaitRoom();
            while (room > 0) {
                int count = from.read(bytes.clear().limit(Math.min(room, chunk)));
                room = count < 0 ? peerFinished() : took(bytes.flip());
            }
        } catch (IOException e) {
            broken();
        }
    }

    /** 0 if there will be none. */
    private int awaitRoom() {
        lock.lock();
        try {
            while (!flow.isClosed() && flow.room() == 0) {
                changed.awaitUninterruptibly();
            }
            return flow.isClosed() ? 0 : flow.room();
        } finally {
            lock.unlock();
        }
    }

    private int took(ByteBuffer bytes) {
        lock.lock();
        try {
            pass(bytes);
            while (bytes.hasRemaining() && !flow.isClosed()) {
                // Others have taken the memory that there was.
                changed.awaitUninterruptibly();
                pass(bytes);
            }
        } finally {
            lock.unlock();
        }
        return awaitRoom();
    }

    private void pass(ByteBuffer bytes) {
        if (!flow.isClosed()) {
            flow.fromPeer(bytes);
            owner.changed(this);
        }
    }

    private int peerFinished() {
        lock.lock();
        try {
            if (!flow.isClosed()) {
                flow.peerFinished();
                owner.changed(this);
            }
            return 0;
        } finally {
            lock.unlock();
        }
    }

    private void write(Peer to) {
        ByteBuffer bytes = ByteBuffer.allocate(chunk);
        try {
            while (awaitBytes(bytes.clear())) {
                int count = bytes.flip().remaining();
                to.write(bytes);
                passedOn(count);
            }
            if (isHalfClosed()) {
                to.finish();
            }
        } catch (IOException e) {
            broken();
        }
    }

    /** False if no more comes from the guest. */
    private boolean awaitBytes(ByteBuffer into) {
        lock.lock();
        try {
            while (!flow.isClosed() && flow.forPeer() == 0 && !flow.isGuestFinished()) {
                changed.awaitUninterruptibly();
            }
            if (!flow.isClosed()) {
                flow.copyForPeer(into);
            }
            return into.position() > 0;
        } finally {
            lock.unlock();
        }
    }

    private void passedOn(int count) {
        lock.lock();
        try {
            if (!flow.isClosed()) {
                flow.passedOn(count);
                owner.changed(this);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isHalfClosed() {
        lock.lock();
        try {
            return !flow.isClosed() && flow.isGuestFinished();
        } finally {
            lock.unlock();
        }
    }

    /** The peer has reset it, or we have. */
    private void broken() {
        lock.lock();
        try {
            flow.refuse();
            owner.changed(this);
        } finally {
            lock.unlock();
        }
    }
}
