package io.runnel.exec.forecast.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.forecast.ForecastSettings;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;

/** Replays whose results can be counted by hand. */
class ReplayTest {
    private final Trace.Columns columns = new Trace.Columns();

    private ReplayResult replay(String policy) {
        List<String> names = new ArrayList<>();
        for (int task = 0; task < 10; task++) {
            names.add("task-" + task);
        }
        Trace trace = Trace.of(names, columns);
        return new Replay(trace, PoolPolicy.parse(policy), ForecastSettings.DEFAULT, 1)
                .run(new BitSet());
    }

    @Test
    void aCallWaitsForItsStartAndTheNextOneFindsTheIsolate() {
        columns.add(0, 0, 100, 1_000, 500);
        columns.add(10_000, 0, 100, 1_000, 500);
        ReplayResult result = replay("fixed:1m");
        assertEquals(2, result.calls());
        assertEquals(1, result.coldStarts());
        assertEquals(0.5, result.waitingSeconds());
        // idle from 600 to 10,000, and from 10,100 to 10,600, which is the end of the trace
        assertEquals((9_400 + 500) * 1_000 / 1_000.0, result.idleByteSeconds(), 1e-6);
        assertEquals(1_000, result.mostHeldBytes());
    }

    @Test
    void anIsolateIsKeptForItsTimeAndNoLonger() {
        columns.add(0, 0, 0, 1_000, 0);
        columns.add(5_000, 0, 0, 1_000, 0);
        columns.add(20_000, 0, 0, 1_000, 0);
        ReplayResult result = replay("fixed:5001ms");
        assertEquals(2, result.coldStarts());
        assertEquals(5_000 + 5_001, result.idleByteSeconds(), 1e-6);
        assertEquals(3, replay("fixed:5s").coldStarts());
    }

    @Test
    void callsThatRunTogetherNeedAnIsolateEach() {
        for (int i = 0; i < 5; i++) {
            columns.add(i, 0, 1_000, 100, 10);
        }
        columns.add(2_000, 0, 1_000, 100, 10);
        ReplayResult result = replay("fixed:1h");
        assertEquals(5, result.coldStarts());
        assertEquals(500, result.mostHeldBytes());
    }

    @Test
    void withoutAKeepAliveNothingIsIdle() {
        for (long at = 0; at < 100_000; at += 1_000) {
            columns.add(at, (int) (at / 1_000) % 10, 5, 100, 10);
        }
        ReplayResult result = replay("fixed:0s");
        assertEquals(100, result.coldStarts());
        assertEquals(0, result.idleByteSeconds());
    }

    @Test
    void memoryThatChangesIsCountedFromThenOn() {
        columns.add(0, 0, 0, 1_000, 0);
        columns.add(1_000, 0, 0, 3_000, 0);
        columns.add(2_000, 0, 0, 3_000, 0);
        assertEquals(1_000 + 3_000, replay("fixed:1h").idleByteSeconds(), 1e-6);
        assertEquals(3_000, replay("fixed:1h").mostHeldBytes());
    }

    /** Called every 30 minutes: let go, made again after 27 minutes, kept until 34. */
    @Test
    void theHistogramLetsGoAndMakesAgain() {
        long periodMs = 30 * 60_000;
        for (int i = 0; i < 50; i++) {
            columns.add(i * periodMs, 0, 0, 1_000, 100);
        }
        ReplayResult fixed = replay("fixed:10m");
        ReplayResult result = replay("histogram");
        assertEquals(50, fixed.coldStarts());
        assertEquals(1, result.coldStarts());
        assertTrue(result.prepares() >= 46, result.toString());
        assertTrue(result.idleByteSeconds() < fixed.idleByteSeconds(), result.toString());
    }

    @Test
    void theHistogramKeepsWhatItDoesNotUnderstand() {
        SplittableRandom random = new SplittableRandom(3);
        long at = 0;
        for (int i = 0; i < 400; i++) {
            at += random.nextLong(3 * 3_600_000);
            columns.add(at, 0, 0, 1_000, 100);
        }
        assertTrue(replay("histogram").coldStarts() <= 12, replay("histogram").toString());
        assertTrue(replay("fixed:10m").coldStarts() > 300, replay("fixed:10m").toString());
    }

    @Test
    void theSameSeedGivesTheSameResult() {
        Trace trace = TraceGenerator.generate(10, 3, 9);
        ReplayResult[] results = new ReplayResult[2];
        for (int i = 0; i < 2; i++) {
            results[i] =
                    new Replay(trace, new PoolPolicy.Forecast(), ForecastSettings.DEFAULT, 4)
                            .run(new BitSet());
        }
        assertEquals(results[0], results[1]);
    }

    @Test
    void callsAreServedUnderEveryPolicyHoweverManyComeAtOnce() {
        for (int i = 0; i < 20_000; i++) {
            columns.add(i / 10_000, i % 3, 60_000, 1L << 40, 1_000);
        }
        columns.add(1L << 50, 0, 604_800_000, 1L << 50, 604_800_000);
        for (String policy : List.of("fixed:7d", "histogram", "forecast")) {
            ReplayResult result = replay(policy);
            assertEquals(20_001, result.calls(), policy);
            assertEquals(20_001, result.coldStarts(), policy);
            assertTrue(result.idleByteSeconds() >= 0, policy);
        }
    }

    @Test
    void policiesAreReadAsTheyAreWritten() {
        for (String text :
                List.of("fixed:10m", "fixed:90s", "fixed:2h", "fixed:250ms", "fixed:0s")) {
            assertEquals(text, PoolPolicy.parse(text).toString());
        }
        assertEquals("histogram", PoolPolicy.parse("histogram").toString());
        assertEquals("forecast", PoolPolicy.parse("forecast").toString());
        assertEquals("fixed:24h", PoolPolicy.parse("fixed:1d").toString());
        for (String text :
                List.of("", "fixed", "fixed:", "fixed:10", "fixed:-1m", "fixed:8d", "lru")) {
            assertThrows(IllegalArgumentException.class, () -> PoolPolicy.parse(text), text);
        }
    }

    @Test
    void theQueueOfWakesIsInOrder() {
        SplittableRandom random = new SplittableRandom(6);
        WakeQueue queue = new WakeQueue(100);
        long[] atMs = new long[100];
        for (int i = 0; i < 1_000; i++) {
            int task = random.nextInt(100);
            atMs[task] = random.nextLong(1, 1_000_000);
            queue.set(task, atMs[task]);
        }
        long last = 0;
        while (queue.nextMs() != Long.MAX_VALUE) {
            long nextMs = queue.nextMs();
            int task = queue.take();
            assertEquals(atMs[task], nextMs);
            assertTrue(nextMs >= last, nextMs + " after " + last);
            last = nextMs;
            atMs[task] = 0;
        }
        for (long left : atMs) {
            assertEquals(0, left);
        }
    }
}
