package io.runnel.pop;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.gate.PeerDocuments;
import io.runnel.attestation.identity.Rejection;
import io.runnel.attestation.identity.Verdict;
import io.runnel.attestation.policy.FactPolicy;
import io.runnel.cluster.replication.DocumentHandler;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.Peer;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Requirements;
import io.runnel.routing.placement.EligibleRegions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What the nodes of regions are, by the documents that they show; and so to which regions a call
 * may be sent whose owner, or whose network, asks something of nodes. A region meets that when all
 * of its nodes do that have shown something of late, and at least one has. Safe for any thread;
 * asking it takes no lock.
 */
final class RegionDocuments {
    /** How often each node is asked. */
    static final Duration EVERY = Duration.ofSeconds(3);

    /** So long what was shown is taken for what is: then a node that fell silent says nothing. */
    static final Duration GOOD = Duration.ofSeconds(9);

    private static final Logger LOG = System.getLogger(RegionDocuments.class.getName());
    private static final int MOST_BYTES = 16 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MOST_KNOWN = 1_000;

    private final List<Peer> nodes;
    private final List<RegionId> regions;
    private final InternalClient client;
    private final PeerDocuments documents;
    private final Executor workers;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final Map<Peer, Shown> shown = new ConcurrentHashMap<>();

    /** Who has shown something, or not answered, or was not believed. */
    private final Set<Peer> asked = ConcurrentHashMap.newKeySet();

    private volatile Map<Requirements, EligibleRegions> known = new ConcurrentHashMap<>();

    private record Shown(ObjectNode facts, long atNanos) {}

    /**
     * Knows nothing yet.
     *
     * @param nodes those of all regions
     * @param workers where signatures are checked
     * @param nanoClock monotonic, in nanoseconds
     */
    RegionDocuments(
            List<Peer> nodes,
            InternalClient client,
            PeerDocuments documents,
            Executor workers,
            InstantSource clock,
            LongSupplier nanoClock) {
        this.nodes = List.copyOf(nodes);
        this.regions = nodes.stream().map(Peer::region).distinct().toList();
        this.client = client;
        this.documents = documents;
        this.workers = workers;
        this.clock = clock;
        this.nanoClock = nanoClock;
    }

    /** Asks all nodes from now on. */
    void start(Vertx vertx) {
        vertx.setPeriodic(0, EVERY.toMillis(), tick -> look());
    }

    void look() {
        for (Peer node : nodes) {
            client.get(node, DocumentHandler.PATH, MOST_BYTES, PATIENCE)
                    .onSuccess(jwt -> workers.execute(() -> told(node, jwt)))
                    .onFailure(silent -> forgetIfOld(node));
        }
    }

    /** Whether of each node something is known: what it shows, or that it shows nothing. */
    boolean knowsAll() {
        return asked.containsAll(nodes);
    }

    private void told(Peer node, Buffer text) {
        String jwt = text.toString(StandardCharsets.US_ASCII);
        // Each time: one that was believed may have ended or been revoked since.
        switch (documents.check(node.region(), jwt, clock.instant())) {
            case Verdict.Trusted<PeerDocuments.Shown>(PeerDocuments.Shown its) -> {
                Shown before = shown.put(node, new Shown(its.facts(), nanoClock.getAsLong()));
                if (before == null || !before.facts().equals(its.facts())) {
                    known = new ConcurrentHashMap<>();
                }
                asked.add(node);
            }
            case Verdict.Rejected<PeerDocuments.Shown>(List<Rejection> why) -> {
                LOG.log(Level.INFO, "what {0} shows of itself is not believed: {1}", node, why);
                forgetIfOld(node);
            }
        }
    }

    private void forgetIfOld(Peer node) {
        long oldest = nanoClock.getAsLong() - GOOD.toNanos();
        Shown before = shown.get(node);
        if (before != null && before.atNanos() - oldest < 0 && shown.remove(node, before)) {
            known = new ConcurrentHashMap<>();
        }
        asked.add(node);
    }

    /** The regions that are what is asked for. */
    EligibleRegions meeting(Requirements wanted) {
        if (wanted.areNone()) {
            return EligibleRegions.EVERYWHERE;
        }
        Map<Requirements, EligibleRegions> now = known;
        EligibleRegions before = now.get(wanted);
        if (before != null) {
            return before;
        }
        EligibleRegions found = find(new FactPolicy(wanted));
        if (now.size() < MOST_KNOWN) {
            now.put(wanted, found);
        }
        return found;
    }

    private EligibleRegions find(FactPolicy policy) {
        List<RegionId> meeting = regions.stream().filter(region -> meets(region, policy)).toList();
        return meeting.size() == regions.size()
                ? EligibleRegions.EVERYWHERE
                : EligibleRegions.only(meeting);
    }

    private boolean meets(RegionId region, FactPolicy policy) {
        List<ObjectNode> facts =
                nodes.stream()
                        .filter(node -> node.region().equals(region))
                        .map(shown::get)
                        .filter(its -> its != null)
                        .map(Shown::facts)
                        .toList();
        return !facts.isEmpty()
                && facts.stream()
                        .allMatch(one -> policy.check(one) instanceof Verdict.Trusted<ObjectNode>);
    }
}
