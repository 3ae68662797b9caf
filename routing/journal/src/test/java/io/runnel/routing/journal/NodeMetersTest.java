package io.runnel.routing.journal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicReference;

final class NodeMetersTest {
    @Test
    void theEndOfTheAuthorityIsReadWhenSomebodyAsks() {
        AtomicReference<Double> seconds = new AtomicReference<>(Double.NaN);
        try (NodeMeters meters = new NodeMeters()) {
            meters.watchAuthority(seconds::get);
            assertShows("runnel_authority_end_seconds NaN", meters);
            seconds.set(-1.0);
            assertShows("runnel_authority_end_seconds -1.0", meters);
        }
    }

    private static void assertShows(String line, NodeMeters meters) {
        String shown = meters.document("/metrics").orElseThrow().bytes().toString(UTF_8);
        assertTrue(shown.lines().anyMatch(line::equals), shown);
    }
}
