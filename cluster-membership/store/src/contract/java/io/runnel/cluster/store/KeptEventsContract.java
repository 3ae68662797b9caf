package io.runnel.cluster.store;

import static io.runnel.cluster.store.StoreFixture.START;
import static io.runnel.cluster.store.StoreFixture.WEST;
import static io.runnel.cluster.store.StoreFixture.await;
import static io.runnel.exec.durable.KeptEvents.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.durable.EventStore;
import io.runnel.exec.durable.EventStore.Accepted;
import io.runnel.exec.durable.EventStoreContract;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedRecord;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/** How every engine keeps events; the engine's test implements this. */
interface KeptEventsContract extends EventStoreContract {
    /** Opens the store that is kept in this folder; makes it if there is none. */
    RegionStore open(Path folder, RegionId origin, InstantSource clock);

    /** The tables of the store that is kept in this folder. */
    Database database(Path folder);

    /** How the engine would go about this statement, were the tables large. */
    List<String> plan(Database database, String statement);

    @Override
    default void withEvents(Path folder, Consumer<EventStore> work) {
        try (RegionStore store = open(folder, WEST, new ManualClock(START))) {
            work.accept(store.events());
        }
    }

    /** Several in one transaction, one of them twice. */
    @Test
    default void whatComesTogetherIsKeptTogether(@TempDir Path folder) {
        withEvents(
                folder,
                store -> {
                    List<CompletableFuture<Accepted>> all =
                            IntStream.range(0, 300)
                                    .mapToObj(i -> store.accept(event(i / 2, "a")))
                                    .toList();
                    for (int i = 0; i < all.size(); i++) {
                        Accepted expected = i % 2 == 0 ? Accepted.KEPT : Accepted.KNOWN;
                        assertEquals(expected, await(all.get(i)), "event " + i);
                    }
                    assertEquals(150, await(store.queued()));
                });
    }

    @Test
    default void whatMoreThanMayWaitIsRefusedAndNotKept(@TempDir Path folder) {
        int most = GroupedWrites.MOST_WAITING;
        try (RegionStore store = open(folder, WEST, new ManualClock(START))) {
            CompletableFuture<Void> held = new CompletableFuture<>();
            Function<List<FeedRecord>, GivenAnswer> slow =
                    written -> {
                        held.join();
                        return new GivenAnswer("a", "key", "finger", "body");
                    };
            var unused =
                    store.append(List.of(StoreFixture.draft("a")), List.of(), Optional.of(slow));
            List<CompletableFuture<Accepted>> all =
                    IntStream.rangeClosed(0, most)
                            .mapToObj(i -> store.events().accept(event(i, "a")))
                            .toList();
            held.complete(null);
            assertEquals(StoreException.Code.OVERLOADED, StoreFixture.failure(all.getLast()));
            assertEquals(Accepted.KEPT, await(all.get(most - 1)));
            assertEquals(most, await(store.events().queued()));
        }
    }

    /** A payload is not kept longer than it is needed. */
    @Test
    default void ofAnEventThatIsOverNoPayloadIsKept(@TempDir Path folder) {
        withEvents(
                folder,
                store -> {
                    await(store.accept(event(1, "a", "a secret")));
                    var claim =
                            new EventStore.Claim(
                                    "n1", START, START.plusSeconds(1), 1, "", Set.of());
                    var held = await(store.claim(claim)).getFirst();
                    await(store.end("n1", held, START, List.of()));
                });
        try (Database database = database(folder)) {
            byte[] kept =
                    database.first(row -> row.getBytes(1), "SELECT payload FROM kept_event")
                            .orElseThrow();
            assertEquals(0, kept.length);
        }
    }

    @Test
    default void whoseTurnItIsIsFoundByAnIndex(@TempDir Path folder) {
        open(folder, WEST, new ManualClock(START)).close();
        try (Database database = database(folder)) {
            for (String sql : List.of(EventTable.NEXT, EventTable.FIRST)) {
                String plan = String.join("; ", plan(database, sql.replaceAll("[?]", "'0'")));
                assertTrue(plan.contains("kept_event_by_turn"), plan);
                assertTrue(!plan.contains("TEMP B-TREE") && !plan.contains("Sort"), plan);
            }
        }
    }
}
