package io.runnel.cluster.store;

import static io.runnel.cluster.store.StoreFixture.EAST;
import static io.runnel.cluster.store.StoreFixture.HELLO;
import static io.runnel.cluster.store.StoreFixture.account;
import static io.runnel.cluster.store.StoreFixture.await;
import static io.runnel.cluster.store.StoreFixture.draft;
import static io.runnel.cluster.store.StoreFixture.line;

import io.runnel.cluster.store.StoreFixture.Peer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Something of everything that a store keeps. */
final class StoreContents {
    /** More than are read at once. */
    static final int LINES = 1200;

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
        await(store.admit(0, java.util.Set.of("eu-west-1", "eu-west-2")));
    }
}
