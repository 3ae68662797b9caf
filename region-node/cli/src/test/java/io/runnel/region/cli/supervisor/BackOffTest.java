package io.runnel.region.cli.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

class BackOffTest {
    @Test
    void doublesUpToTenSeconds() {
        List<Long> delays =
                Stream.iterate(BackOff.FIRST, BackOff::next)
                        .limit(8)
                        .map(b -> b.delay().toMillis())
                        .toList();
        assertEquals(List.of(200L, 400L, 800L, 1600L, 3200L, 6400L, 10_000L, 10_000L), delays);
    }

    @Test
    void beginsAgainAfterAMinuteOfRunning() {
        BackOff long1 = BackOff.FIRST.next().next();
        assertEquals(long1, long1.afterRunningFor(Duration.ofSeconds(59)));
        assertEquals(BackOff.FIRST, long1.afterRunningFor(Duration.ofSeconds(60)));
    }
}
