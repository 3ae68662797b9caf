package io.runnel.exec.network;

import io.runnel.exec.network.tcp.FlowKey;
import io.runnel.exec.network.wire.FrameWriter.Unreachable;
import io.runnel.exec.network.wire.Ipv4Packet;
import io.runnel.exec.network.wire.Lan;
import io.runnel.exec.network.wire.UdpDatagram;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;

/**
 * Pairs of ends between which a guest sends datagrams, each with a socket of the host's, until the
 * guest has sent nothing for a while. Guarded by the network's lock.
 */
final class DatagramFlows {
    private static final int MOST_BYTES = 65_507;
    private static final int MOST_WAITING_BYTES = 1 << 20;
    private static final int MOST_PAYLOAD_TO_GUEST = Lan.MTU - 28;

    private final Wire wire;
    private final Egress egress;
    private final Map<FlowKey, Flow> open = new HashMap<>();
    private int waitingBytes;

    DatagramFlows(Wire wire, Egress egress) {
        this.wire = wire;
        this.egress = egress;
    }

    int count() {
        return open.size();
    }

    void accept(Ipv4Packet packet, UdpDatagram datagram) {
        FlowKey key =
                new FlowKey(
                        datagram.sourcePort(), packet.destination(), datagram.destinationPort());
        Flow flow = open.get(key);
        if (flow == null) {
            Optional<String> name = egress.allowed(key.remoteAddress(), key.remotePort());
            if (name.isEmpty()) {
                unreachable(Unreachable.PROHIBITED, packet.header());
                return;
            }
            if (open.size() >= egress.settings().datagramFlows()) {
                return;
            }
            flow = new Flow(key, copy(packet.header()));
            open.put(key, flow);
            flow.start(name.get());
        }
        flow.add(copy(datagram.payload()));
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }

    private void unreachable(Unreachable why, ByteBuffer header) {
        wire.outbox().add(header.limit(), out -> out.unreachable(why, header));
    }

    /** Forgets all of them. */
    void clear() {
        open.values().forEach(Flow::end);
        open.clear();
    }

    /** One pair of ends. */
    private final class Flow {
        private final FlowKey key;
        private final ByteBuffer header;
        private final Condition changed = wire.lock().newCondition();
        private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
        private Optional<DatagramChannel> channel = Optional.empty();
        private boolean over;

        Flow(FlowKey key, ByteBuffer header) {
            this.key = key;
            this.header = header;
        }

        void start(String name) {
            Thread.ofVirtual().name("datagrams-out").start(() -> run(name));
        }

        void add(ByteBuffer payload) {
            if (waitingBytes + payload.remaining() <= MOST_WAITING_BYTES) {
                waitingBytes += payload.remaining();
                waiting.add(payload);
                changed.signal();
            }
        }

        /** Under the lock. */
        void end() {
            over = true;
            waiting.forEach(payload -> waitingBytes -= payload.remaining());
            waiting.clear();
            changed.signal();
            channel.ifPresent(
                    it -> {
                        try {
                            it.close();
                        } catch (IOException e) {
                            // It is of no more use either way.
                        }
                    });
        }

        private void run(String name) {
            try (DatagramChannel socket = DatagramChannel.open()) {
                socket.connect(
                        new InetSocketAddress(
                                egress.destinations().addresses(name).getFirst(),
                                key.remotePort()));
                if (hasBegun(socket)) {
                    Thread.ofVirtual().name("datagrams-in").start(() -> receive(socket));
                    send(socket);
                }
            } catch (PortUnreachableException e) {
                tell(Unreachable.PORT);
            } catch (IOException e) {
                tell(Unreachable.HOST);
            } finally {
                forget();
            }
        }

        private boolean hasBegun(DatagramChannel socket) {
            wire.lock().lock();
            try {
                channel = Optional.of(socket);
                return !over;
            } finally {
                wire.lock().unlock();
            }
        }

        private void send(DatagramChannel socket) throws IOException {
            Optional<ByteBuffer> next = next();
            while (next.isPresent()) {
                socket.write(next.get());
                next = next();
            }
        }

        /** Empty when nothing has been sent for a while, or it is over. */
        private Optional<ByteBuffer> next() {
            wire.lock().lock();
            try {
                long leftNanos = egress.settings().datagramIdle().toNanos();
                while (waiting.isEmpty() && !over && leftNanos > 0) {
                    leftNanos = changed.awaitNanos(leftNanos);
                }
                Optional<ByteBuffer> next = Optional.ofNullable(waiting.poll());
                next.ifPresent(payload -> waitingBytes -= payload.remaining());
                return next;
            } catch (InterruptedException e) {
                return Optional.empty();
            } finally {
                wire.lock().unlock();
            }
        }

        private void receive(DatagramChannel socket) {
            ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES);
            try {
                while (socket.read(bytes.clear()) >= 0) {
                    toGuest(bytes.flip());
                }
            } catch (PortUnreachableException e) {
                tell(Unreachable.PORT);
            } catch (IOException e) {
                // It was forgotten.
            }
        }

        private void toGuest(ByteBuffer bytes) {
            wire.lock().lock();
            try {
                if (!over && bytes.remaining() <= MOST_PAYLOAD_TO_GUEST) {
                    wire.outbox()
                            .add(
                                    bytes.remaining(),
                                    out ->
                                            out.udp(
                                                    key.remoteAddress(),
                                                    key.remotePort(),
                                                    key.guestPort(),
                                                    bytes));
                }
            } finally {
                wire.lock().unlock();
            }
        }

        private void tell(Unreachable why) {
            wire.lock().lock();
            try {
                if (!over) {
                    unreachable(why, header);
                }
            } finally {
                wire.lock().unlock();
            }
        }

        private void forget() {
            wire.lock().lock();
            try {
                open.remove(key, this);
                end();
            } finally {
                wire.lock().unlock();
            }
        }
    }
}
