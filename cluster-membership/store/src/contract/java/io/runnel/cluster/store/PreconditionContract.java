package io.runnel.cluster.store;

import static io.runnel.cluster.store.StoreFixture.await;
import static io.runnel.cluster.store.StoreFixture.draft;
import static io.runnel.cluster.store.StoreFixture.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.cluster.store.StoreException.Code;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.RecordKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** What every engine of {@link RegionStore} must do with what writers have seen. */
interface PreconditionContract {
    /** Opens the store that is kept in this folder; makes it if there is none. */
    RegionStore open(Path folder, RegionId origin, InstantSource clock);

    private RegionStore open(Path folder) {
        return open(folder, StoreFixture.WEST, new ManualClock(StoreFixture.START));
    }

    @Test
    default void writesNothingIfAPreconditionDoesNotHold(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            await(store.append(List.of(draft("a")), List.of(absent("a"))));
            FeedPositions before = await(store.positions());

            assertEquals(
                    Code.CONFLICT,
                    failure(store.append(List.of(draft("a")), List.of(absent("a")))));
            assertEquals(
                    Code.CONFLICT,
                    failure(store.append(List.of(draft("b")), List.of(absent("b"), at("a", 2)))));
            assertEquals(
                    Code.CONFLICT, failure(store.append(List.of(draft("b")), List.of(at("b", 1)))));

            assertEquals(before, await(store.positions()));
            await(store.append(List.of(draft("a")), List.of(at("a", 1))));
        }
    }

    @Test
    default void writesNothingIfTheNewestOfManyIsAnother(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            Draft other = new Draft(RecordKind.KEY, "a/1", "{}");
            await(store.append(List.of(bare("a"), bare("A/1"), bare("b/1"), other), List.of()));
            await(store.append(List.of(bare("a/1")), List.of(newest("a/", 0))));
            await(store.append(List.of(bare("a/2")), List.of(newest("a/", 5))));
            FeedPositions before = await(store.positions());
            for (long wrong : new long[] {0, 5, 7}) {
                assertEquals(
                        Code.CONFLICT,
                        failure(store.append(List.of(draft("c")), List.of(newest("a/", wrong)))));
            }
            assertEquals(before, await(store.positions()));
            Draft gone = Draft.deletion(RecordKind.ACCOUNT, "a/2");
            await(store.append(List.of(gone), List.of(newest("a/", 6))));
            await(store.append(List.of(draft("c")), List.of(newest("a/", 5))));
        }
    }

    private static Draft bare(String key) {
        return new Draft(RecordKind.ACCOUNT, key, "{}");
    }

    private static Precondition newest(String prefix, long seq) {
        return Precondition.newest(RecordKind.ACCOUNT, prefix, seq);
    }

    private static Precondition absent(String key) {
        return Precondition.absent(RecordKind.ACCOUNT, key);
    }

    private static Precondition at(String key, long seq) {
        return new Precondition(RecordKind.ACCOUNT, key, seq);
    }

    @Test
    default void whatWasDeletedIsAbsent(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            await(store.append(List.of(draft("a")), List.of()));
            await(
                    store.append(
                            List.of(Draft.deletion(RecordKind.ACCOUNT, "a")), List.of(at("a", 1))));
            await(store.append(List.of(draft("a")), List.of(absent("a"))));
        }
    }
}
