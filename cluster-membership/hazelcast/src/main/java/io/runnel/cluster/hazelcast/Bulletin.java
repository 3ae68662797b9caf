package io.runnel.cluster.hazelcast;

import io.runnel.exec.task.NodeName;
import io.runnel.topology.NetworkView;
import io.runnel.topology.NodeStatus;
import io.runnel.topology.NodeStatusJson;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What a node tells and hears, without a word of how it travels.
 *
 * <p>Whatever comes in, from any thread, is laid down where the newest replaces the older (the own
 * status, the {@link Inbox}), and {@link #work} is called for on the owner's thread. So nothing
 * here grows with the time that a cluster is away or a peer talks too much. {@code work} takes in
 * what was laid down, forgets whom it has not heard for too long, makes a new view if something
 * changed, and sends what is to be sent. It must be called from time to time as well, for what is
 * to be forgotten or tried again.
 */
final class Bulletin {
    private static final System.Logger LOG = System.getLogger(Bulletin.class.getName());
    private static final int MOST_LISTENERS = 16;

    /** How often what failed is tried again, and what is too old forgotten. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private record Own(NodeStatus status, long nanos) {}

    private final NodeName self;
    private final Duration life;
    private final Executor owner;
    private final Executor readers;
    private final LongSupplier nanoClock;

    private final Inbox inbox = new Inbox();
    private final AtomicReference<Optional<Own>> own = new AtomicReference<>(Optional.empty());
    private final AtomicBoolean called = new AtomicBoolean();
    private final AtomicBoolean unsent = new AtomicBoolean();
    private final AtomicBoolean sending = new AtomicBoolean();
    private final AtomicBoolean unread = new AtomicBoolean();
    private final AtomicBoolean reading = new AtomicBoolean();
    private final List<Consumer<NetworkView>> listeners = new CopyOnWriteArrayList<>();
    private volatile Optional<SharedMap> shared = Optional.empty();
    private volatile NetworkView view = NetworkView.EMPTY;

    /** The owner's alone. */
    private final Peers peers;

    /**
     * Makes an empty one.
     *
     * @param owner runs one thing after the other
     * @param readers runs what waits for the cluster
     */
    Bulletin(
            NodeName self,
            Duration life,
            Executor owner,
            Executor readers,
            LongSupplier nanoClock) {
        this.self = self;
        this.life = life;
        this.owner = owner;
        this.readers = readers;
        this.nanoClock = nanoClock;
        peers = new Peers(self, life);
    }

    /** One that works on this owner's thread, also by itself from time to time. */
    static Bulletin ownedBy(Owner owner, NodeName self, Duration life) {
        Executor readers = task -> Thread.ofVirtual().name("cluster-read-" + self).start(task);
        Bulletin bulletin = new Bulletin(self, life, owner, readers, System::nanoTime);
        owner.executeEvery(PAUSE, bulletin::work);
        return bulletin;
    }

    void publish(NodeStatus status) {
        if (!status.node().equals(self)) {
            throw new IllegalArgumentException(
                    "status must be of %s: it is of %s".formatted(self, status.node()));
        }
        own.set(Optional.of(new Own(status, nanoClock.getAsLong())));
        unsent.set(true);
        call();
    }

    NetworkView view() {
        return view;
    }

    void onChange(Consumer<NetworkView> listener) {
        if (listeners.size() >= MOST_LISTENERS) {
            throw new IllegalStateException("at most %d listeners".formatted(MOST_LISTENERS));
        }
        listeners.add(listener);
        owner.execute(() -> tell(listener, view));
    }

    /** The cluster is reached, perhaps again: tells it the own status and reads the others'. */
    void attach(SharedMap map) {
        shared = Optional.of(map);
        unsent.set(true);
        reread();
    }

    /** Reads all again: something may have been missed. */
    void reread() {
        unread.set(true);
        call();
    }

    /** The cluster is away. What was heard is believed until it is too old. */
    void detach() {
        shared = Optional.empty();
    }

    /** Takes the own status back, waiting no longer than {@code patience}. */
    void leave(Duration patience) {
        Optional<SharedMap> map = shared;
        detach();
        try {
            if (map.isPresent()) {
                map.get()
                        .remove(self.value())
                        .toCompletableFuture()
                        .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.log(Level.DEBUG, "the own status was not taken back", e);
        }
    }

    /** A value was set, or was removed if there is none. */
    void hear(String key, Optional<byte[]> value) {
        inbox.put(key, value);
        call();
    }

    private void call() {
        if (called.compareAndSet(false, true)) {
            owner.execute(this::work);
        }
    }

    /** Only on the owner's thread. */
    void work() {
        called.set(false);
        long now = nanoClock.getAsLong();
        inbox.drain((key, value) -> peers.take(key, value, now));
        peers.forgetOld(now);
        refresh();
        send(now);
        read();
    }

    private void refresh() {
        Map<NodeName, NodeStatus> statuses = peers.statuses();
        own.get().ifPresent(h -> statuses.put(self, h.status));
        if (!statuses.equals(view.statuses())) {
            view = new NetworkView(statuses);
            listeners.forEach(listener -> tell(listener, view));
        }
    }

    private static void tell(Consumer<NetworkView> listener, NetworkView view) {
        try {
            listener.accept(view);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a listener of the network view failed", e);
        }
    }

    private void send(long now) {
        Optional<SharedMap> map = shared;
        if (map.isEmpty() || sending.get() || !unsent.getAndSet(false)) {
            return;
        }
        // Looked at after that: what is published meanwhile is either this or unsent again.
        Optional<Own> fresh = own.get().filter(h -> now - h.nanos <= life.toNanos());
        if (fresh.isEmpty()) {
            return;
        }
        sending.set(true);
        byte[] json = NodeStatusJson.encode(fresh.get().status);
        try {
            map.get().set(self.value(), json, life).whenComplete((_, e) -> sent(e == null));
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "the own status was not sent", e);
            sent(false);
        }
    }

    /** What failed is tried again when work is next called for, not at once. */
    private void sent(boolean arrived) {
        sending.set(false);
        if (!arrived) {
            unsent.set(true);
        } else if (unsent.get()) {
            call();
        }
    }

    private void read() {
        Optional<SharedMap> map = shared;
        if (map.isPresent() && unread.get() && reading.compareAndSet(false, true)) {
            unread.set(false);
            readers.execute(() -> readFrom(map.get()));
        }
    }

    private void readFrom(SharedMap map) {
        try {
            map.readAll().forEach((key, value) -> hear(key, Optional.of(value)));
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "the others' statuses were not read", e);
            unread.set(true);
        } finally {
            reading.set(false);
        }
    }
}
