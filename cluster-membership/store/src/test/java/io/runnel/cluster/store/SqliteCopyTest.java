package io.runnel.cluster.store;

import static io.runnel.cluster.store.StoreFixture.WEST;
import static io.runnel.cluster.store.StoreFixture.await;
import static io.runnel.cluster.store.StoreFixture.draft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.cluster.store.StoreException.Code;
import io.runnel.routing.catalog.TestSeals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/** A store as rows, and rows as a store. */
class SqliteCopyTest {
    private static final String NEXT = "next";
    @TempDir private Path folder;

    private Path file() {
        return folder.resolve("store.db");
    }

    private static RegionStore open(Path file) {
        return SqliteStore.open(
                StoreSettings.of(file, WEST),
                TestSeals.ALL,
                new ManualClock(StoreFixture.START),
                new Random());
    }

    @Test
    void whatIsReadWhileItRunsMakesTheSameStore() {
        Dumped dumped = new Dumped();
        StoreSummary summary;
        String log;
        try (RegionStore store = open(file())) {
            StoreContents.write(store);
            log = store.log();
            summary = SqliteStore.read(file(), dumped);
            await(store.append(List.of(draft("later")), List.of()));
        }
        assertEquals(log, summary.log());
        assertEquals(2, summary.seq());
        assertEquals(4, summary.catalog().accounts().count());

        Path made = folder.resolve(NEXT);
        List<StoreSummary> said = new ArrayList<>();
        SqliteStore.make(file(), made, summary.schema(), dumped::into, said::add);

        assertEquals(2, said.getFirst().seq());
        Dumped again = new Dumped();
        StoreSummary unused = SqliteStore.read(made, again);
        assertEquals(dumped.text(), again.text());
        assertEquals(StoreContents.LINES, dumped.text().get(StoreTable.TASK_LOG.label()).size());
        assertEquals(
                StoreContents.PAYERS, dumped.text().get(StoreTable.USAGE_CHUNK.label()).size());
        Stream.of(StoreTable.values())
                .map(StoreTable::label)
                .filter(table -> table.startsWith("usage"))
                .forEach(table -> assertTrue(dumped.text().containsKey(table), table));
        try (RegionStore store = open(made)) {
            assertEquals(log, store.log());
            assertEquals(3, await(store.append(List.of(draft("e")), List.of())).getFirst().seq());
        }
    }

    /** Of what was backed up by an earlier version. */
    @Test
    void rowsOfAnOlderSchemaMakeAStoreOfNow() {
        Dumped dumped = new Dumped();
        try (RegionStore store = open(file())) {
            StoreContents.write(store);
            StoreSummary unused = SqliteStore.read(file(), dumped);
        }
        for (int schema = 1; schema < SqliteSchema.VERSION; schema++) {
            List<StoreTable> known = StoreTable.of(schema);
            Path made = folder.resolve("of-" + schema);
            SqliteStore.make(
                    file(),
                    made,
                    schema,
                    rows ->
                            dumped.into(
                                    (table, values) -> {
                                        if (known.contains(table)) {
                                            rows.row(table, values);
                                        }
                                    }),
                    summary -> assertEquals(2, summary.seq()));
            try (RegionStore store = open(made)) {
                int entries = await(store.readAudit(0, 10)).size();
                assertEquals(known.contains(StoreTable.AUDIT_LOG) ? 1 : 0, entries);
                await(store.appendAudit(entries + 1, "an entry"));
                // Its records are signed, once that is asked for, if they were not before.
                int unsigned = known.contains(StoreTable.FEED_SEAL) ? 0 : 2;
                assertEquals(unsigned, await(store.sealOld()));
                assertEquals(2, await(store.snapshot(WEST)).getLast().seq());
            }
        }
    }

    /**
     * Rows are read page by page, and the store goes on: what comes meanwhile is not among them.
     */
    @Test
    void rowsAreOfOneMoment() {
        try (RegionStore store = open(file())) {
            StoreContents.write(store);
            Dumped dumped = new Dumped();
            boolean[] written = new boolean[1];
            StoreSummary unused =
                    SqliteStore.read(
                            file(),
                            (table, values) -> {
                                if (!written[0]) {
                                    written[0] = true;
                                    await(store.append(List.of(draft("meanwhile")), List.of()));
                                }
                                dumped.row(table, values);
                            });
            assertEquals(2 + 2, dumped.text().get(StoreTable.FEED_RECORD.label()).size());
        }
    }

    @Test
    void allTablesOfTheSchemaAreRead() {
        open(file()).close();
        try (Database database = SqliteEngine.open(file())) {
            List<String> tables =
                    database.list(
                            row -> row.getString(1),
                            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE"
                                    + " 'sqlite%' AND name NOT LIKE 'flyway%' ORDER BY name");
            assertEquals(
                    tables,
                    Stream.of(StoreTable.values())
                            .map(table -> table.name().toLowerCase(Locale.ROOT))
                            .sorted()
                            .toList());
            for (StoreTable table : StoreTable.values()) {
                assertEquals(
                        database.list(
                                row -> row.getString(1),
                                "SELECT name FROM pragma_table_info(?) ORDER BY name",
                                table.label()),
                        table.columns().stream().sorted().toList());
            }
        }
    }

    @Test
    void noneIsMadeWhileTheOneInUseIsOpen() {
        try (RegionStore store = open(file())) {
            StoreException e =
                    assertThrows(
                            StoreException.class,
                            () ->
                                    SqliteStore.make(
                                            file(),
                                            folder.resolve(NEXT),
                                            SqliteSchema.VERSION,
                                            rows -> {},
                                            made -> {}));
            assertEquals(Code.IN_USE, e.code());
            assertEquals(WEST, store.origin());
        }
        assertFalse(Files.exists(folder.resolve(NEXT)));
    }

    @Test
    void rowsThatMakeNoStoreAreRefused() {
        StoreException e =
                assertThrows(
                        StoreException.class,
                        () ->
                                SqliteStore.make(
                                        file(),
                                        folder.resolve(NEXT),
                                        SqliteSchema.VERSION,
                                        rows -> {},
                                        made -> {}));
        assertEquals(Code.NOT_THIS_STORE, e.code());
    }
}
