package io.runnel.region.server;

import static io.runnel.region.server.OneNodeRegion.WEST;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.cluster.store.Draft;
import io.runnel.cluster.store.StoreException;
import io.runnel.exec.task.AccountId;
import io.runnel.routing.catalog.AccountRecord;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletionException;

/** A region's node and what somebody did to its database while it was stopped. */
class RegionStateTest {
    private static final AccountId DEMO = new AccountId("demo");

    @TempDir private Path data;
    private OneNodeRegion region;

    @BeforeEach
    void network() throws IOException {
        region = OneNodeRegion.in(data);
        try (Running node = start()) {
            node.write();
            node.write();
        }
    }

    private Running start() throws IOException {
        return new Running(region.open());
    }

    private record Running(RegionState state) implements AutoCloseable {
        void write() {
            state.store()
                    .append(List.of(Draft.of(new AccountRecord(DEMO, WEST, false))), List.of())
                    .join();
        }

        boolean hasDemo() {
            return state.catalog().current().account(DEMO).isPresent();
        }

        @Override
        public void close() {
            state.store().close();
        }
    }

    private void change(String sql) throws SQLException {
        String url = "jdbc:sqlite:" + region.facts().folder().store();
        try (Connection database = DriverManager.getConnection(url);
                Statement statement = database.createStatement()) {
            assertTrue(statement.executeUpdate(sql) > 0, sql);
        }
    }

    private Path mark() {
        return region.facts().folder().own().resolve(SealedOnce.NAME);
    }

    private void doesNotStart() {
        StoreException e = assertThrows(StoreException.class, this::start);
        assertEquals(StoreException.Code.DAMAGED, e.code());
        assertTrue(e.getMessage().contains("eu-west"), e.getMessage());
    }

    @Test
    void startsOnWhatItSigned() throws IOException {
        try (Running node = start()) {
            assertTrue(node.hasDemo());
            node.write();
        }
    }

    @Test
    void doesNotStartOnWhatSomebodyElseWrote() throws SQLException {
        change("UPDATE feed_record SET record = replace(record, 'false', 'true') WHERE seq = 2");
        doesNotStart();
    }

    @Test
    void recordsOfAnOlderVersionAreSignedOnce() throws IOException, SQLException {
        change("DELETE FROM feed_seal");
        Files.delete(mark());
        try (Running node = start()) {
            assertTrue(node.hasDemo());
            assertEquals(2, node.state().store().snapshot(WEST).join().getLast().seq());
        }
        change("DELETE FROM feed_seal WHERE seq = 2");
        doesNotStart();
        change("DELETE FROM feed_seal");
        doesNotStart();
    }

    /** As after a restore of a store that is a new one. */
    @Test
    void whatWasSignedIsOfOneLog() throws IOException, SQLException {
        Files.writeString(mark(), "ANOTHERLOG");
        change("DELETE FROM feed_seal");
        try (Running node = start()) {
            assertTrue(node.hasDemo());
        }
        assertTrue(Files.readString(mark()).length() > 10);
    }

    @Test
    void withoutTheAuthoritysKeyNothingIsWritten() throws IOException {
        Files.delete(new AuthorityFolder(data).regionKey(WEST));
        try (Running node = start()) {
            assertTrue(node.hasDemo(), "its certificate is kept in the store");
            CompletionException e = assertThrows(CompletionException.class, node::write);
            StoreException told = assertInstanceOf(StoreException.class, e.getCause());
            assertEquals(StoreException.Code.UNSIGNABLE, told.code());
        }
    }

    @Test
    void withoutTheRootNothingIsBelieved() throws IOException {
        Files.delete(new AuthorityFolder(data).rootCertificate());
        doesNotStart();
    }
}
