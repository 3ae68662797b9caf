package io.runnel.region.server.control;

import static io.runnel.region.server.control.TestRegion.EAST;
import static io.runnel.region.server.control.TestRegion.WEST;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.SqliteStore;
import io.runnel.cluster.store.StoreSettings;
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
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogRecord;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.TestSeals;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.catalog.WrittenLog;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is forgotten as the catalog changes: of two accounts that each name three. */
final class TaskSecretsTest {
    private static final Map<String, String> VALUES = Map.of("TOKEN", "open sesame");

    private final WrittenLog west = new WrittenLog(WEST, "WESTLOG", Instant.EPOCH);
    private final WrittenLog east = new WrittenLog(EAST, "EASTLOG", Instant.EPOCH);
    private RegionStore store;
    private TaskSecrets secrets;
    private Catalog catalog = Catalog.EMPTY;

    @BeforeEach
    void open(@TempDir Path folder) {
        SecureRandom random = new SecureRandom();
        store =
                SqliteStore.open(
                        StoreSettings.of(folder.resolve("store.db"), WEST),
                        TestSeals.ALL,
                        InstantSource.system(),
                        random);
        secrets = new TaskSecrets(store, new SecretSeal(new byte[SecretSeal.KEY_BYTES], random));
        for (String account : List.of("a", "b")) {
            write(west, account(account));
            for (int i = 1; i <= 2; i++) {
                keep(SecretBundle.Key.of(version(account, i).task()));
                write(west, version(account, i));
            }
            keep(alias(account).secretKey());
            write(west, alias(account));
        }
        assertEquals(Set.of("a 1", "a 2", "a pay", "b 1", "b 2", "b pay"), kept(), "at the start");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void keep(Optional<SecretBundle.Key> key) {
        secrets.keep(key.orElseThrow(), VALUES).toCompletableFuture().join();
    }

    private void write(WrittenLog origin, CatalogRecord said) {
        become(catalog.with(List.of(origin.write(said))));
    }

    private void delete(WrittenLog origin, CatalogRecord said) {
        FeedRecord gone = origin.write(said.kind().label(), said.key(), FeedRecord.DELETED);
        become(catalog.with(List.of(gone)));
    }

    private void become(Catalog after) {
        secrets.forget(catalog, after);
        catalog = after;
    }

    private static SecretBundle bundle(int chance) {
        return new SecretBundle("%032x".formatted(chance), VALUES.keySet());
    }

    private static AccountRecord account(String name) {
        return new AccountRecord(new AccountId(name), WEST, false);
    }

    private static VersionRecord version(String account, int version) {
        Task task =
                new Task(
                        TaskRef.of(account, "hello"),
                        version,
                        RuntimeKind.WASM,
                        HandlerKind.HTTP,
                        CodeDigest.of(new byte[] {1}),
                        Limits.DEFAULT,
                        Map.of(),
                        TaskOptions.DEFAULT.withSecrets(Optional.of(bundle(version))));
        return new VersionRecord(task, ByteSize.ofKiB(3), List.of(), Instant.EPOCH);
    }

    private static CallerAliasRecord alias(String account) {
        return new CallerAliasRecord(
                TaskRef.of(account, "pay"),
                TaskRef.of("acme", "charge"),
                Qualifier.NONE,
                Map.of(),
                Optional.of(bundle(0)));
    }

    /** What is kept in the store; the same is in memory. */
    private Set<String> kept() {
        Set<String> kept = new HashSet<>();
        for (String account : List.of("a", "b")) {
            isKept(alias(account).secretKey(), account + " pay", kept);
            for (int i = 1; i <= 2; i++) {
                isKept(SecretBundle.Key.of(version(account, i).task()), account + " " + i, kept);
            }
        }
        return kept;
    }

    private void isKept(Optional<SecretBundle.Key> key, String name, Set<String> kept) {
        boolean is = store.secret("secrets " + key.orElseThrow()).join().isPresent();
        assertEquals(is, secrets.inMemory(key.orElseThrow()).isPresent(), name);
        if (is) {
            kept.add(name);
        }
    }

    @Test
    void whatItsAccountNamesNoMoreIsAndNothingElse() {
        delete(west, version("a", 1));
        assertEquals(Set.of("a 2", "a pay", "b 1", "b 2", "b pay"), kept());
        delete(west, alias("b"));
        assertEquals(Set.of("a 2", "a pay", "b 1", "b 2"), kept());
        delete(west, account("a"));
        assertEquals(Set.of("b 1", "b 2"), kept());
    }

    @Test
    void withAnAccountThatMovesGoesWhatItsNextHomeDoesNotName() {
        write(east, version("a", 2));
        write(east, alias("a"));
        assertEquals(6, kept().size());
        write(east, account("a").movedTo(EAST));
        assertEquals(Set.of("a 2", "a pay", "b 1", "b 2", "b pay"), kept());
    }

    @Test
    void aSnapshotsAccountsAreLookedAtOneByOne() {
        become(catalog.withSnapshot(WEST, west.records()));
        assertEquals(6, kept().size());
        delete(west, version("b", 2));
        become(catalog.withSnapshot(WEST, west.records()));
        assertEquals(Set.of("a 1", "a 2", "a pay", "b 1", "b pay"), kept());
        become(catalog.withoutOrigin(WEST));
        assertEquals(Set.of(), kept());
    }

    @Test
    void atTheStartNothingIs() {
        secrets.forget(Catalog.EMPTY, catalog);
        assertEquals(6, kept().size());
    }
}
