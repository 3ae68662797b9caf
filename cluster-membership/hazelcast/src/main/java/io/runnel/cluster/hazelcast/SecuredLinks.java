package io.runnel.cluster.hazelcast;

import com.hazelcast.cluster.Address;
import com.hazelcast.internal.networking.Channel;
import com.hazelcast.internal.nio.Connection;

import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.tls.PeerContexts;
import io.runnel.attestation.tls.PeerTrust;
import io.runnel.attestation.tls.Shown;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * All links of a member or client of a cluster, by TLS. Looks at them every second: who says too
 * little is hung up on, and what is not believed any more ends. Safe for any thread.
 *
 * <p>Signatures are worked out by threads of its own, never by Hazelcast's, which carry what
 * everybody says.
 */
final class SecuredLinks implements AutoCloseable {
    /** How often links are looked at. */
    static final Duration EVERY = Duration.ofSeconds(1);

    /** Within so long somebody has shown who it is and said what it comes as. */
    static final Duration TO_SHOW = Duration.ofSeconds(10);

    /** Who has not shown who it is yet; of more than that the eldest is hung up on. */
    static final int MOST_WAITING = 256;

    private static final Logger LOG = System.getLogger(SecuredLinks.class.getName());
    private static final int WORKERS = 2;
    private static final int IDLE_SECONDS = 10;

    private final LinkSecurity security;
    private final ClusterDirectory directory;
    private final SSLContext context;
    private final Repeats repeats = new Repeats(Duration.ofMinutes(1), System::nanoTime);
    private final Set<SecuredLink> open = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor workers;
    private final ScheduledThreadPoolExecutor watch;

    /** Those that nobody is known of yet, in the order in which they came; guarded by itself. */
    private final LinkedHashSet<SecuredLink> waiting = new LinkedHashSet<>();

    /** Those of this node in the cluster of that region. */
    SecuredLinks(LinkSecurity security, NodeName self, RegionId region) {
        this.security = security;
        this.directory = new ClusterDirectory(security.topology(), self, region);
        PeerTrust trust =
                new PeerTrust(
                        security.trust(),
                        security.trust().revocations(),
                        directory,
                        security.clock());
        this.context = new PeerContexts(security.own(), trust, security.random()).create();
        var factory = Thread.ofPlatform().daemon().name("cluster-links-" + self).factory();
        workers =
                new ThreadPoolExecutor(
                        WORKERS,
                        WORKERS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(2 * MOST_WAITING),
                        factory);
        workers.allowCoreThreadTimeOut(true);
        watch = new ScheduledThreadPoolExecutor(1, factory);
        var unused =
                watch.scheduleWithFixedDelay(
                        this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * A new one, before anything was said on it.
     *
     * @param unheard told if it was dialled and ends before anything was heard on it: nobody is
     *     there whom this node can talk to
     */
    SecuredLink open(Channel channel, Connection connection, Consumer<Address> unheard)
            throws SSLException {
        SSLEngine engine = engine(channel);
        engine.beginHandshake();
        SecuredLink link = new SecuredLink(this, engine, channel, connection);
        Optional<SecuredLink> eldest = await(link);
        open.add(link);
        channel.addCloseListener(
                closed -> {
                    forget(link);
                    if (channel.isClientMode() && !link.hasHeard()) {
                        unheard.accept(dialled(channel));
                    }
                });
        if (channel.isClosed()) {
            forget(link);
        }
        eldest.ifPresent(one -> one.cut("too many come at once"));
        return link;
    }

    private SSLEngine engine(Channel channel) {
        SSLEngine engine;
        if (channel.isClientMode()) {
            Address dialled = dialled(channel);
            engine = context.createSSLEngine(dialled.getHost(), dialled.getPort());
            engine.setUseClientMode(true);
        } else {
            engine = context.createSSLEngine();
            engine.setUseClientMode(false);
            engine.setNeedClientAuth(true);
        }
        engine.setEnabledProtocols(new String[] {PeerContexts.PROTOCOL});
        return engine;
    }

    private static Address dialled(Channel channel) {
        return (Address) channel.attributeMap().get(Address.class);
    }

    private Optional<SecuredLink> await(SecuredLink link) {
        synchronized (waiting) {
            waiting.add(link);
            return waiting.size() > MOST_WAITING
                    ? Optional.of(waiting.removeFirst())
                    : Optional.empty();
        }
    }

    private void forget(SecuredLink link) {
        open.remove(link);
        isKnown(link);
    }

    /** Nobody waits for this one any more. */
    void isKnown(SecuredLink link) {
        synchronized (waiting) {
            waiting.remove(link);
        }
    }

    /**
     * Has this done by a thread that may take its time.
     *
     * @throws RejectedExecutionException if there is too much of it
     */
    void work(Runnable task) {
        workers.execute(task);
    }

    /**
     * What was shown in a handshake.
     *
     * @throws LinkException if that does not count, or no more
     */
    Shown shown(SSLSession session) throws LinkException {
        Instant now = security.clock().instant();
        Shown shown =
                Shown.in(session, security.trust(), now)
                        .orElseThrow(() -> new LinkException("nobody has shown who it is"));
        if (!isBelieved(shown, now)) {
            throw new LinkException(
                    "what %s has shown counts no more".formatted(shown.peer().uri()));
        }
        return shown;
    }

    private boolean isBelieved(Shown shown, Instant now) {
        return shown.isBelieved(security.own(), security.trust(), now);
    }

    /** Whether this one may come as that. */
    boolean mayCome(Identity who, Spoken as) {
        return directory.mayCome(who, as);
    }

    /** Says once in a while why a link ends. */
    void tell(Level level, String message) {
        if (repeats.isNews(message)) {
            LOG.log(level, message);
        }
    }

    /** Ends what is not to go on. */
    void look() {
        try {
            Instant now = security.clock().instant();
            long nanos = System.nanoTime();
            open.forEach(link -> link.look(nanos, shown -> isBelieved(shown, now)));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "links were not looked at", e);
        }
    }

    /** Looks no more; its links end with whoever has them. */
    @Override
    public void close() {
        watch.shutdownNow();
        workers.shutdownNow();
    }
}
