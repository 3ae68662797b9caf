package io.runnel.cluster.replication;

import io.runnel.attestation.gate.OwnDocument;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Requirements;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.VersionRecord;

import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Whether a node is what the owners of tasks ask of nodes, by its own account of itself: what it
 * does not believe of itself it does not ask others for. Safe for any thread; never blocks.
 *
 * @param catalog as it is at the time
 */
public record Qualification(Supplier<Catalog> catalog, OwnDocument own)
        implements Predicate<VersionRecord> {
    /** Whether it may have a version's code, and run it. */
    @Override
    public boolean test(VersionRecord version) {
        return own.meets(asked(version));
    }

    /** What a version's owner asks of nodes. */
    public Requirements asked(VersionRecord version) {
        AccountId owner = version.task().ref().account();
        return catalog.get().account(owner).map(AccountRecord::requires).orElse(Requirements.NONE);
    }
}
