package io.runnel.cluster.hazelcast;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.InboundHandler;

import java.io.IOException;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * Decrypts what comes in. Nothing reaches what is behind it before the other end has shown who it
 * is and, where it was it who came, that it may come as what it says. Holds one record at most, and
 * what is in it.
 */
final class SecuredInbound extends InboundHandler<ByteBuffer, ByteBuffer> {
    private final SecuredLink link;
    private final SSLEngine engine;

    /** What was decrypted and is not handed on yet; to be written to. */
    private final ByteBuffer clear;

    SecuredInbound(SecuredLink link) {
        this.link = link;
        this.engine = link.engine();
        this.clear =
                ByteBuffer.allocate(engine.getSession().getApplicationBufferSize() + Spoken.BYTES);
    }

    @Override
    public void handlerAdded() {
        initSrcBuffer(engine.getSession().getPacketBufferSize());
    }

    @Override
    public HandlerStatus onRead() {
        src.flip();
        try {
            return decrypt();
        } catch (IOException e) {
            link.fail(e);
            return HandlerStatus.BLOCKED;
        } finally {
            src.compact();
        }
    }

    private HandlerStatus decrypt() throws IOException {
        while (true) {
            if (link.isEnding()) {
                src.position(src.limit());
                return HandlerStatus.BLOCKED;
            }
            if (link.isShaking() && clear.position() > 0) {
                // The thread that writes has just found that the handshake is over, and says so.
                return HandlerStatus.BLOCKED;
            }
            if (!handOn()) {
                return HandlerStatus.DIRTY;
            }
            HandshakeStatus next = engine.getHandshakeStatus();
            if (next == HandshakeStatus.NEED_TASK) {
                link.work();
                return HandlerStatus.BLOCKED;
            }
            if (next == HandshakeStatus.NEED_WRAP) {
                link.wakeOutbound();
                if (link.isShaking()) {
                    return HandlerStatus.BLOCKED;
                }
            }
            if (!src.hasRemaining() || !unwrap()) {
                return HandlerStatus.CLEAN;
            }
        }
    }

    /** Whether all that may be handed on was. */
    private boolean handOn() throws IOException {
        if (!link.isOpen()) {
            if (clear.position() < Spoken.BYTES) {
                return true;
            }
            link.comes(clear);
            if (!link.isOpen()) {
                return true;
            }
        }
        clear.flip();
        int most = Math.min(clear.remaining(), dst.remaining());
        dst.put(dst.position(), clear, clear.position(), most);
        dst.position(dst.position() + most);
        clear.position(clear.position() + most);
        clear.compact();
        if (most > 0) {
            link.hear();
        }
        return clear.position() == 0;
    }

    /** Takes a record; false if there is not a whole one yet. */
    private boolean unwrap() throws IOException {
        link.begins(src.get(src.position()));
        SSLEngineResult result = engine.unwrap(src, clear);
        link.took(result.bytesConsumed());
        switch (result.getStatus()) {
            case BUFFER_UNDERFLOW -> {
                if (src.remaining() == src.capacity()) {
                    throw new SSLException("a record is too large");
                }
                return false;
            }
            case BUFFER_OVERFLOW -> throw new SSLException("a record holds too much");
            case CLOSED -> link.otherEndCloses();
            case OK -> {
                if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
                    link.shakenHands();
                }
            }
        }
        return true;
    }
}
