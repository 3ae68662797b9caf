package io.runnel.region.server.authority;

import io.runnel.attestation.audit.AuditFact;
import io.runnel.attestation.audit.Witness;
import io.runnel.attestation.audit.Witness.Found;
import io.runnel.attestation.identity.Identity;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.Peer;
import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.StoreException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Follows another region's audit log and has this region's authority write down up to where it was
 * sound, so that the other cannot write its past anew unseen. Safe for any thread.
 */
public final class AuditFollower {
    /** How often it asks. */
    public static final Duration EVERY = Duration.ofSeconds(5);

    /** So often it does not ask after it found something wrong: it begins anew then. */
    private static final int PAUSE = 12;

    private static final Logger LOG = System.getLogger(AuditFollower.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 4 << 20;

    private final Vertx vertx;
    private final InternalClient client;
    private final List<Peer> peers;
    private final RegionAuthority own;
    private final Executor disk;
    private final AtomicBoolean asking = new AtomicBoolean();

    /** Used by who is asking. */
    private final Witness witness;

    private int pause;

    /**
     * One that follows the log of this authority.
     *
     * @param peers that region's nodes: any of them knows
     * @param own who writes down what is found
     * @param disk may block
     */
    public AuditFollower(
            Vertx vertx,
            InternalClient client,
            Identity.Authority other,
            List<Peer> peers,
            RegionAuthority own,
            Executor disk) {
        this.vertx = vertx;
        this.client = client;
        this.witness = new Witness(other);
        this.peers = List.copyOf(peers);
        this.own = own;
        this.disk = disk;
    }

    /** Begins to ask. */
    public void start() {
        vertx.setPeriodic(EVERY.toMillis(), tick -> ask());
    }

    /** Asks once, if nothing is under way. */
    void ask() {
        if (asking.compareAndSet(false, true)) {
            disk.execute(this::begin);
        }
    }

    private void begin() {
        if (pause > 0) {
            pause--;
            asking.set(false);
            return;
        }
        try {
            // Before what is read: a mate may write down more meanwhile.
            Optional<AuditFact.Head> before = own.witnessed(witness.other());
            ask(before);
        } catch (AuditBrokenException e) {
            // Its own log is another's to tell of.
            asking.set(false);
        }
    }

    private void ask(Optional<AuditFact.Head> before) {
        String uri = "%s?after=%d".formatted(AuditHandler.PATH, witness.after());
        Future<Buffer> asked = Future.failedFuture("nobody to ask");
        for (Peer peer : peers) {
            asked = asked.recover(none -> client.get(peer, uri, MOST_BYTES, PATIENCE));
        }
        asked.onComplete(
                text -> disk.execute(() -> heard(text.toString(), before)),
                cause -> asking.set(false));
    }

    private void heard(String text, Optional<AuditFact.Head> before) {
        List<String> entries = text.lines().toList();
        boolean end = entries.size() < RegionStore.MOST_ENTRIES;
        boolean more = false;
        try {
            more = hear(entries, end, before) && !end;
        } catch (StoreException | AuditBrokenException e) {
            // What was found is found again.
            LOG.log(Level.DEBUG, "nothing is witnessed", e);
        } finally {
            asking.set(false);
        }
        if (more) {
            ask();
        }
    }

    /** Returns whether it goes on. */
    private boolean hear(List<String> entries, boolean end, Optional<AuditFact.Head> before) {
        switch (witness.hear(entries, end, before)) {
            case Found.Nothing nothing -> {}
            case Found.Sound(AuditFact.Head head) -> own.witness(witness.other(), head);
            case Found.Otherwise(String why) -> {
                pause = PAUSE;
                LOG.log(
                        Level.WARNING,
                        "the audit log of {0} is not what it was: {1}",
                        witness.other().uri(),
                        why);
                own.contradict(witness.other(), before, why);
                return false;
            }
        }
        return true;
    }
}
