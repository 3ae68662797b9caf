package io.runnel.cluster.store;

import static io.runnel.cluster.store.StoreFixture.WEST;
import static io.runnel.cluster.store.StoreFixture.await;
import static io.runnel.cluster.store.StoreFixture.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.runnel.cluster.store.StoreException.Code;
import io.runnel.exec.task.RegionId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** What every engine does for the audit log; the engine's test implements this. */
interface AuditLogContract {
    /** Opens the store that is kept in this folder; makes it if there is none. */
    RegionStore open(Path folder, RegionId origin, InstantSource clock);

    private RegionStore open(Path folder) {
        return open(folder, WEST, new ManualClock(StoreFixture.START));
    }

    @Test
    default void entriesAreReadInTheirOrderAfterAStart(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            assertEquals(List.of(), await(store.readAudit(0, 10)));
            await(store.appendAudit(1, "one"));
            await(store.appendAudit(2, "two"));
        }
        try (RegionStore store = open(folder)) {
            await(store.appendAudit(3, "three"));
            assertEquals(List.of("one", "two", "three"), await(store.readAudit(0, 10)));
            assertEquals(List.of("two"), await(store.readAudit(1, 1)));
            assertEquals(List.of(), await(store.readAudit(3, 10)));
        }
    }

    @Test
    default void onlyTheNextEntryIsTaken(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            assertEquals(Code.CONFLICT, failure(store.appendAudit(2, "too far")));
            await(store.appendAudit(1, "one"));
            assertEquals(Code.CONFLICT, failure(store.appendAudit(1, "another")));
            assertEquals(Code.CONFLICT, failure(store.appendAudit(0, "before")));
            assertEquals(List.of("one"), await(store.readAudit(0, 10)));
        }
    }

    @Test
    default void entriesAreNeitherChangedNorDeleted(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            await(store.appendAudit(1, "one"));
        }
        for (String sql :
                List.of(
                        "UPDATE audit_log SET entry = 'two'",
                        "DELETE FROM audit_log",
                        "UPDATE audit_log SET seq = 2")) {
            StoreException refused =
                    assertThrows(StoreException.class, () -> tamper(folder, sql), sql);
            assertEquals(Code.FAILED, refused.code(), sql);
        }
        try (RegionStore store = open(folder)) {
            assertEquals(List.of("one"), await(store.readAudit(0, 10)));
        }
    }

    /** Does this to the store's tables, past the store. */
    void tamper(Path folder, String sql);

    @Test
    default void whatIsTooMuchIsRefused(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            String long1 = "x".repeat(RegionStore.MOST_ENTRY + 1);
            assertThrows(IllegalArgumentException.class, () -> store.appendAudit(1, long1));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> store.readAudit(0, RegionStore.MOST_ENTRIES + 1));
        }
    }
}
