package io.runnel.cluster.store;

import static io.runnel.cluster.store.StoreFixture.EAST;
import static io.runnel.cluster.store.StoreFixture.HELLO;
import static io.runnel.cluster.store.StoreFixture.account;
import static io.runnel.cluster.store.StoreFixture.await;
import static io.runnel.cluster.store.StoreFixture.draft;
import static io.runnel.cluster.store.StoreFixture.line;
import static io.runnel.cluster.store.UsageFixture.SPOOL;

import io.runnel.cluster.store.StoreFixture.Peer;
import io.runnel.exec.durable.KeptEvents;
import io.runnel.routing.usage.UsageBatch;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Something of everything that a store keeps. */
final class StoreContents {
    /** More than are read at once. */
    static final int LINES = 1200;

    /** Who pays for the calls in it. */
    static final int PAYERS = 4;

    private StoreContents() {}

    static void write(RegionStore store) {
        await(
                store.append(
                        List.of(draft("a"), draft("b")),
                        List.of(),
                        Optional.of(
                                written -> new GivenAnswer("a", "key", "finger", "body \u00e9"))));
        Peer east = new Peer(EAST, "LOGE");
        await(store.copy(List.of(east.write(account("c")), east.write(account("d")))));
        await(
                store.appendLogs(
                        java.util.stream.IntStream.range(0, LINES)
                                .mapToObj(i -> line(HELLO, "line \"" + i + "\"\n"))
                                .toList(),
                        List.of(new DroppedLines(HELLO, 3))));
        await(store.putSecret("RNLA", new byte[] {0, 1, -1, 127}));
        await(store.take("forecast", "eu-west-1", Duration.ofSeconds(10), Optional.empty()));
        await(store.appendAudit(1, "an entry"));
        List<UsageBatch.Entry> entries =
                UsageFixture.entries(LINES, new Random(1), StoreFixture.START);
        await(store.usage().take(UsageFixture.whole(SPOOL, entries), StoreFixture.START));
        UsageBatch aside = UsageFixture.whole(UsageFixture.spool("pop-fra", 1), entries);
        await(store.usage().quarantine(aside, "why", StoreFixture.START));
        await(store.events().accept(KeptEvents.event(1, "a")));
        await(store.events().accept(KeptEvents.event(2, "a"), KeptEvents.tick("a", "nightly", 0)));
        await(store.admit(0, java.util.Set.of("eu-west-1", "eu-west-2")));
    }
}
