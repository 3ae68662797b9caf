package io.runnel.chaos.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Every toxic under a manual clock. */
final class ShaperTest {
    private static final long MILLI = 1_000_000;
    private static final long SEED = 7;

    /** Not zero, and close to where a long wraps: nano clocks may be anywhere. */
    private long now = Long.MAX_VALUE - 50 * MILLI;

    private final Acts acts = new Acts();
    private final Shaper shaper = new Shaper(new SplittableRandom(SEED), acts);

    @Test
    void passesBytesAndTheirEndAtOnceWithoutToxics() {
        assertEquals(Step.Wait.UNTIL_CHANGE, next());
        offer("hello");
        shaper.end(now);
        assertEquals("hello", sent(next()));
        assertInstanceOf(Step.Finish.class, next());
        assertEquals(0, shaper.queuedBytes());
    }

    @Test
    void latencyDelaysEveryByteByTheSame() {
        apply(new Effect.Latency(100, 0));
        offer("a");
        pass(30);
        offer("b");
        assertEquals(70 * MILLI, waitOf(next()));
        pass(70);
        assertEquals("a", sent(next()));
        assertEquals(30 * MILLI, waitOf(next()));
        pass(30);
        assertEquals("b", sent(next()));
    }

    @Test
    void jitterStaysWithinItsBoundsAndKeepsTheOrder() {
        apply(new Effect.Latency(100, 20));
        long before = 0;
        for (int i = 0; i < 50; i++) {
            offer("x");
            long wait = waitOf(next());
            assertTrue(wait >= 80 * MILLI && wait <= 120 * MILLI, "seed " + SEED + ": " + wait);
            now += wait;
            assertEquals("x", sent(next()));
            assertTrue(wait != before || i < 2, "seed " + SEED);
        }
    }

    @Test
    void latenciesAddUpAndEndWithTheirToxic() {
        shaper.apply(
                List.of(
                        toxic("one", new Effect.Latency(100, 0)),
                        toxic("two", new Effect.Latency(50, 0))),
                now);
        offer("a");
        assertEquals(150 * MILLI, waitOf(next()));
        shaper.apply(List.of(), now);
        assertEquals("a", sent(next()));
    }

    @Test
    void bandwidthSpreadsBytesOverTime() {
        apply(new Effect.Bandwidth(10));
        shaper.offer(new byte[2_500], now);
        assertEquals(100 * MILLI, waitOf(next()));
        pass(100);
        assertEquals(1_000, length(next()));
        pass(100);
        assertEquals(1_000, length(next()));
        assertEquals(50 * MILLI, waitOf(next()));
        pass(50);
        assertEquals(500, length(next()));
    }

    @Test
    void bandwidthCannotBeSavedUp() {
        apply(new Effect.Bandwidth(10));
        shaper.offer(new byte[3_000], now);
        pass(10_000);
        assertEquals(1_000, length(next()));
        assertEquals(100 * MILLI, waitOf(next()));
    }

    @Test
    void bandwidthOfZeroKeepsBytesUntilItIsLifted() {
        apply(new Effect.Bandwidth(0));
        offer("kept");
        pass(100_000);
        assertEquals(Step.Wait.UNTIL_CHANGE, next());
        shaper.apply(List.of(), now);
        assertEquals("kept", sent(next()));
    }

    @Test
    void timeoutSwallowsBytesAndThenCloses() {
        apply(new Effect.Timeout(200));
        offer("lost");
        assertEquals(200 * MILLI, waitOf(next()));
        assertEquals(0, shaper.queuedBytes());
        pass(200);
        assertInstanceOf(Step.Cut.class, next());
    }

    @Test
    void timeoutOfZeroWaitsForeverAndClosesWhenLifted() {
        shaper.apply(
                List.of(toxic("a", new Effect.Timeout(0)), toxic("b", new Effect.Latency(1, 0))),
                now);
        offer("lost");
        pass(100_000);
        assertEquals(Step.Wait.UNTIL_CHANGE, next());
        shaper.apply(List.of(toxic("b", new Effect.Latency(1, 0))), now);
        assertInstanceOf(Step.Cut.class, next());
    }

    @Test
    void timeoutLetsGoOfAClientThatWentAway() {
        apply(new Effect.Timeout(0));
        shaper.end(now);
        assertInstanceOf(Step.Finish.class, next());
    }

    @Test
    void resetPeerResetsAfterItsTime() {
        apply(new Effect.ResetPeer(30));
        offer("through");
        assertEquals("through", sent(next()));
        assertEquals(30 * MILLI, waitOf(next()));
        pass(30);
        assertInstanceOf(Step.Reset.class, next());
    }

    @Test
    void slowCloseDelaysTheEndOnly() {
        apply(new Effect.SlowClose(40));
        offer("a");
        shaper.end(now);
        assertEquals("a", sent(next()));
        assertEquals(40 * MILLI, waitOf(next()));
        pass(40);
        assertInstanceOf(Step.Finish.class, next());
    }

    @Test
    void slicerCutsIntoPiecesWithPauses() {
        apply(new Effect.Slicer(10, 4, 1_000));
        shaper.offer(new byte[100], now);
        List<Integer> lengths = new ArrayList<>();
        while (shaper.queuedBytes() > 0) {
            now += waitOf(next());
            lengths.add(length(next()));
        }
        assertEquals(100, lengths.stream().mapToInt(Integer::intValue).sum());
        assertTrue(
                lengths.subList(0, lengths.size() - 1).stream().allMatch(n -> n >= 6 && n <= 14),
                "seed " + SEED + ": " + lengths);
    }

    @Test
    void limitDataClosesAfterItsBytes() {
        apply(new Effect.LimitData(7));
        offer("hello");
        offer("world");
        assertEquals("hello", sent(next()));
        assertEquals("wo", sent(next()));
        assertInstanceOf(Step.Cut.class, next());
    }

    @Test
    void limitDataCountsOnWhenItIsChanged() {
        apply(new Effect.LimitData(100));
        offer("hello");
        assertEquals("hello", sent(next()));
        apply(new Effect.LimitData(6));
        offer("world");
        assertEquals("w", sent(next()));
        assertInstanceOf(Step.Cut.class, next());
    }

    @Test
    void toxicityIsDrawnOnceForAConnection() {
        Toxic half = new Toxic("t", Direction.DOWNSTREAM, 0.5, new Effect.LimitData(0));
        int hit = 0;
        for (int i = 0; i < 1_000; i++) {
            Shaper one = new Shaper(new SplittableRandom(SEED + i), acts);
            one.apply(List.of(half), now);
            one.offer(new byte[1], now);
            one.apply(List.of(half), now);
            hit += one.next(now) instanceof Step.Cut ? 1 : 0;
        }
        assertTrue(hit > 400 && hit < 600, "seeds from " + SEED + ": " + hit);
    }

    @Test
    void whatToxicsDoIsCountedAndNotThatTheyAreThere() {
        shaper.apply(
                List.of(
                        toxic("late", new Effect.Latency(10, 0)),
                        toxic("thin", new Effect.Slicer(4, 0, 0)),
                        toxic("narrow", new Effect.Bandwidth(1_000)),
                        toxic("limit", new Effect.LimitData(6)),
                        toxic("reset", new Effect.ResetPeer(10_000)),
                        toxic("close", new Effect.SlowClose(5))),
                now);
        assertEquals(Step.Wait.class, next().getClass());
        assertEquals(Map.of(), acts.all());
        offer("0123456789");
        pass(20);
        assertEquals("0123", sent(next()));
        pass(20);
        assertEquals("45", sent(next()));
        assertEquals(
                Map.of("latency", 1L, "slicer", 2L, "bandwidth", 2L, "limit_data", 1L), acts.all());
    }

    @Test
    void everyEndThatAToxicMakesIsCounted() {
        apply(new Effect.Timeout(0));
        offer("lost");
        offer("too");
        next();
        assertEquals(Map.of("timeout", 2L), acts.all());
        Shaper reset = new Shaper(new SplittableRandom(SEED), acts);
        reset.apply(List.of(toxic("reset", new Effect.ResetPeer(0))), now);
        reset.next(now);
        Shaper slow = new Shaper(new SplittableRandom(SEED), acts);
        slow.apply(List.of(toxic("slow", new Effect.SlowClose(0))), now);
        slow.end(now);
        slow.next(now);
        assertEquals(Map.of("timeout", 2L, "reset_peer", 1L, "slow_close", 1L), acts.all());
    }

    private static Toxic toxic(String name, Effect effect) {
        return new Toxic(name, Direction.DOWNSTREAM, 1, effect);
    }

    private void apply(Effect effect) {
        shaper.apply(List.of(toxic("toxic", effect)), now);
    }

    private void offer(String text) {
        shaper.offer(text.getBytes(US_ASCII), now);
    }

    private void pass(long millis) {
        now += millis * MILLI;
    }

    private Step next() {
        return shaper.next(now);
    }

    private static long waitOf(Step step) {
        return assertInstanceOf(Step.Wait.class, step).nanos();
    }

    private static int length(Step step) {
        return assertInstanceOf(Step.Send.class, step).bytes().remaining();
    }

    private static String sent(Step step) {
        return US_ASCII.decode(assertInstanceOf(Step.Send.class, step).bytes()).toString();
    }
}
