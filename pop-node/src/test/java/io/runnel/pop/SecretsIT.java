package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.pop.TestPop.Answer;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** A task whose owner gave it a secret. */
class SecretsIT {
    private static final int POPULAR = 25;
    private static final String TASK = "/fn/" + TestRegion.SECRETIVE;

    @TempDir private Path data;
    private TestPop pop;

    @BeforeEach
    void open() throws Exception {
        pop = new TestPop(data);
        pop.awaitRegions(TestRegion.SECRETIVE);
    }

    @AfterEach
    void close() {
        pop.close();
    }

    private static String ranAt(HttpResponse<String> answer) {
        return answer.headers().firstValue("Runnel-Ran-At").orElse("");
    }

    private static boolean sees(HttpResponse<String> answer) {
        return answer.body().contains(TestRegion.SECRET);
    }

    @Test
    void itsGuestsSeeItWhereverTheyRun() throws Exception {
        HttpResponse<String> there = pop.call(TASK);
        assertEquals("region/north/north-1", ranAt(there));
        assertTrue(sees(there), there.body());
        assertEquals(0, pop.region().secretsAsked(), "it is not popular yet");
        HttpResponse<String> here = untilHere();
        assertTrue(sees(here), here.body());
        assertEquals(1, pop.region().secretsAsked());
        HttpResponse<String> other = pop.call("/fn/" + TestRegion.ECHO);
        assertFalse(sees(other), other.body());
    }

    private HttpResponse<String> untilHere() throws Exception {
        AtomicReference<HttpResponse<String>> last = new AtomicReference<>();
        TestPop.await(
                "a call that runs here",
                () -> {
                    HttpResponse<String> answer = pop.call(TASK);
                    last.set(answer);
                    assertEquals(200, answer.statusCode(), answer.body());
                    assertTrue(sees(answer), answer.body());
                    return ranAt(answer).equals("pop/edge");
                });
        return last.get();
    }

    @Test
    void noFileOfThePopHoldsIt() throws Exception {
        untilHere();
        try (Stream<Path> files = Files.walk(data.resolve("nodes"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertFalse(text.contains(TestRegion.SECRET), file::toString);
            }
        }
        for (String said :
                List.of(
                        pop.metrics().body(),
                        pop.explain(TestRegion.SECRETIVE.toString()).orElseThrow().encode(),
                        pop.task(TestRegion.SECRETIVE).encode())) {
            assertFalse(said.contains(TestRegion.SECRET), said);
        }
    }

    @Test
    void aPopThatMayNotRunItDoesNotAskForIt() throws Exception {
        pop.awaitRegions(TestRegion.SECRETIVE_IN_REGIONS);
        for (Answer answer : pop.burst(TestRegion.SECRETIVE_IN_REGIONS, POPULAR)) {
            assertEquals("policy", answer.placed());
        }
        assertEquals(0, pop.region().secretsAsked());
    }

    /** The same code runs here; only the secret is missing. */
    @Test
    void itRunsNowhereWithoutIt() throws Exception {
        pop.region().tells = false;
        pop.burst(TestRegion.ECHO, POPULAR);
        pop.awaitOpen(TestRegion.ECHO);
        for (Answer answer : pop.burst(TestRegion.SECRETIVE, POPULAR)) {
            assertEquals("region/north/north-1", answer.ranAt());
        }
        assertTrue(pop.region().secretsAsked() > 0);
        String explained = pop.explain(TestRegion.SECRETIVE.toString()).orElseThrow().encode();
        assertTrue(explained.contains("\"name\":\"limit\",\"value\":\"secrets\""), explained);
        pop.loseRegion();
        pop.awaitReach("down");
        HttpResponse<String> answer = pop.call(TASK);
        assertEquals(503, answer.statusCode(), answer.body());
        assertEquals("region-unreachable", new JsonObject(answer.body()).getString("code"));
    }

    @Test
    void whatIsHereStaysHereWhileTheRegionIsLost() throws Exception {
        untilHere();
        pop.loseRegion();
        pop.awaitReach("down");
        HttpResponse<String> answer = pop.call(TASK);
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(sees(answer), answer.body());
    }
}
