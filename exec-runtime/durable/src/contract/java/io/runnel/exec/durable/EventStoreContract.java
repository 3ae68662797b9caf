package io.runnel.exec.durable;

import static io.runnel.exec.durable.KeptEvents.START;
import static io.runnel.exec.durable.KeptEvents.event;
import static io.runnel.exec.durable.KeptEvents.id;
import static io.runnel.exec.durable.KeptEvents.tick;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.durable.EventStore.Accepted;
import io.runnel.exec.durable.EventStore.Claim;
import io.runnel.exec.durable.EventStore.Ended;
import io.runnel.exec.durable.EventStore.Tick;
import io.runnel.exec.durable.KeptEvent.Progress;
import io.runnel.exec.task.AccountId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What every store of events keeps to; its test implements this. */
public interface EventStoreContract {
    /** Opens the store that is kept in this folder, does this with it, and closes it. */
    void withEvents(Path folder, Consumer<EventStore> work);

    private static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static Claim claim(String node, Instant now, int most) {
        return new Claim(node, now, now.plusSeconds(30), most, "", Set.of());
    }

    private static List<String> payers(List<KeptEvent> events) {
        return events.stream().map(event -> event.payer().value()).toList();
    }

    @Test
    default void anEventIsAsItWasAccepted(@TempDir Path folder) {
        withEvents(
                folder, store -> assertEquals(Accepted.KEPT, await(store.accept(event(1, "a")))));
        withEvents(
                folder,
                store -> {
                    KeptEvent kept = await(store.claim(claim("n1", START, 5))).getFirst();
                    KeptEvent given = event(1, "a");
                    assertEquals(given.id(), kept.id());
                    assertEquals(given.kind(), kept.kind());
                    assertEquals(given.asked(), kept.asked());
                    assertEquals(given.task(), kept.task());
                    assertEquals(given.caller(), kept.caller());
                    assertEquals(given.acceptedAt(), kept.acceptedAt());
                    assertArrayEquals(given.payload(), kept.payload());
                    assertEquals(new Progress(0, 0, START.plusSeconds(30), 1), kept.progress());
                });
    }

    @Test
    default void theSameIdIsTheSameEventAlsoAfterItsEnd(@TempDir Path folder) {
        withEvents(
                folder,
                store -> {
                    await(store.accept(event(1, "a")));
                    assertEquals(Accepted.KNOWN, await(store.accept(event(1, "a"))));
                    assertEquals(1L, await(store.queued()));
                    KeptEvent held = await(store.claim(claim("n1", START, 5))).getFirst();
                    assertEquals(Ended.ENDED, await(store.end("n1", held, START, List.of())));
                    assertEquals(0L, await(store.queued()));
                    assertEquals(Accepted.KNOWN, await(store.accept(event(1, "a"))));
                    assertEquals(List.of(), await(store.claim(claim("n1", START, 5))));
                });
    }

    @Test
    default void anEndIsForgottenAfterAnHour(@TempDir Path folder) {
        withEvents(
                folder,
                store -> {
                    await(store.accept(event(1, "a")));
                    KeptEvent held = await(store.claim(claim("n1", START, 5))).getFirst();
                    Instant before = START.minusSeconds(EventStore.REMEMBERED + 1);
                    await(store.end("n1", held, before, List.of()));
                    await(store.accept(event(2, "a")));
                    assertEquals(Accepted.KEPT, await(store.accept(event(1, "a"))));
                });
    }

    @Test
    default void accountsTakeTurns(@TempDir Path folder) {
        withEvents(
                folder,
                store -> {
                    for (int i = 0; i < 6; i++) {
                        await(store.accept(event(i, "flood")));
                    }
                    await(store.accept(event(7, "zoe")));
                    await(store.accept(event(8, "ann")));
                    List<KeptEvent> first = await(store.claim(claim("n1", START, 4)));
                    assertEquals(List.of("ann", "flood", "zoe", "flood"), payers(first));
                    Claim next =
                            new Claim("n1", START, START.plusSeconds(30), 9, "flood", Set.of());
                    await(store.accept(event(9, "ann")));
                    assertEquals(
                            List.of("ann", "flood", "flood", "flood", "flood"),
                            payers(await(store.claim(next))));
                });
    }

    @Test
    default void accountsThatAreNotWantedArePassedOver(@TempDir Path folder) {
        withEvents(
                folder,
                store -> {
                    await(store.accept(event(1, "a")));
                    await(store.accept(event(2, "b")));
                    Set<AccountId> busy = Set.of(new AccountId("a"));
                    Claim claim = new Claim("n1", START, START.plusSeconds(30), 5, "", busy);
                    assertEquals(List.of("b"), payers(await(store.claim(claim))));
                });
    }

    @Test
    default void oneNodeHasAnEventUntilItsLeaseEnds(@TempDir Path folder) {
        withEvents(
                folder,
                store -> {
                    await(store.accept(event(1, "a")));
                    KeptEvent mine = await(store.claim(claim("n1", START, 5))).getFirst();
                    Instant almost = START.plusMillis(29_999);
                    assertEquals(List.of(), await(store.claim(claim("n2", almost, 5))));
                    Instant late = START.plusSeconds(30);
                    KeptEvent theirs = await(store.claim(claim("n2", late, 5))).getFirst();
                    assertEquals(mine.id(), theirs.id());
                    assertEquals(Ended.LOST, await(store.end("n1", mine, late, List.of())));
                    assertEquals(false, await(store.again("n1", mine, Progress.begun(late))));
                    assertEquals(0, await(store.release("n1", late)));
                    assertEquals(Ended.ENDED, await(store.end("n2", theirs, late, List.of())));
                });
    }

    @Test
    default void aLeaseOfBeforeIsNoLeaseOfNow(@TempDir Path folder) {
        withEvents(
                folder,
                store -> {
                    await(store.accept(event(1, "a")));
                    KeptEvent before = await(store.claim(claim("n1", START, 5))).getFirst();
                    await(store.release("n1", START));
                    KeptEvent now = await(store.claim(claim("n1", START, 5))).getFirst();
                    assertEquals(Ended.LOST, await(store.end("n1", before, START, List.of())));
                    assertEquals(Ended.ENDED, await(store.end("n1", now, START, List.of())));
                });
    }

    @Test
    default void aLeaseIsRenewed(@TempDir Path folder) {
        withEvents(
                folder,
                store -> {
                    await(store.accept(event(1, "a")));
                    await(store.claim(claim("n1", START, 5)));
                    await(store.renew("n2", List.of(id(1)), START));
                    await(store.renew("n1", List.of(id(1)), START.plusSeconds(60)));
                    Instant later = START.plusSeconds(59);
                    assertEquals(List.of(), await(store.claim(claim("n2", later, 5))));
                });
    }

    @Test
    default void whatANodeHadIsDueAtOnceWhenItIsReleased(@TempDir Path folder) {
        withEvents(
                folder,
                store -> {
                    await(store.accept(event(1, "a")));
                    await(store.claim(claim("n1", START, 5)));
                });
        withEvents(
                folder,
                store -> {
                    assertEquals(0, await(store.release("n2", START)));
                    assertEquals(1, await(store.release("n1", START)));
                    assertEquals(1, await(store.claim(claim("n2", START, 5))).size());
                });
    }

    @Test
    default void anEventIsRunAgainWhenItIsDue(@TempDir Path folder) {
        withEvents(
                folder,
                store -> {
                    await(store.accept(event(1, "a")));
                    KeptEvent held = await(store.claim(claim("n1", START, 5))).getFirst();
                    Instant due = START.plus(Duration.ofMinutes(1));
                    assertTrue(await(store.again("n1", held, new Progress(1, 2, due, 1))));
                    assertEquals(List.of(), await(store.claim(claim("n1", START, 5))));
                    KeptEvent second = await(store.claim(claim("n2", due, 5))).getFirst();
                    assertEquals(new Progress(1, 2, due.plusSeconds(30), 2), second.progress());
                });
    }

    @Test
    default void lettersAreKeptWithTheEnd(@TempDir Path folder) {
        withEvents(
                folder,
                store -> {
                    await(store.accept(event(1, "a")));
                    KeptEvent held = await(store.claim(claim("n1", START, 5))).getFirst();
                    await(store.end("n1", held, START, List.of(event(2, "owner"))));
                    List<KeptEvent> next = await(store.claim(claim("n1", START, 5)));
                    assertEquals(List.of("owner"), payers(next));
                    // Who has lost it writes no letter either.
                    await(store.end("n1", held, START, List.of(event(3, "owner"))));
                    assertEquals(1L, await(store.queued()));
                });
    }

    @Test
    default void anAccountHasSoManyBytesAtMost(@TempDir Path folder) {
        withEvents(
                folder,
                store -> {
                    int next = KeptEvents.fill(store, "a") + 1;
                    assertEquals(Accepted.TOO_MANY, await(store.accept(event(next, "a"))));
                    assertEquals(Accepted.KEPT, await(store.accept(event(next + 1, "b"))));
                    KeptEvent held = await(store.claim(claim("n1", START, 1))).getFirst();
                    await(store.end("n1", held, START, List.of()));
                    assertEquals(Accepted.KEPT, await(store.accept(event(next, "a"))));
                });
    }

    @Test
    default void anAccountHasSoManyEventsAtMost(@TempDir Path folder) {
        withEvents(
                folder,
                store -> {
                    List<CompletableFuture<Accepted>> all = new ArrayList<>();
                    for (int i = 0; i < EventStore.MOST_EVENTS; i++) {
                        all.add(store.accept(event(i, "a")));
                        if (i % 100 == 0) {
                            await(all.getLast());
                        }
                    }
                    all.forEach(each -> assertEquals(Accepted.KEPT, await(each)));
                    assertEquals(
                            Accepted.TOO_MANY,
                            await(store.accept(event(EventStore.MOST_EVENTS, "a"))));
                    assertEquals(
                            Accepted.KEPT, await(store.accept(event(EventStore.MOST_EVENTS, "b"))));
                });
    }

    @Test
    default void ofATickOneEventIsKept(@TempDir Path folder) {
        withEvents(
                folder,
                store -> {
                    Tick first = tick("a", "nightly", 60);
                    assertEquals(Accepted.KEPT, await(store.accept(event(1, "a"), first)));
                    assertEquals(Accepted.KNOWN, await(store.accept(event(2, "a"), first)));
                    assertEquals(1L, await(store.queued()), "whatever its id");
                });
        withEvents(
                folder,
                store -> {
                    Tick earlier = tick("a", "nightly", 59);
                    assertEquals(Accepted.KNOWN, await(store.accept(event(3, "a"), earlier)));
                    Tick later = tick("a", "nightly", 61);
                    assertEquals(Accepted.KNOWN, await(store.accept(event(1, "a"), later)));
                    assertEquals(Accepted.KNOWN, await(store.accept(event(4, "a"), later)));
                    assertEquals(
                            Accepted.KEPT,
                            await(store.accept(event(5, "a"), tick("a", "nightly", 62))));
                    assertEquals(
                            Accepted.KEPT,
                            await(store.accept(event(6, "a"), tick("a", "hourly", 60))));
                    assertEquals(
                            Accepted.KEPT,
                            await(store.accept(event(7, "b"), tick("b", "nightly", 60))));
                    assertEquals(4L, await(store.queued()));
                });
    }

    /** Also of those that come together. */
    @Test
    default void ofTicksThatComeAtOnceOneEventIsKept(@TempDir Path folder) {
        withEvents(
                folder,
                store -> {
                    List<CompletableFuture<Accepted>> all = new ArrayList<>();
                    for (int i = 0; i < 40; i++) {
                        all.add(store.accept(event(i, "a"), tick("a", "nightly", i / 20)));
                    }
                    assertEquals(
                            2, all.stream().filter(one -> await(one) == Accepted.KEPT).count());
                    assertEquals(2L, await(store.queued()));
                });
    }

    @Test
    default void aTickOfWhichNoEventIsKeptIsKnownByNobody(@TempDir Path folder) {
        withEvents(
                folder,
                store -> {
                    int next = KeptEvents.fill(store, "a") + 1;
                    Tick tick = tick("a", "nightly", 60);
                    assertEquals(Accepted.TOO_MANY, await(store.accept(event(next, "a"), tick)));
                    KeptEvent held = await(store.claim(claim("n1", START, 1))).getFirst();
                    await(store.end("n1", held, START, List.of()));
                    assertEquals(Accepted.KEPT, await(store.accept(event(next, "a"), tick)));
                });
    }

    @Test
    default void aSchedulesLastTickIsKnownForTwoDays(@TempDir Path folder) {
        withEvents(
                folder,
                store -> {
                    await(store.accept(event(1, "a"), tick("a", "nightly", 0)));
                    await(store.accept(event(2, "b"), tick("b", "x", EventStore.TICK_REMEMBERED)));
                    Tick again = tick("a", "nightly", 0);
                    assertEquals(Accepted.KNOWN, await(store.accept(event(3, "a"), again)));
                    long later = EventStore.TICK_REMEMBERED + 1L;
                    await(store.accept(event(4, "b"), tick("b", "x", later)));
                    assertEquals(Accepted.KEPT, await(store.accept(event(5, "a"), again)));
                });
    }
}
