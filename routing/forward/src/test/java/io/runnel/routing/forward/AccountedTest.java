package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.List;

class AccountedTest {
    @Test
    void allPhasesCount() {
        assertEquals(
                1_507_250_000L,
                Accounted.nanos(
                        List.of("queue;dur=1.000, start;dur=0.250, run;dur=1500", "x;dur=6.000")));
    }

    @Test
    void whatIsMalformedCountsNothing() {
        assertEquals(0, Accounted.nanos(List.of()));
        assertEquals(0, Accounted.nanos(List.of("", ";dur=", "run;dur=1.2.3", "run;dur=-5")));
    }
}
