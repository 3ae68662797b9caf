package io.runnel.chaos.proxy;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * One listener with a server behind it, and the toxics on the way. Changes come from one thread at
 * a time (the {@link Links} hold a lock); connections come on threads of their own.
 */
final class Link {
    private static final System.Logger LOG = System.getLogger(Link.class.getName());
    private static final int MOST_CONNECTIONS = 4096;
    private static final int MOST_WAITING = 512;
    private static final int CONNECT_MS = 10_000;

    /** A socket, and the thread that accepts on it: only when that has ended is the port free. */
    private record Listener(ServerSocket socket, Thread accepts) {
        void close() {
            try {
                socket.close();
                accepts.join();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "while closing a listener", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final long seed;
    private final LongSupplier nanoClock;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile LinkSettings settings;
    private volatile List<Toxic> toxics = List.of();
    private Optional<Listener> listener = Optional.empty();
    private final AtomicLong accepted = new AtomicLong();
    private final Acts acts = new Acts();

    Link(LinkSettings settings, long seed, LongSupplier nanoClock) {
        this.settings = settings;
        this.seed = seed;
        this.nanoClock = nanoClock;
    }

    LinkSettings settings() {
        return settings;
    }

    Acts acts() {
        return acts;
    }

    List<Toxic> toxics() {
        return toxics;
    }

    /** Listens, if it is enabled. From now on its port is known; or it is not enabled any more. */
    void start() throws ApiException {
        if (!settings.enabled() || listener.isPresent()) {
            return;
        }
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(settings.listenAddress(), MOST_WAITING);
            settings =
                    settings.withListen(
                            socket.getInetAddress().getHostAddress() + ":" + socket.getLocalPort());
            Thread accepts = Thread.ofVirtual().name(settings.name()).start(() -> accept(socket));
            listener = Optional.of(new Listener(socket, accepts));
        } catch (IOException e) {
            settings = settings.withEnabled(false);
            throw new ApiException(
                    ApiException.Code.FAILED,
                    "cannot listen on %s: %s".formatted(settings.listen(), e.getMessage()));
        }
    }

    /** Listens no more and closes every connection. */
    void stop() {
        listener.ifPresent(Listener::close);
        listener = Optional.empty();
        acts.count(Acts.CUT, connections.size());
        connections.forEach(Connection::close);
    }

    /** Becomes this; where listener or server change, its connections are closed. */
    void change(LinkSettings next) throws ApiException {
        if (!next.leadsAs(settings) || !next.enabled()) {
            stop();
        }
        settings = next;
        start();
    }

    /** These toxics hold from now on, for connections that are open too. */
    synchronized void apply(List<Toxic> next) {
        toxics = List.copyOf(next);
        connections.forEach(connection -> connection.apply(toxics));
    }

    private synchronized void add(Connection made) {
        connections.add(made);
        made.apply(toxics);
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                long number = accepted.getAndIncrement();
                Thread.ofVirtual().start(() -> connect(socket, client, number));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    LOG.log(Level.WARNING, "accepting on " + settings.listen(), e);
                }
            }
        }
    }

    private void connect(ServerSocket from, Socket client, long number) {
        if (connections.size() >= MOST_CONNECTIONS) {
            LOG.log(
                    Level.WARNING,
                    "{0}: more than {1} connections",
                    settings.name(),
                    MOST_CONNECTIONS);
            Connection.close(client, true);
            return;
        }
        Socket server = new Socket();
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            InetSocketAddress upstream = settings.upstreamAddress();
            server.connect(upstream, CONNECT_MS);
            join(from, client, server, number);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, () -> settings.name() + ": " + settings.upstream() + ": " + e);
            Connection.close(server, false);
            Connection.close(client, false);
        }
    }

    private void join(ServerSocket from, Socket client, Socket server, long number) {
        SplittableRandom random = random(number);
        Connection made =
                new Connection(
                        client,
                        server,
                        new Shaper(random, acts),
                        new Shaper(random.split(), acts),
                        nanoClock,
                        connections::remove);
        add(made);
        made.start(settings.name() + " " + number);
        if (from.isClosed()) {
            made.close();
        }
    }

    /** Each connection's chance follows from seed, name and number, whatever else goes on. */
    private SplittableRandom random(long number) {
        return new SplittableRandom((seed * 31 + settings.name().hashCode()) * 31 + number);
    }

    /** The toxics with this one in the place of the one of its name, or at the end. */
    static List<Toxic> with(List<Toxic> toxics, Toxic toxic) {
        List<Toxic> next = new ArrayList<>(toxics);
        next.replaceAll(other -> other.name().equals(toxic.name()) ? toxic : other);
        if (!next.contains(toxic)) {
            next.add(toxic);
        }
        return next;
    }
}
