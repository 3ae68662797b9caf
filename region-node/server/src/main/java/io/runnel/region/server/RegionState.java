package io.runnel.region.server;

import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.StoreException;
import io.runnel.cluster.store.StoreListener;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.node.NodeFolder;
import io.runnel.exec.task.RegionId;
import io.runnel.region.server.control.SecretSeal;
import io.runnel.region.server.control.TaskSecrets;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.FeedRecord;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
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
        SecretSeal seal,
        TaskSecrets secrets) {

    /**
     * Opens everything; waits until the catalog is there.
     *
     * @param seals sign what the region writes, and check what its store says
     * @throws StoreException if the store cannot be opened, or its own log is not what this region
     *     signed
     * @throws IOException if the folder for code or the key for secrets cannot be made
     */
    static RegionState open(
            RegionFacts facts, RegionSeals seals, LongSupplier nanoClock, SecureRandom random)
            throws IOException {
        requireWhole(facts.folder());
        SecretSeal seal = new SecretSeal(SealKey.of(facts, random), random);
        RegionStore store = StoreOpening.open(facts, seals, nanoClock, random);
        try {
            return open(facts, seals, store, seal, nanoClock);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static RegionState open(
            RegionFacts facts,
            RegionSeals seals,
            RegionStore store,
            SecretSeal seal,
            LongSupplier nanoClock)
            throws IOException {
        new SealedOnce(facts.folder().own().resolve(SealedOnce.NAME)).ensure(store);
        store.keepAuthorities(seals.own()).join();
        CatalogHolder catalog = new CatalogHolder(nanoClock);
        StoreFeedLog feed = new StoreFeedLog(store);
        listen(store, new Reader(catalog, feed));
        if (facts.region().registry()) {
            new AdminBootstrap(store, seal).run(catalog.current(), facts.folder().credentials());
        }
        TaskSecrets secrets = new TaskSecrets(store, seal);
        catalog.onChange(secrets::forget);
        return new RegionState(
                store, catalog, feed, new CodeStore(facts.folder().code()), seal, secrets);
    }

    /** With no store a node makes an empty one, and everybody else follows it. */
    private static void requireWhole(NodeFolder folder) {
        if (Files.exists(folder.restoring())) {
            throw new StoreException(
                    StoreException.Code.DAMAGED,
                    "%s: a restore broke off here; do it again".formatted(folder.own()));
        }
    }

    private static void listen(RegionStore store, StoreListener listener) {
        try {
            store.listen(listener).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreException told ? told : e;
        }
    }

    /** Keeps the catalog as the store is, and then tells those who follow. */
    private record Reader(CatalogHolder catalog, StoreFeedLog feed) implements StoreListener {
        @Override
        public void started(Catalog known) {
            catalog.install(known);
            feed.started(known);
        }

        @Override
        public void added(List<FeedRecord> records) {
            catalog.apply(records);
            feed.added(records);
        }

        @Override
        public void replaced(RegionId origin, List<FeedRecord> snapshot) {
            catalog.replace(origin, snapshot);
            feed.replaced(origin, snapshot);
        }
    }
}
