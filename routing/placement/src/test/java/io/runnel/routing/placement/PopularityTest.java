package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

class PopularityTest {
    private static final long SECOND = 1_000_000_000L;
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    /** Near the end of a nano clock's range: it must not matter where a clock starts. */
    private long now = Long.MAX_VALUE - 5 * SECOND;

    private final Popularity popularity = new Popularity(now, random);

    @BeforeEach
    void sayTheSeed() {
        System.out.println("seed " + seed);
    }

    private boolean call(TaskRef task, int times) {
        boolean popular = false;
        for (int i = 0; i < times; i++) {
            popular = popularity.record(task, now);
        }
        return popular;
    }

    @Test
    void theTwentiethCallIsPopular() {
        assertFalse(call(HELLO, 19));
        assertFalse(popularity.isPopular(HELLO, now));
        assertTrue(call(HELLO, 1));
        assertTrue(popularity.isPopular(HELLO, now));
        assertFalse(popularity.isPopular(TaskRef.of("demo", "other"), now));
    }

    @Test
    void aCallCountsHalfAfterEachHalfLife() {
        call(HELLO, 40);
        now += 60 * SECOND;
        assertEquals(20, popularity.calls(HELLO, now), 0.02);
        now += 60 * SECOND;
        assertEquals(10, popularity.calls(HELLO, now), 0.02);
        assertFalse(popularity.isPopular(HELLO, now));
        now += 24 * 3600 * SECOND;
        assertEquals(0, popularity.calls(HELLO, now), 1e-6);
    }

    @Test
    void aSteadyRateComesToItsEquilibrium() {
        // One call every 4 s settles at 1 / (1 - 2^(-4/60)) = 22.1; one every 5 s at 17.8.
        TaskRef slower = TaskRef.of("demo", "slower");
        for (int second = 0; second < 1200; second++, now += SECOND) {
            if (second % 4 == 0) {
                call(HELLO, 1);
            }
            if (second % 5 == 0) {
                call(slower, 1);
            }
        }
        assertTrue(popularity.isPopular(HELLO, now), () -> "" + popularity.calls(HELLO, now));
        assertFalse(popularity.isPopular(slower, now), () -> "" + popularity.calls(slower, now));
    }

    @Test
    void aFloodOfOneHitTasksNeitherEvictsThePopularNorMakesTheRareLookPopular() {
        List<TaskRef> hot = tasks("hot", 500);
        List<TaskRef> rising = tasks("rising", 100);
        List<TaskRef> rare = tasks("rare", 500);
        hot.forEach(task -> call(task, 40));
        int looksPopular = 0;
        for (int i = 0; i < 1_000_000; i++, now += 30_000) { // a million within 30 s
            looksPopular += call(TaskRef.of("flood", "t" + i), 1) ? 1 : 0;
            if (i % 1000 == 0) {
                call(rare.get(i / 1000 % rare.size()), 1); // each twice
            }
            if (i % 300 == 0) {
                call(rising.get(i / 300 % rising.size()), 1); // each 33 times
            }
        }
        assertEquals(0, looksPopular, "of those called once");
        assertEquals(0, popular(rare), "of those called twice");
        assertEquals(rising.size(), popular(rising), "of those that became popular meanwhile");
        assertEquals(hot.size(), popular(hot), "of those that were popular before");
    }

    @Test
    void evenAFloodThatFillsTheSketchMakesNothingPopularThatWasCalledLessThanTenTimes() {
        int looksPopular = 0;
        for (int round = 0; round < 9; round++) {
            for (int i = 0; i < 300_000; i++) {
                looksPopular += call(TaskRef.of("flood", "t" + i), 1) ? 1 : 0;
            }
        }
        assertEquals(0, looksPopular);
    }

    @Test
    void notEvenMorePopularTasksThanThereIsRoomForDriveEachOtherOut() {
        List<TaskRef> tooMany = tasks("hot", 30_000);
        tooMany.forEach(task -> call(task, 25));
        List<TaskRef> before =
                tooMany.stream().filter(task -> popularity.isPopular(task, now)).toList();
        assertTrue(before.size() > 15_000, () -> before.size() + " are popular");
        tasks("flood", 100_000).forEach(task -> call(task, 1));
        tooMany.forEach(task -> call(task, 1));
        assertEquals(before.size(), popular(before), "of those that were popular before");
    }

    @Test
    void nothingThatWasCountedIsLostWhenTasksChangePlaces() {
        List<TaskRef> many = tasks("some", 50_000);
        for (int round = 0; round < 7; round++) {
            many.forEach(task -> call(task, 1));
        }
        long tooFew = many.stream().filter(task -> popularity.calls(task, now) < 6.99).count();
        assertEquals(0, tooFew, "tasks whose seven calls count less");
    }

    @Test
    void countsOfManyThreadsAddUp() throws Exception {
        int threads = 4;
        int calls = 50_000;
        List<TaskRef> own = tasks("own", threads);
        List<Callable<Void>> jobs = new ArrayList<>();
        for (TaskRef task : own) {
            jobs.add(
                    () -> {
                        for (int i = 0; i < calls; i++) {
                            popularity.record(task, now);
                            popularity.record(HELLO, now);
                        }
                        return null;
                    });
        }
        try (var pool = Executors.newFixedThreadPool(threads)) {
            for (var done : pool.invokeAll(jobs)) {
                done.get();
            }
        }
        for (TaskRef task : own) {
            assertEquals(calls, popularity.calls(task, now), 2, task.toString());
        }
        assertEquals(threads * calls, popularity.calls(HELLO, now), 8);
    }

    @Test
    void aClockThatIsALittleBehindDoesNoHarm() {
        call(HELLO, 30);
        assertEquals(30, popularity.calls(HELLO, now - SECOND), 0.01);
        assertTrue(popularity.record(HELLO, now - SECOND));
    }

    private long popular(List<TaskRef> tasks) {
        return tasks.stream().filter(task -> popularity.isPopular(task, now)).count();
    }

    private static List<TaskRef> tasks(String prefix, int count) {
        List<TaskRef> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(TaskRef.of("demo", prefix + i));
        }
        return tasks;
    }
}
