package io.runnel.exec.network;

import io.runnel.exec.network.wire.Arp;
import io.runnel.exec.network.wire.DhcpRequest;
import io.runnel.exec.network.wire.FrameWriter.Unreachable;
import io.runnel.exec.network.wire.Ipv4Packet;
import io.runnel.exec.network.wire.Lan;
import io.runnel.exec.network.wire.TcpSegment;
import io.runnel.exec.network.wire.UdpDatagram;

import java.nio.ByteBuffer;

/**
 * What becomes of each frame that a guest sends. What is not understood, or not from the address
 * that the guest has, is dropped. Guarded by the network's lock.
 */
final class GuestFrames {
    private final Wire wire;
    private final Connections connections;
    private final DatagramFlows datagrams;
    private final NameServer names;

    GuestFrames(Wire wire, Connections connections, DatagramFlows datagrams, NameServer names) {
        this.wire = wire;
        this.connections = connections;
        this.datagrams = datagrams;
        this.names = names;
    }

    /** Takes a frame, which is the buffer's content. */
    void accept(ByteBuffer frame, long nowNanos) {
        if (frame.limit() < Lan.ETHERNET_BYTES) {
            return;
        }
        int type = frame.getShort(Lan.ETHERNET_BYTES - Short.BYTES) & 0xffff;
        frame.position(Lan.ETHERNET_BYTES);
        if (type == Lan.TYPE_ARP) {
            if (Arp.asksForHost(frame)) {
                int wanted = Arp.wanted(frame);
                wire.outbox().add(0, out -> out.arpReply(wanted));
            }
        } else if (type == Lan.TYPE_IPV4) {
            Ipv4Packet.parse(frame).ifPresent(packet -> accept(packet, nowNanos));
        }
    }

    private void accept(Ipv4Packet packet, long nowNanos) {
        if (packet.source() == Lan.GUEST) {
            TcpSegment.parse(packet).ifPresent(it -> connections.accept(packet, it, nowNanos));
            UdpDatagram.parse(packet).ifPresent(it -> accept(packet, it));
        } else if (packet.source() == 0) {
            UdpDatagram.parse(packet).ifPresent(this::acceptUnnamed);
        }
    }

    private void accept(Ipv4Packet packet, UdpDatagram datagram) {
        if (packet.destination() == Lan.NAMES && datagram.destinationPort() == NameServer.PORT) {
            names.accept(datagram);
        } else if (datagram.destinationPort() == DhcpRequest.SERVER_PORT) {
            acceptUnnamed(datagram);
        } else if (Lan.isHost(packet.destination())) {
            ByteBuffer header = packet.header();
            wire.outbox().add(header.limit(), out -> out.unreachable(Unreachable.PORT, header));
        } else if (packet.destination() != Lan.BROADCAST && packet.destination() != -1) {
            datagrams.accept(packet, datagram);
        }
    }

    /** From a guest that has no address yet. */
    private void acceptUnnamed(UdpDatagram datagram) {
        if (datagram.destinationPort() == DhcpRequest.SERVER_PORT) {
            DhcpRequest.parse(datagram.payload())
                    .map(DhcpRequest::answer)
                    .ifPresent(
                            bytes ->
                                    wire.outbox()
                                            .add(
                                                    bytes.remaining(),
                                                    out ->
                                                            out.udp(
                                                                    Lan.GATEWAY,
                                                                    DhcpRequest.SERVER_PORT,
                                                                    DhcpRequest.CLIENT_PORT,
                                                                    bytes)));
        }
    }
}
