package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Calls of a POP whose only region is restarted. */
class RegionWaitIT {
    private static final String HELLO = "/fn/" + TestRegion.HELLO;
    private static final int MOST_SECONDS = 60;

    @TempDir private Path folder;
    private TestPop pop;

    @BeforeEach
    void open() throws Exception {
        pop = new TestPop(folder);
    }

    @AfterEach
    void close() {
        pop.close();
    }

    @Test
    void aCallWaitsForARegionThatComesBack() throws Exception {
        pop.loseRegion();
        CompletableFuture<HttpResponse<String>> atOnce = pop.begin(HELLO);
        pop.awaitReach("down");
        CompletableFuture<HttpResponse<String>> later = pop.begin(HELLO);
        assertFalse(atOnce.isDone());
        assertFalse(later.isDone());
        pop.regainRegion();
        for (CompletableFuture<HttpResponse<String>> call : List.of(atOnce, later)) {
            HttpResponse<String> answer = call.get(MOST_SECONDS, TimeUnit.SECONDS);
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals(
                    "region/north/north-1",
                    answer.headers().firstValue("Runnel-Ran-At").orElse(""));
        }
    }

    @Test
    void aRegionThatStaysAwayIsNotWaitedForLong() throws Exception {
        pop.loseRegion();
        HttpResponse<String> answer = pop.begin(HELLO).get(MOST_SECONDS, TimeUnit.SECONDS);
        assertEquals(503, answer.statusCode(), answer.body());
    }
}
