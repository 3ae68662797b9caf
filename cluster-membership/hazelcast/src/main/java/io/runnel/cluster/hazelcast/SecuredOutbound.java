package io.runnel.cluster.hazelcast;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.OutboundHandler;

import java.io.IOException;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * Encrypts what goes out, as soon as the other end has shown who it is; what is to be said waits
 * until then. Holds one record at most.
 */
final class SecuredOutbound extends OutboundHandler<ByteBuffer, ByteBuffer> {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SecuredLink link;
    private final SSLEngine engine;
    private boolean lastWordsSaid;

    SecuredOutbound(SecuredLink link) {
        this.link = link;
        this.engine = link.engine();
    }

    @Override
    public void handlerAdded() {
        initDstBuffer(engine.getSession().getPacketBufferSize());
    }

    @Override
    public HandlerStatus onWrite() throws LinkException {
        dst.compact();
        try {
            return link.isEnding() ? end() : goOn();
        } finally {
            dst.flip();
        }
    }

    private HandlerStatus goOn() {
        try {
            return encrypt();
        } catch (IOException e) {
            link.fail(e);
            return HandlerStatus.DIRTY;
        }
    }

    private HandlerStatus encrypt() throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    link.work();
                    return HandlerStatus.BLOCKED;
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    return HandlerStatus.BLOCKED;
                }
                case NEED_WRAP -> {
                    if (!wrap(NOTHING)) {
                        return HandlerStatus.DIRTY;
                    }
                    link.wakeInbound();
                }
                case NOT_HANDSHAKING, FINISHED -> {
                    if (link.isShaking()) {
                        // The thread that reads has just found that the handshake is over.
                        return HandlerStatus.BLOCKED;
                    }
                    if (!src.hasRemaining()) {
                        return HandlerStatus.CLEAN;
                    }
                    if (!wrap(src)) {
                        return HandlerStatus.DIRTY;
                    }
                }
            }
        }
    }

    /** Makes a record; false if there is no room for it before others have gone. */
    private boolean wrap(ByteBuffer from) throws IOException {
        SSLEngineResult result = engine.wrap(from, dst);
        switch (result.getStatus()) {
            case BUFFER_OVERFLOW -> {
                return false;
            }
            case CLOSED -> throw new SSLException("it is closed");
            case BUFFER_UNDERFLOW -> throw new SSLException("there was nothing to say");
            case OK -> {
                if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
                    link.shakenHands();
                }
            }
        }
        return true;
    }

    /** Tells the other end why, or at least that it ends, before it does. */
    private HandlerStatus end() throws LinkException {
        if (!lastWordsSaid) {
            lastWordsSaid = true;
            sayLastWords();
        }
        if (dst.position() > 0) {
            return HandlerStatus.DIRTY;
        }
        throw link.failure();
    }

    private void sayLastWords() {
        try {
            SSLEngineResult result = engine.wrap(NOTHING, dst);
            while (result.getStatus() == SSLEngineResult.Status.OK && result.bytesProduced() > 0) {
                result = engine.wrap(NOTHING, dst);
            }
        } catch (SSLException e) {
            // It ends without.
        }
    }
}
