package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.SealedFetcher;
import io.runnel.cluster.replication.SecretFetcher;
import io.runnel.cluster.store.Draft;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskOptions;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.CallerAliasRecord;
import io.runnel.routing.catalog.CatalogRecord;
import io.runnel.routing.catalog.VersionRecord;
import io.vertx.core.Vertx;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A region that has nobody to ask: what is not in its store does not come. */
final class SecretKeeperTest {
    private static final SecretBundle BUNDLE = new SecretBundle("0".repeat(32), Set.of("A"));
    private static final VersionRecord VERSION = version("demo");
    private static final SecretBundle.Key KEY = SecretBundle.Key.of(VERSION.task()).orElseThrow();

    @TempDir private Path data;
    private final Vertx vertx = Vertx.vertx();
    private RegionState state;
    private SecretKeeper keeper;
    private boolean isWanted = true;

    @BeforeEach
    void open() throws IOException {
        state = OneNodeRegion.in(data).open();
        SealedFetcher nobody =
                new SealedFetcher(
                        new InternalClient(vertx::createHttpClient),
                        new NodeIdentity(new SecureRandom()),
                        Runnable::run);
        keeper =
                new SecretKeeper(
                        state.secrets(), new SecretFetcher(nobody), List.of(), version -> isWanted);
        for (String name : List.of("demo", "other")) {
            write(new AccountRecord(new AccountId(name), OneNodeRegion.WEST, false));
        }
        assertTrue(isAllHere());
    }

    @AfterEach
    void close() throws Exception {
        state.store().close();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static VersionRecord version(String account) {
        Task task =
                new Task(
                        TaskRef.of(account, "hello"),
                        1,
                        RuntimeKind.WASM,
                        HandlerKind.HTTP,
                        CodeDigest.of(new byte[] {1}),
                        Limits.DEFAULT,
                        Map.of(),
                        TaskOptions.DEFAULT.withSecrets(Optional.of(BUNDLE)));
        return new VersionRecord(task, ByteSize.ofKiB(3), List.of(), Instant.EPOCH);
    }

    private void write(CatalogRecord record) {
        append(Draft.of(record));
    }

    private void delete(CatalogRecord record) {
        append(Draft.deletion(record.kind(), record.key()));
    }

    private void append(Draft draft) {
        assertEquals(1, state.store().append(List.of(draft), List.of()).join().size());
    }

    private void keep(SecretBundle.Key key) {
        state.secrets().keep(key, Map.of("A", "b")).toCompletableFuture().join();
    }

    /** What the first look begins has ended once the store has done what was asked of it later. */
    private boolean isAllHere() {
        boolean unused = keeper.check(state.catalog().current());
        assertTrue(state.store().positions().join().position(OneNodeRegion.WEST).isPresent());
        return keeper.check(state.catalog().current());
    }

    @Test
    void whatIsNamedIsLookedForUntilItIsHere() {
        write(VERSION);
        assertFalse(isAllHere());
        write(version("other"));
        keep(KEY);
        assertFalse(isAllHere(), "the other's are not");
        keep(SecretBundle.Key.of(version("other").task()).orElseThrow());
        assertTrue(isAllHere());
    }

    @Test
    void whatOthersChangeMakesNoneBeHere() {
        write(VERSION);
        assertFalse(isAllHere());
        write(new AccountRecord(new AccountId("third"), OneNodeRegion.WEST, false));
        assertFalse(isAllHere());
        delete(VERSION);
        assertTrue(isAllHere(), "nobody names it");
    }

    /** A node may come to be what an owner asks for while nobody writes anything. */
    @Test
    void whatComesToBeWantedIsLookedForThen() {
        isWanted = false;
        write(VERSION);
        assertTrue(isAllHere());
        isWanted = true;
        assertFalse(isAllHere());
        isWanted = false;
        assertTrue(isAllHere());
    }

    @Test
    void namesForCallsAreWantedEverywhere() {
        isWanted = false;
        CallerAliasRecord pay =
                new CallerAliasRecord(
                        TaskRef.of("demo", "pay"),
                        TaskRef.of("acme", "charge"),
                        Qualifier.NONE,
                        Map.of(),
                        Optional.of(BUNDLE));
        write(pay);
        assertFalse(isAllHere());
        keep(pay.secretKey().orElseThrow());
        assertTrue(isAllHere());
    }

    @Test
    void whatWasForgottenIsLookedForAnew() {
        keep(KEY);
        write(VERSION);
        assertTrue(isAllHere());
        delete(VERSION);
        assertTrue(isAllHere());
        assertEquals(Optional.empty(), state.secrets().values(KEY).toCompletableFuture().join());
        write(VERSION);
        assertFalse(isAllHere());
    }
}
