package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.http.ErrorCode;
import io.runnel.routing.placement.PlacedReason;
import io.vertx.core.json.JsonObject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a POP notes of calls, and what it measures, as its operators read it. */
class CallNotesIT {
    private static final String HELLO = "/fn/" + TestRegion.HELLO;
    private static final int ENOUGH = 40;

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

    private static String id(HttpResponse<String> answer) {
        return answer.headers().firstValue("Runnel-Request-Id").orElseThrow();
    }

    private JsonObject noteOf(HttpResponse<String> answer) throws Exception {
        return pop.awaitNote(id(answer));
    }

    @Test
    void aCallThatIsForwardedIsNotedWithItsRegion() throws Exception {
        HttpResponse<String> answer = pop.call(HELLO);
        JsonObject note = noteOf(answer);
        assertEquals("demo/hello", note.getString("task"));
        assertEquals("forwarded", note.getString("place"), note::encode);
        assertEquals("north", note.getString("region"));
        assertEquals(1, note.getInteger("regionsAsked"));
        assertEquals(200, note.getInteger("status"));
        assertTrue(note.getBoolean("whole"));
        JsonObject decided = note.getJsonObject("decided");
        assertEquals("uncommon", decided.getString("reason"));
        assertEquals("calls", decided.getString("limit"));
        assertEquals(1, decided.getDouble("recentCalls"));
        assertEquals(16, decided.getInteger("freeSlots"));
    }

    @Test
    void aCallThatRunsHereIsNotedWithWhatItTook() throws Exception {
        HttpResponse<String> answer = untilHere();
        JsonObject note = noteOf(answer);
        assertEquals("here", note.getString("place"), note::encode);
        assertEquals("popular", note.getJsonObject("decided").getString("reason"));
        assertEquals("ready", note.getJsonObject("decided").getString("code"));
        assertEquals(0, note.getInteger("regionsAsked"));
        assertTrue(note.getDouble("runMs") > 0, note::encode);
        assertTrue(note.getDouble("totalMs") > note.getDouble("runMs"), note::encode);
    }

    /** The first answer from here, after as many calls as it takes. */
    private HttpResponse<String> untilHere() throws Exception {
        for (int i = 0; i < ENOUGH; i++) {
            pop.call(HELLO);
        }
        pop.awaitOpen(TestRegion.HELLO);
        HttpResponse<String> answer = pop.call(HELLO);
        assertEquals("pop/edge", answer.headers().firstValue("Runnel-Ran-At").orElseThrow());
        return answer;
    }

    @Test
    void aCallThatRunsNowhereIsNotedWithItsProblem() throws Exception {
        pop.loseRegion();
        HttpResponse<String> answer = pop.call(HELLO);
        assertEquals(503, answer.statusCode());
        JsonObject note = noteOf(answer);
        assertEquals("region-unreachable", note.getString("problem"), note::encode);
        assertEquals(503, note.getInteger("status"));
        assertEquals("uncommon", note.getJsonObject("decided").getString("reason"));
    }

    @Test
    void whatIsRefusedAtTheDoorIsCountedOnly() throws Exception {
        HttpResponse<String> answer = pop.call("/fn/demo/none");
        assertEquals(404, answer.statusCode());
        assertEquals(Optional.empty(), pop.note(id(answer)));
        String metrics = pop.metrics().body();
        assertTrue(metrics.contains("runnel_refusals_total{code=\"task-not-found\"} 1.0"), metrics);
    }

    @Test
    void prometheusReadsCallsPoolsAndLoops() throws Exception {
        pop.awaitNote(id(pop.call(HELLO)));
        HttpResponse<String> answer = pop.metrics();
        assertTrue(
                answer.headers().firstValue("Content-Type").orElseThrow().startsWith("text/plain"));
        String metrics = answer.body();
        for (String line :
                new String[] {
                    "runnel_calls_seconds_count{outcome=\"ok\",place=\"forwarded\","
                            + "reason=\"uncommon\"} 1",
                    "runnel_calls_seconds_bucket{",
                    "runnel_load_percent 0.0",
                    "runnel_queue_waited_seconds_total 0.0",
                    "runnel_warm_programs 0.0",
                    "runnel_requests_in_flight 0.0",
                    "runnel_forward_calls_total 1.0",
                    "runnel_forward_retries_total 0.0",
                    "runnel_region_up{region=\"north\"} 1.0",
                    "runnel_region_answered_total{region=\"north\"} 1.0",
                    "runnel_loop_delay_seconds_count",
                    "jvm_memory_used_bytes{"
                }) {
            assertTrue(metrics.contains(line), () -> line + " is not in " + metrics);
        }
        // On a machine that has other work the limit is lower for a while.
        double limit = gauge("runnel_limit_running", metrics);
        assertTrue(limit >= 1 && limit <= 16, () -> metrics);
        assertEquals(limit, gauge("runnel_slots_free", metrics), () -> metrics);
    }

    private static double gauge(String name, String metrics) {
        return Double.parseDouble(found("(?m)^" + name + " ([0-9.]+)$", metrics).getFirst());
    }

    @Test
    void alertsReadWhatIsThere() throws Exception {
        pop.awaitNote(id(pop.call(HELLO)));
        String metrics = pop.metrics().body();
        String rules = Files.readString(Path.of("..", "docs", "alerts.yaml"));
        List<String> names = found("\\b(runnel_[a-z_]+)", rules);
        assertFalse(names.isEmpty());
        for (String name : names) {
            assertTrue(
                    metrics.lines().anyMatch(line -> line.matches(name + "[ {].*")),
                    () -> name + " is not in " + metrics);
        }
        for (String reason : found("reason=\"([a-z-]+)\"", rules)) {
            assertTrue(PlacedReason.ofLabel(reason).isPresent(), reason);
        }
        List<String> codes = Stream.of(ErrorCode.values()).map(ErrorCode::label).toList();
        for (String code : found("(?:code=|\\|)\"?([a-z]+-[a-z-]+)", rules)) {
            assertTrue(codes.contains(code), code);
        }
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map(m -> m.group(1)).toList();
    }

    @Test
    void whatACallWouldComeToIsExplainedAndNotCounted() throws Exception {
        for (int i = 0; i < 3; i++) {
            JsonObject told = pop.explain("demo/hello").orElseThrow();
            assertEquals("forward", told.getString("would"), told::encode);
            assertEquals("uncommon", told.getString("reason"));
            assertEquals(List.of("north"), told.getJsonArray("regions").getList());
            assertEquals("calls", score(told, "limit"));
            assertEquals("0", score(told, "recent-calls"));
            assertEquals("16", score(told, "free-slots"));
        }
        untilHere();
        JsonObject told = pop.explain("demo/hello").orElseThrow();
        assertEquals("run-here", told.getString("would"), told::encode);
        assertEquals("popular", told.getString("reason"));
        assertEquals("none", score(told, "limit"));
        assertTrue(Double.parseDouble(score(told, "recent-calls")) > 20, told::encode);
        for (String none : List.of("demo/none", "demo", "demo/hello/x", "")) {
            assertEquals(Optional.empty(), pop.explain(none), none);
        }
    }

    @Test
    void whatAnAliasLeadsToIsExplainedAsIfItWereCalled() throws Exception {
        String[][] led = {
            {"greet", "greet", "demo/hello@1", "demo/hello", "uncommon"},
            {"welcome", "welcome>greet", "demo/hello@1", "demo/hello", "uncommon"},
            {"far", "far", "regions/hello@live", "regions/hello", "policy"},
        };
        for (String[] one : led) {
            JsonObject told = pop.explain("demo/" + one[0]).orElseThrow();
            assertEquals("demo/" + one[0], told.getString("alias"), told::encode);
            assertEquals(one[1], told.getString("by"));
            assertEquals(one[2], told.getString("to"));
            assertEquals(one[3], told.getString("task"));
            assertEquals(1, told.getInteger("version"));
            assertEquals(one[4], told.getString("reason"), told::encode);
        }
        assertFalse(pop.explain("demo/hello").orElseThrow().containsKey("alias"));
        assertEquals(Optional.empty(), pop.explain("regions/greet"), "it is demo's");
    }

    @Test
    void whyAnAliasLeadsNowhereIsExplained() throws Exception {
        String[][] lost = {
            {"astray", "there is no demo/hello@9"},
            {"unnamed", "there is no demo/hello@stable"},
            {"round", "the alias leads back to itself"},
        };
        for (String[] one : lost) {
            assertEquals(
                    new JsonObject().put("alias", "demo/" + one[0]).put("lost", one[1]),
                    pop.explain("demo/" + one[0]).orElseThrow());
        }
    }

    private static String score(JsonObject told, String name) {
        return told.getJsonArray("scores").stream()
                .map(JsonObject.class::cast)
                .filter(score -> score.getString("name").equals(name))
                .findFirst()
                .orElseThrow()
                .getString("value");
    }
}
