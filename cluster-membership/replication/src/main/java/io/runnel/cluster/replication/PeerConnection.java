package io.runnel.cluster.replication;

import io.netty.channel.Channel;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.tls.Shown;
import io.vertx.core.http.HttpConnection;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A connection whose other end has shown who it is; good until what either end has shown ends or is
 * revoked. One of HTTP/2 to this node is given back in time, so that no call breaks. Safe for any
 * thread.
 */
final class PeerConnection {
    /** So long before its end a connection takes its last request. */
    static final Duration LAST = Duration.ofMinutes(10);

    private static final long PATIENCE_SECONDS = 60;
    private static final long NO_ERROR = 0;

    private final Channel channel;
    private final Shown shown;
    private final Instant since;
    private volatile Optional<HttpConnection> served = Optional.empty();
    private volatile Stage stage = Stage.OPEN;

    private enum Stage {
        OPEN,
        /** Its client was told to take another one; what it has sent meanwhile is taken. */
        TOLD,
        /** Takes nothing more. */
        ENDING
    }

    /** One on which this was shown just now. */
    PeerConnection(Channel channel, Shown shown, Instant since) {
        this.channel = channel;
        this.shown = shown;
        this.since = since;
    }

    Identity peer() {
        return shown.peer();
    }

    Shown shown() {
        return shown;
    }

    /** It carries requests to this node, by HTTP/2. */
    void serves(HttpConnection http) {
        if (served.isEmpty()) {
            served = Optional.of(http);
        }
    }

    /** Has its client take another one, if it is time; to be called from time to time. */
    void retire(Instant now) {
        Instant last = shown.end().minus(LAST);
        // One that came after that would come again: nothing newer is to be had.
        if (served.isEmpty() || now.isBefore(last) || !since.isBefore(last)) {
            return;
        }
        HttpConnection http = served.get();
        switch (stage) {
            case OPEN -> {
                stage = Stage.TOLD;
                channel.eventLoop().execute(() -> http.goAway(NO_ERROR, Integer.MAX_VALUE));
            }
            case TOLD -> {
                stage = Stage.ENDING;
                channel.eventLoop()
                        .execute(() -> http.shutdown(PATIENCE_SECONDS, TimeUnit.SECONDS));
            }
            case ENDING -> {}
        }
    }

    /** Breaks it off, with all that it carries. */
    void cut() {
        var unused = channel.close();
    }
}
