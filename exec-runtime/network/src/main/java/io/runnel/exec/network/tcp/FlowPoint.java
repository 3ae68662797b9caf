package io.runnel.exec.network.tcp;

import io.runnel.exec.network.wire.FrameWriter;
import io.runnel.exec.network.wire.FrameWriter.TcpHead;
import io.runnel.exec.network.wire.TcpSegment;

/**
 * Where a connection stood when its guest was halted: enough to end it in the guest's kernel when
 * that goes on, here or elsewhere, however often (US11943093).
 *
 * @param toGuest the number after the last byte that was sent to the guest; 0 if it has not heard
 *     of its peer yet
 * @param fromGuest the number after the last byte that came from it
 */
public record FlowPoint(FlowKey key, int toGuest, int fromGuest) {
    /** Writes the segment that ends the connection at the guest, as if its peer had sent it. */
    public static void reset(FrameWriter out, FlowPoint point) {
        FlowKey key = point.key();
        out.tcp(
                new TcpHead(
                        key.remoteAddress(),
                        key.remotePort(),
                        key.guestPort(),
                        point.toGuest(),
                        point.fromGuest(),
                        TcpSegment.RST | TcpSegment.ACK,
                        0),
                none -> {});
    }

    /**
     * Writes the answer to a segment of no connection that there is (RFC 9293, 3.10.7.1). Its
     * number is the one that the guest said it waits for, and so is obeyed.
     */
    public static void resetUnknown(FrameWriter out, FlowKey key, TcpSegment segment) {
        boolean acknowledges = segment.has(TcpSegment.ACK);
        out.tcp(
                new TcpHead(
                        key.remoteAddress(),
                        key.remotePort(),
                        key.guestPort(),
                        acknowledges ? segment.acknowledgment() : 0,
                        acknowledges ? 0 : segment.sequence() + segment.length(),
                        acknowledges ? TcpSegment.RST : TcpSegment.RST | TcpSegment.ACK,
                        0),
                none -> {});
    }
}
