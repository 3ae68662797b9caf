package io.runnel.exec.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Ends a connection of HTTP/2 whose client opens a stream that it has ended, or left out (RFC 9113
 * sections 5.1 and 5.1.1). Netty resets only the stream, for it has forgotten which of the two it
 * is: a client that counts wrongly would go on, and take one call's answer for another's.
 *
 * <p>Reads the heads of frames as they pass and changes nothing. Stands first on a connection in
 * clear text, and right behind TLS on one that is secured, before anything was read; leaves it if
 * it isn't HTTP/2 from its first byte. What it keeps is {@value #REMEMBERED} streams; older ones
 * are left to Netty. For the connection's event loop.
 */
final class FrameOrder extends ChannelInboundHandlerAdapter {
    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int HEAD_BYTES = 9;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int GO_AWAY = 7;
    private static final int END_STREAM = 1;
    private static final int PROTOCOL_ERROR = 1;
    private static final int STREAM_CLOSED = 5;
    private static final int NO_ERROR = 0;
    private static final int OTHER = -1;

    /** Of streams, the newest; a power of two. */
    private static final int REMEMBERED = 1024;

    private final byte[] head = new byte[HEAD_BYTES];
    private final long[] opened = new long[REMEMBERED / Long.SIZE];
    private final long[] ended = new long[REMEMBERED / Long.SIZE];
    private int prefaceRead;
    private int headRead;
    private int payloadLeft;
    private int lastStream = -1;
    private boolean over;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (over) {
            ReferenceCountUtil.release(message);
        } else if (!(message instanceof ByteBuf bytes)) {
            context.fireChannelRead(message);
        } else {
            int preface = prefaceIn(bytes);
            if (preface == OTHER) {
                context.pipeline().remove(this);
                context.fireChannelRead(message);
            } else {
                pass(context, bytes, firstError(bytes, bytes.readerIndex() + preface));
            }
        }
    }

    private void pass(ChannelHandlerContext context, ByteBuf bytes, int error) {
        if (error == NO_ERROR) {
            context.fireChannelRead(bytes);
        } else {
            bytes.release();
            end(context, error);
        }
    }

    /** How many of these bytes are the preface's. */
    private int prefaceIn(ByteBuf bytes) {
        int count = Math.min(PREFACE.length - prefaceRead, bytes.readableBytes());
        for (int i = 0; i < count; i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != PREFACE[prefaceRead + i]) {
                return OTHER;
            }
        }
        prefaceRead += count;
        return count;
    }

    private int firstError(ByteBuf bytes, int from) {
        int at = from;
        int end = bytes.writerIndex();
        while (at < end) {
            int passed = Math.min(payloadLeft, end - at);
            payloadLeft -= passed;
            at += passed;
            int count = Math.min(HEAD_BYTES - headRead, end - at);
            if (count > 0) {
                bytes.getBytes(at, head, headRead, count);
                at += count;
                headRead += count;
            }
            if (headRead == HEAD_BYTES) {
                headRead = 0;
                int error = frame();
                if (error != NO_ERROR) {
                    return error;
                }
            }
        }
        return NO_ERROR;
    }

    private int frame() {
        payloadLeft = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
        int type = head[3];
        if (type != DATA && type != HEADERS) {
            return NO_ERROR;
        }
        boolean ends = (head[4] & END_STREAM) != 0;
        int stream =
                (head[5] & 0x7f) << 24
                        | (head[6] & 0xff) << 16
                        | (head[7] & 0xff) << 8
                        | (head[8] & 0xff);
        // What no client's stream is, and data for one that is no more, Netty knows.
        if ((stream & 1) == 0 || stream <= lastStream - 2 * REMEMBERED) {
            return NO_ERROR;
        }
        return type == HEADERS ? headers(stream, ends) : data(stream, ends);
    }

    private int data(int stream, boolean ends) {
        if (ends && stream <= lastStream) {
            set(ended, stream);
        }
        return NO_ERROR;
    }

    private int headers(int stream, boolean ends) {
        if (stream > lastStream) {
            open(stream);
        } else if (!isSet(opened, stream)) {
            return PROTOCOL_ERROR;
        } else if (isSet(ended, stream)) {
            return STREAM_CLOSED;
        }
        if (ends) {
            set(ended, stream);
        }
        return NO_ERROR;
    }

    private void open(int stream) {
        if ((long) stream - lastStream > 2 * REMEMBERED) {
            Arrays.fill(opened, 0);
            Arrays.fill(ended, 0);
        } else {
            for (int left = lastStream + 2; left < stream; left += 2) {
                clear(opened, left);
            }
            clear(ended, stream);
        }
        set(opened, stream);
        lastStream = stream;
    }

    private static int place(int stream) {
        return stream >>> 1 & REMEMBERED - 1;
    }

    private static boolean isSet(long[] bits, int stream) {
        return (bits[place(stream) / Long.SIZE] & 1L << place(stream)) != 0;
    }

    private static void set(long[] bits, int stream) {
        bits[place(stream) / Long.SIZE] |= 1L << place(stream);
    }

    private static void clear(long[] bits, int stream) {
        bits[place(stream) / Long.SIZE] &= ~(1L << place(stream));
    }

    /** What others wrote before are whole frames: nobody writes while this reads. */
    private void end(ChannelHandlerContext context, int error) {
        over = true;
        ByteBuf goAway = Unpooled.buffer(HEAD_BYTES + 8);
        goAway.writeMedium(8).writeByte(GO_AWAY).writeByte(0).writeInt(0);
        goAway.writeInt(lastStream).writeInt(error);
        context.writeAndFlush(goAway).addListener(sent -> HardClose.of(context));
    }
}
