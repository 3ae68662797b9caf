package io.runnel.exec.network;

import io.runnel.exec.network.tcp.ByteBudget;
import io.runnel.exec.network.tcp.FlowKey;
import io.runnel.exec.network.tcp.TcpFlow;
import io.runnel.exec.network.wire.FrameWriter;
import io.runnel.exec.network.wire.Ipv4Packet;
import io.runnel.exec.network.wire.Lan;
import io.runnel.exec.network.wire.TcpSegment;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/** The guest's end of a wire, in the test's hands: it reads a frame when the test wants one. */
final class FakeGuest implements AutoCloseable {
    private static final int SOURCE = 4 + Lan.ETHERNET_BYTES + 12;

    private final SocketChannel wire;
    private final SocketChannel host;

    FakeGuest() throws IOException {
        Path path = Files.createTempDirectory("wire").resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            wire = SocketChannel.open(UnixDomainSocketAddress.of(path));
            host = server.accept();
        } finally {
            Files.deleteIfExists(path);
            Files.delete(path.getParent());
        }
    }

    /** The other end of the wire. */
    SocketChannel host() {
        return host;
    }

    void send(ByteBuffer frames) throws IOException {
        while (frames.hasRemaining()) {
            wire.write(frames);
        }
    }

    /** The next frame, without its length. */
    ByteBuffer hear() throws IOException {
        ByteBuffer length = fully(ByteBuffer.allocate(Integer.BYTES));
        return fully(ByteBuffer.allocate(length.getInt(0)));
    }

    private ByteBuffer fully(ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (wire.read(into) < 0) {
                throw new EOFException();
            }
        }
        return into.flip();
    }

    /** The next frame that carries a packet, as one. */
    Ipv4Packet hearPacket() throws IOException {
        return Ipv4Packet.parse(hear().position(Lan.ETHERNET_BYTES)).orElseThrow();
    }

    TcpSegment hearSegment() throws IOException {
        return TcpSegment.parse(hearPacket()).orElseThrow();
    }

    /**
     * What a flow has to say, from the guest: as the host's end would write it, with the two
     * addresses changed for each other, which changes no sum.
     */
    static ByteBuffer frames(TcpFlow flow) {
        ByteBuffer out = ByteBuffer.allocate(1 << 20);
        while (flow.hasMore()) {
            int from = out.position();
            flow.emit(new FrameWriter(out), 1);
            fromGuest(out, from);
        }
        return out.flip();
    }

    static void fromGuest(ByteBuffer frame, int from) {
        int source = frame.getInt(from + SOURCE);
        frame.putInt(from + SOURCE, frame.getInt(from + SOURCE + 4));
        frame.putInt(from + SOURCE + 4, source);
    }

    /** One of the guest's ends. */
    final class End {
        private final TcpFlow flow;

        End(int guestPort, int address, int port) throws IOException {
            flow =
                    new TcpFlow(
                            new FlowKey(port, address, guestPort),
                            guestPort * 7919,
                            1 << 18,
                            new ByteBudget(1 << 20));
            send(frames(flow));
        }

        TcpFlow flow() {
            return flow;
        }

        /** Lets frames pass until this is true. */
        void pump(Predicate<TcpFlow> until) throws IOException {
            while (!until.test(flow)) {
                TcpSegment segment = hearSegment();
                if (segment.destinationPort() == flow.key().remotePort()) {
                    flow.accept(segment, 1);
                    send(frames(flow));
                }
            }
        }

        void open() throws IOException {
            pump(it -> it.phase() == TcpFlow.Phase.OPEN);
        }

        void say(byte[] bytes) throws IOException {
            flow.fromPeer(ByteBuffer.wrap(bytes));
            send(frames(flow));
        }

        byte[] hear(int count) throws IOException {
            pump(it -> it.forPeer() >= count);
            ByteBuffer into = ByteBuffer.allocate(count);
            flow.copyForPeer(into);
            flow.passedOn(count);
            return into.array();
        }

        void finish() throws IOException {
            flow.peerFinished();
            send(frames(flow));
        }
    }

    @Override
    public void close() throws IOException {
        wire.close();
        host.close();
    }
}
