package io.runnel.exec.network.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

final class WireTest {
    /** A SYN as Linux sends it, from 10.0.2.15:40000 to 198.18.1.0:80. */
    private static final String SYN =
            "4500003c1c46400040060ac70a00020fc6120100"
                    + "9c4000500102030400000000a002fff000000000"
                    + "0204ffb00402080a000000010000000001030307";

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    private static String hex(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return HexFormat.of().formatHex(copy);
    }

    /** With the checksums that it should have. */
    private static ByteBuffer summed(ByteBuffer packet) {
        int header = (packet.get(0) & 0xf) * 4;
        packet.putShort(10, (short) 0);
        packet.putShort(10, (short) Checksum.of(Checksum.sum(packet, 0, header)));
        int at = header + (packet.get(9) == Ipv4Packet.TCP ? 16 : 6);
        packet.putShort(at, (short) 0);
        int length = packet.limit() - header;
        long sum =
                Checksum.pseudoHeader(packet.getInt(12), packet.getInt(16), packet.get(9), length)
                        + Checksum.sum(packet, header, packet.limit());
        packet.putShort(at, (short) Checksum.of(sum));
        return packet;
    }

    private static Optional<TcpSegment> segment(ByteBuffer packet) {
        return Ipv4Packet.parse(packet).flatMap(TcpSegment::parse);
    }

    @Test
    void aSumIsThatOfTheStandard() {
        // The example of RFC 1071, section 3.
        ByteBuffer example = bytes("0001f203f4f5f6f7");
        assertEquals(0xffff & ~0xddf2, Checksum.of(Checksum.sum(example, 0, 8)));
        ByteBuffer odd = bytes("000102030405060708090a0b0c");
        long slow = 0;
        for (int i = 0; i < 13; i++) {
            slow += (odd.get(i) & 0xffL) << (i % 2 == 0 ? 8 : 0);
        }
        assertEquals(Checksum.of(slow), Checksum.of(Checksum.sum(odd, 0, 13)));
    }

    @Test
    void aSynIsReadWithItsOptions() {
        TcpSegment syn = segment(summed(bytes(SYN))).orElseThrow();
        assertEquals(40_000, syn.sourcePort());
        assertEquals(80, syn.destinationPort());
        assertEquals(0x01020304, syn.sequence());
        assertTrue(syn.has(TcpSegment.SYN));
        assertFalse(syn.has(TcpSegment.ACK));
        assertEquals(1, syn.length());
        assertEquals(new TcpOptions(0xffb0, OptionalInt.of(7)), syn.options());
    }

    @Test
    void whatIsDamagedIsNoSegment() {
        ByteBuffer whole = summed(bytes(SYN));
        for (int bit = 0; bit < whole.limit() * 8; bit++) {
            ByteBuffer damaged = ByteBuffer.allocate(whole.limit()).put(whole.duplicate()).flip();
            damaged.put(bit / 8, (byte) (damaged.get(bit / 8) ^ 1 << bit % 8));
            assertEquals(Optional.empty(), segment(damaged), "bit " + bit);
        }
        for (int length = 0; length < whole.limit(); length++) {
            assertEquals(Optional.empty(), segment(whole.duplicate().limit(length)));
        }
    }

    @Test
    void anyBytesAreReadOrRefused() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            ByteBuffer packet = bytes(SYN);
            for (int change = random.nextInt(6); change >= 0; change--) {
                packet.put(random.nextInt(packet.limit()), (byte) random.nextInt());
            }
            int header = (packet.get(0) & 0xf) * 4;
            try {
                if (header >= 20 && header <= 36) {
                    summed(packet);
                }
                var segment = segment(packet);
                var datagram = Ipv4Packet.parse(packet).flatMap(UdpDatagram::parse);
                var query = DnsQuery.parse(packet.duplicate());
                assertTrue(segment.isEmpty() || datagram.isEmpty() || query != null);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void fragmentsAreNoPackets() {
        ByteBuffer more = bytes(SYN).putShort(6, (short) 0x2000);
        ByteBuffer later = bytes(SYN).putShort(6, (short) 1);
        assertEquals(Optional.empty(), Ipv4Packet.parse(summed(more)));
        assertEquals(Optional.empty(), Ipv4Packet.parse(summed(later)));
    }

    @Test
    void aNameIsAskedForAndAnswered() {
        ByteBuffer asked =
                bytes("beef01000001000000000001" + "0470656572045465737400" + "00010001" + "0000");
        DnsQuery query = DnsQuery.parse(asked).orElseThrow();
        assertEquals("peer.test", query.name());
        assertEquals(DnsQuery.A, query.type());
        ByteBuffer answer = query.answer(DnsQuery.Code.NO_ERROR, OptionalInt.of(0xc6120100), 30);
        assertEquals(
                "beef81800001000100000000"
                        + "0470656572045465737400"
                        + "00010001"
                        + "c00c000100010000001e0004c6120100",
                hex(answer));
        assertEquals(
                0x8183,
                query.answer(DnsQuery.Code.NO_SUCH_NAME, OptionalInt.empty(), 0).getShort(2)
                        & 0xffff);
    }

    @Test
    void whatIsNoQuestionIsNotAnswered() {
        for (String wrong :
                new String[] {
                    "beef8180000100000000000001610000010001", // An answer.
                    "beef0100000200000000000001610000010001", // Two questions.
                    "beef01000001000000000000c00c00010001", // A name that leads elsewhere.
                    "beef010000010000000000003f6100010001", // A label that is longer than all.
                    "beef0100000100000000000001610000010003", // Another class.
                    "beef01000001000000000000010a0000010001", // A line's end in a name.
                    "beef01000001000000000000016100",
                    "beef",
                    ""
                }) {
            assertEquals(Optional.empty(), DnsQuery.parse(bytes(wrong)), wrong);
        }
    }

    private static ByteBuffer dhcp(String options) {
        ByteBuffer request = ByteBuffer.allocate(240 + options.length() / 2);
        request.put((byte) 1).put((byte) 1).put((byte) 6).put((byte) 0).putInt(0x1234);
        request.position(236).putInt(0x63825363).put(HexFormat.of().parseHex(options));
        return request.flip();
    }

    private static int message(ByteBuffer answer) {
        return answer.get(242);
    }

    @Test
    void anAddressIsOfferedAndGiven() {
        DhcpRequest discover = DhcpRequest.parse(dhcp("350101ff")).orElseThrow();
        assertEquals(2, message(discover.answer()));
        assertEquals(0x1234, discover.answer().getInt(4));
        assertEquals(Lan.GUEST, discover.answer().getInt(16));
        DhcpRequest request = DhcpRequest.parse(dhcp("00350103" + "32040a00020fff")).orElseThrow();
        assertEquals(5, message(request.answer()));
        DhcpRequest other = DhcpRequest.parse(dhcp("350103" + "32040a000210ff")).orElseThrow();
        assertEquals(6, message(other.answer()));
        assertEquals(Optional.empty(), DhcpRequest.parse(dhcp("350107ff")));
        assertEquals(Optional.empty(), DhcpRequest.parse(dhcp("35")));
        assertEquals(Optional.empty(), DhcpRequest.parse(dhcp("3504")));
    }
}
