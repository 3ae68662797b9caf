package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What a place is found to serve. Its calls move the clock. */
final class CapacityTest {
    private final AtomicLong nowNs = new AtomicLong();
    private final AtomicInteger made = new AtomicInteger();

    @Test
    void whatIsAnsweredInASecondIsCounted() {
        // An answer every 12.5 ms, whoever gets it.
        Caller caller = (stream, key) -> ended(CallEnd.ANSWERED);
        assertEquals(80, new Capacity(caller, nowNs::get).of(Made.FLOOD, 4), 6);
    }

    @Test
    void refusalsAreNoCapacity() {
        Caller caller =
                (stream, key) ->
                        ended(made.incrementAndGet() % 2 == 0 ? CallEnd.ANSWERED : CallEnd.REFUSED);
        assertEquals(40, new Capacity(caller, nowNs::get).of(Made.FLOOD, 4), 6);
    }

    @Test
    void callersAreHalfAsManyAgainAsSlots() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Caller caller =
                (stream, key) -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    Caller.Answer answer = ended(CallEnd.ANSWERED);
                    now.decrementAndGet();
                    return answer;
                };
        assertTrue(new Capacity(caller, nowNs::get).of(Made.FLOOD, 4) > 0);
        assertTrue(most.get() <= 6, most.toString());
    }

    private Caller.Answer ended(CallEnd end) {
        nowNs.addAndGet(12_500_000);
        return new Caller.Answer(end, "", "");
    }
}
