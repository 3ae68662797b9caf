package io.runnel.routing.catalog;

import static io.runnel.routing.catalog.FeedFixture.EAST;
import static io.runnel.routing.catalog.FeedFixture.WEST;
import static io.runnel.routing.catalog.FeedFixture.account;
import static io.runnel.routing.catalog.FeedFixture.task;
import static io.runnel.routing.catalog.FeedFixture.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

final class CatalogHolderTest {
    private final AtomicLong clock = new AtomicLong(-5);
    private final CatalogHolder holder = new CatalogHolder(clock::get);

    @Test
    void tellsListenersBeforeAndAfter() {
        FeedFixture west = new FeedFixture(WEST, "LOG");
        List<String> told = new ArrayList<>();
        holder.onChange((before, after) -> told.add(before.positions() + ">" + after.positions()));
        holder.apply(List.of(west.write(account("demo", WEST))));
        String there = holder.current().positions().toString();
        assertTrue(there.startsWith("eu-west/LOG:1"), there);
        holder.replace(WEST, west.written());
        holder.install(Catalog.EMPTY);
        assertEquals(List.of(">" + there, there + ">" + there, there + ">"), told);
    }

    @Test
    void keepsTheLatestContactOfEachOrigin() {
        assertEquals(Optional.empty(), holder.sinceContact(WEST));
        holder.confirmed(WEST, Duration.ofNanos(10));
        clock.set(100);
        assertEquals(Optional.of(Duration.ofNanos(115)), holder.sinceContact(WEST));
        holder.confirmed(WEST, Duration.ofNanos(500));
        assertEquals(Optional.of(Duration.ofNanos(115)), holder.sinceContact(WEST));
        holder.confirmed(WEST, Duration.ofNanos(40));
        assertEquals(Optional.of(Duration.ofNanos(40)), holder.sinceContact(WEST));
        assertEquals(Optional.empty(), holder.sinceContact(EAST));
    }

    /** Generous: what it shows is that a change is not rebuilt from all records. */
    @Test
    void oneChangeAmongTenThousandTasksIsCheap() {
        FeedFixture west = new FeedFixture(WEST, "LOG");
        west.write(account("demo", WEST));
        for (int i = 0; i < 10_000; i++) {
            west.write(version("demo", "task-" + i, 1));
            west.write(task("demo", "task-" + i, 1, 1));
        }
        holder.apply(west.written());
        int loaded = west.written().size();
        for (int i = 0; i < 200; i++) {
            west.write(task("demo", "task-" + i, 1, 2));
        }
        long start = System.nanoTime();
        west.written()
                .subList(loaded, west.written().size())
                .forEach(r -> holder.apply(List.of(r)));
        Duration each = Duration.ofNanos(System.nanoTime() - start).dividedBy(200);
        assertEquals(
                2, holder.current().task(TaskRef.of("demo", "task-199")).orElseThrow().newest());
        assertTrue(each.compareTo(Duration.ofMillis(20)) < 0, "one change took " + each);
    }
}
