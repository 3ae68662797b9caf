package io.runnel.region.server;

import io.runnel.cluster.store.PostgresSettings;
import io.runnel.cluster.store.PostgresStore;
import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.Retention;
import io.runnel.cluster.store.SqliteStore;
import io.runnel.cluster.store.StoreSettings;
import io.runnel.routing.catalog.RecordSeals;
import io.runnel.topology.StoreSetting;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** The store that the topology names. */
final class StoreOpening {
    private StoreOpening() {}

    /**
     * Opens it; blocks.
     *
     * @throws io.runnel.cluster.store.StoreException if it cannot be opened
     */
    static RegionStore open(
            RegionFacts facts, RecordSeals seals, LongSupplier nanoClock, SecureRandom random) {
        InstantSource clock = InstantSource.system();
        return switch (facts.region().store()) {
            case StoreSetting.Sqlite own ->
                    SqliteStore.open(
                            StoreSettings.of(facts.folder().store(), facts.region().name()),
                            seals,
                            clock,
                            random);
            case StoreSetting.Postgresql shared ->
                    PostgresStore.open(settings(facts, shared), seals, clock, nanoClock, random);
        };
    }

    static PostgresSettings settings(RegionFacts facts, StoreSetting.Postgresql shared) {
        return new PostgresSettings(
                shared.server().host(),
                shared.server().port(),
                shared.database(),
                shared.user(),
                shared.passwordFile().map(Path::of),
                shared.rootCertificate().map(Path::of),
                facts.region().name(),
                facts.node().name().value(),
                Retention.DEFAULT);
    }
}
