package io.runnel.region.server;

import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.SqliteStore;
import io.runnel.cluster.store.StoreException;
import io.runnel.cluster.store.StoreListener;
import io.runnel.cluster.store.StoreSettings;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.task.RegionId;
import io.runnel.region.server.control.SecretSeal;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.FeedRecord;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;

/**
 * What a region keeps: the store, the catalog that is made of it, the feed that is served from it,
 * and code. Each write is in the catalog before the one who wrote it is told.
 */
record RegionState(
        RegionStore store,
        CatalogHolder catalog,
        StoreFeedLog feed,
        CodeStore codes,
        SecretSeal seal) {

    /**
     * Opens everything; waits until the catalog is there.
     *
     * @throws IOException if the folder for code or the key for secrets cannot be made
     */
    static RegionState open(RegionFacts facts, LongSupplier nanoClock, SecureRandom random)
            throws IOException {
        Path keyFile = facts.folder().own().resolve("store.key");
        SecretSeal seal =
                new SecretSeal(SealKey.readOrCreate(keyFile, SecretSeal.KEY_BYTES, random), random);
        RegionStore store =
                SqliteStore.open(
                        StoreSettings.of(facts.folder().store(), facts.region().name()),
                        InstantSource.system(),
                        random);
        CatalogHolder catalog = new CatalogHolder(nanoClock);
        // Nobody writes before this node listens, so nothing falls between loading and listening.
        Catalog loaded = loaded(store);
        catalog.install(loaded);
        store.listen(new CatalogWriter(catalog));
        StoreFeedLog feed = new StoreFeedLog(store, store.positions().join());
        store.listen(feed);
        if (facts.region().registry()) {
            new AdminBootstrap(store, seal).run(loaded, facts.folder().credentials());
        }
        return new RegionState(store, catalog, feed, new CodeStore(facts.folder().code()), seal);
    }

    private static Catalog loaded(RegionStore store) {
        try {
            return store.loadCatalog().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreException told ? told : e;
        }
    }

    /** Keeps the catalog as the store is. */
    private record CatalogWriter(CatalogHolder catalog) implements StoreListener {
        @Override
        public void added(List<FeedRecord> records) {
            catalog.apply(records);
        }

        @Override
        public void replaced(RegionId origin, List<FeedRecord> snapshot) {
            catalog.replace(origin, snapshot);
        }
    }
}
