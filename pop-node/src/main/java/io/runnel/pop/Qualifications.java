package io.runnel.pop;

import io.runnel.cluster.replication.Peer;
import io.runnel.cluster.replication.Qualification;
import io.runnel.exec.task.Requirements;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.placement.EligibleRegions;
import io.runnel.routing.placement.Fit;
import io.runnel.topology.Policy;
import io.runnel.topology.Pop;
import io.runnel.topology.Topology;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Where a version may run, by what its owner and its network ask of nodes. Safe for any thread;
 * never blocks.
 *
 * @param here whether this POP is what owners ask for
 * @param there what regions are
 * @param traffic what the network asks of regions that are sent calls
 */
record Qualifications(Qualification here, RegionDocuments there, Requirements traffic) {
    /** Those of a POP. */
    static Qualifications of(
            PopFacts facts,
            Supplier<Catalog> catalog,
            PopIdentity identity,
            Executor workers,
            InstantSource clock,
            LongSupplier nanoClock) {
        List<Peer> nodes =
                facts.topology().regions().stream()
                        .flatMap(region -> facts.peers(region.name()).stream())
                        .toList();
        return new Qualifications(
                new Qualification(catalog, identity.document()),
                new RegionDocuments(
                        nodes, identity.client(), identity.documents(), workers, clock, nanoClock),
                facts.topology().required(Policy.Action.RECEIVE_TRAFFIC));
    }

    /**
     * Where a version may run.
     *
     * @param fit how it fits this POP
     * @param regions in which it may run
     */
    record Places(Fit fit, EligibleRegions regions) {}

    /** Both at once: what the owner asks for is looked up once for each call. */
    Places places(VersionRecord version, Pop pop, Topology topology) {
        Requirements asked = here.asked(version);
        return new Places(
                fit(version, pop, asked),
                EligibleRegions.of(version, topology)
                        .among(there.meeting(traffic))
                        .among(there.meeting(asked)));
    }

    /** How it fits this POP. */
    Fit fit(VersionRecord version, Pop pop) {
        return fit(version, pop, here.asked(version));
    }

    private Fit fit(VersionRecord version, Pop pop, Requirements asked) {
        Fit fit = Fit.of(version, pop);
        return fit == Fit.FITS && !here.own().meets(asked) ? Fit.NOT_QUALIFIED : fit;
    }
}
