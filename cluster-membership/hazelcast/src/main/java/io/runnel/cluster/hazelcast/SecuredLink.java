package io.runnel.cluster.hazelcast;

import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.nio.Connection;

import io.runnel.attestation.tls.Shown;

import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

import javax.net.ssl.SSLEngine;

/**
 * One connection of Hazelcast's, by TLS. What comes in is in the hands of one thread, what goes out
 * in those of another, and signatures in those of a third: they share the engine, which is made for
 * it, and the stage.
 */
final class SecuredLink {
    /** What an end says in ours is 2 KiB: two certificates and a signature. */
    static final int MOST_HANDSHAKE_BYTES = 16 * 1024;

    // Types of records (RFC 8446, section 5.1).
    private static final byte ALERT = 21;
    private static final byte HANDSHAKE = 22;

    /** How long the last words may take. */
    private static final long TO_END_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final SecuredLinks links;
    private final SSLEngine engine;
    private final Channel channel;
    private final Connection connection;
    private final long sinceNanos = System.nanoTime();
    private final AtomicBoolean working = new AtomicBoolean();

    // Written by whoever holds the monitor.
    private volatile Stage stage = Stage.SHAKING;
    private volatile Optional<Shown> shown = Optional.empty();
    private volatile LinkException failure;
    private volatile long endingNanos;

    private volatile boolean heard;

    /** Of the thread that reads. */
    private int handshakeBytes;

    private enum Stage {
        /** Nobody is known of yet. */
        SHAKING,
        /** Who came has shown who it is, and has not yet said what it comes as. */
        SHOWN,
        /** Carries what is said. */
        OPEN,
        /** Carries nothing more; last words are said. */
        ENDING
    }

    SecuredLink(SecuredLinks links, SSLEngine engine, Channel channel, Connection connection) {
        this.links = links;
        this.engine = engine;
        this.channel = channel;
        this.connection = connection;
    }

    SSLEngine engine() {
        return engine;
    }

    boolean isShaking() {
        return stage == Stage.SHAKING;
    }

    boolean isOpen() {
        return stage == Stage.OPEN;
    }

    boolean isEnding() {
        return stage == Stage.ENDING;
    }

    /** Why it ends, once it does. */
    LinkException failure() {
        return failure;
    }

    /** Whether the other end has said anything beyond who it is. */
    boolean hasHeard() {
        return heard;
    }

    void hear() {
        heard = true;
    }

    /** Looks at what comes first: who does not begin as TLS does is not waited for. */
    void begins(byte type) throws LinkException {
        if (isShaking() && handshakeBytes == 0 && type != HANDSHAKE && type != ALERT) {
            throw new LinkException("what came first is not TLS");
        }
    }

    /** Counts what was read while nobody is known of yet. */
    void took(int bytes) throws LinkException {
        if (isShaking()) {
            handshakeBytes += bytes;
            if (handshakeBytes > MOST_HANDSHAKE_BYTES) {
                throw new LinkException("more was said than a handshake takes");
            }
        }
    }

    /** The handshake is over: who is it? */
    void shakenHands() throws LinkException {
        Shown seen = links.shown(engine.getSession());
        synchronized (this) {
            if (stage == Stage.SHAKING) {
                shown = Optional.of(seen);
                stage = channel.isClientMode() ? Stage.OPEN : Stage.SHOWN;
            }
        }
        if (isOpen()) {
            links.isKnown(this);
        }
        wake();
    }

    /**
     * Somebody who has shown who it is says what it comes as.
     *
     * @param begin what it says, at least so much of it as tells
     */
    void comes(ByteBuffer begin) throws LinkException {
        Shown seen = shown.orElseThrow();
        Optional<Spoken> as = Spoken.at(begin);
        if (as.filter(spoken -> links.mayCome(seen.peer(), spoken)).isEmpty()) {
            throw new LinkException(
                    "%s may not come as %s"
                            .formatted(
                                    seen.peer().uri(),
                                    as.map(Spoken::name).orElse("what is not known here")));
        }
        synchronized (this) {
            if (stage == Stage.SHOWN) {
                stage = Stage.OPEN;
            }
        }
        links.isKnown(this);
    }

    /** Does what takes its time elsewhere; both directions wait, and go on after that. */
    void work() {
        if (working.compareAndSet(false, true)) {
            try {
                links.work(this::workNow);
            } catch (RejectedExecutionException e) {
                working.set(false);
                fail(new LinkException("too many come at once"));
            }
        }
    }

    private void workNow() {
        try {
            for (Runnable task = engine.getDelegatedTask();
                    task != null;
                    task = engine.getDelegatedTask()) {
                task.run();
            }
        } finally {
            working.set(false);
            wake();
        }
    }

    private void wake() {
        wakeInbound();
        wakeOutbound();
    }

    void wakeInbound() {
        var unused = channel.inboundPipeline().wakeup();
    }

    void wakeOutbound() {
        var unused = channel.outboundPipeline().wakeup();
    }

    /** Something went wrong at one of the ends. */
    void fail(Exception cause) {
        end(
                Level.WARNING,
                new LinkException(
                        "the link %s %s is not secured: %s"
                                .formatted(
                                        channel.isClientMode() ? "to" : "from",
                                        host(),
                                        cause.getMessage())));
    }

    private String host() {
        return channel.remoteSocketAddress() instanceof InetSocketAddress remote
                ? remote.getAddress().getHostAddress()
                : "nowhere";
    }

    private void end(Level level, LinkException reason) {
        if (beginEnd(reason)) {
            links.tell(level, reason.getMessage());
        }
    }

    private boolean beginEnd(LinkException reason) {
        synchronized (this) {
            if (stage == Stage.ENDING) {
                return false;
            }
            failure = reason;
            endingNanos = System.nanoTime();
            stage = Stage.ENDING;
        }
        engine.closeOutbound();
        wake();
        return true;
    }

    /** The other end has said that it says no more. */
    void otherEndCloses() {
        end(Level.DEBUG, new LinkException("the other end has closed it"));
    }

    /** Ends it if it is not to go on; to be called from time to time. */
    void look(long nowNanos, Predicate<Shown> believed) {
        switch (stage) {
            case SHAKING, SHOWN -> {
                if (nowNanos - sinceNanos > SecuredLinks.TO_SHOW.toNanos()) {
                    fail(new LinkException("nobody has shown who it is"));
                }
            }
            case OPEN -> {
                if (shown.filter(believed).isEmpty()) {
                    end(Level.INFO, new LinkException("a link with %s ends".formatted(peer())));
                }
            }
            case ENDING -> {
                if (nowNanos - endingNanos > TO_END_NANOS) {
                    cut(failure.getMessage());
                }
            }
        }
    }

    private String peer() {
        return shown.map(seen -> seen.peer().uri()).orElse("nobody");
    }

    /** Breaks it off at once. */
    void cut(String reason) {
        connection.close(reason, new LinkException(reason));
    }
}
