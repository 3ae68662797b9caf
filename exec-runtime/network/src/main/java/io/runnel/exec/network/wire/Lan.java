package io.runnel.exec.network.wire;

/**
 * The network that a guest believes to be in, the same for every guest, so that all clones of one
 * snapshot are at home in it: 10.0.2.0/24, as with QEMU's own user network.
 */
public final class Lan {
    /** The guest's own address: 10.0.2.15. */
    public static final int GUEST = 0x0a00020f;

    /** The way out: 10.0.2.2. Nothing listens there. */
    public static final int GATEWAY = 0x0a000202;

    /** Where names are asked for: 10.0.2.3. */
    public static final int NAMES = 0x0a000203;

    /** 255.255.255.0. */
    public static final int MASK = 0xffffff00;

    /** 10.0.2.255. */
    public static final int BROADCAST = 0x0a0002ff;

    /** The guest's network card: 02:52:4e:00:00:0f. */
    public static final long GUEST_CARD = 0x02524e00000fL;

    /** The card of all others: 02:52:4e:00:00:02. */
    public static final long HOST_CARD = 0x02524e000002L;

    /** The largest IPv4 packet: what one of QEMU's frames can carry. */
    public static final int MTU = 65_520;

    /** Bytes of an Ethernet header. */
    public static final int ETHERNET_BYTES = 14;

    /** The largest frame. */
    public static final int MOST_FRAME_BYTES = MTU + ETHERNET_BYTES;

    /** Ethernet's type of IPv4. */
    public static final int TYPE_IPV4 = 0x0800;

    /** Ethernet's type of ARP. */
    public static final int TYPE_ARP = 0x0806;

    private Lan() {}

    /** Whether this is one of the host's own addresses here. */
    public static boolean isHost(int address) {
        return address == GATEWAY || address == NAMES;
    }

    /** An address in its usual form. */
    public static String text(int address) {
        return "%d.%d.%d.%d"
                .formatted(
                        address >>> 24,
                        address >>> 16 & 0xff,
                        address >>> 8 & 0xff,
                        address & 0xff);
    }
}
