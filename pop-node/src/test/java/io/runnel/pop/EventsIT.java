package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.RequestId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;

/** Calls that nobody waits for: a region keeps them, also where a POP would run others. */
final class EventsIT {
    private static final int MANY = 12;

    @TempDir private Path data;

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static void makePopular(TestPop pop) throws Exception {
        for (int i = 0; i < MANY; i++) {
            HttpResponse<String> answer = pop.invoke(TestRegion.SUM, "RequestResponse");
            assertEquals(200, answer.statusCode(), answer::body);
        }
        pop.awaitOpen(TestRegion.SUM);
        HttpResponse<String> here = pop.invoke(TestRegion.SUM, "RequestResponse");
        assertEquals("pop/edge", header(here, "Runnel-Ran-At"), here.headers()::toString);
    }

    @Test
    void anEventGoesToARegionWhateverThePopHolds() throws Exception {
        try (TestPop pop = new TestPop(data)) {
            makePopular(pop);
            HttpResponse<String> answer = pop.invoke(TestRegion.SUM, "Event");
            assertEquals(202, answer.statusCode(), answer::body);
            assertEquals("policy", header(answer, "Runnel-Placed"));
            RequestId id = new RequestId(header(answer, "Runnel-Request-Id"));
            assertEquals(List.of(id), List.copyOf(pop.region().kept));
        }
    }

    @Test
    void withoutARegionAnEventIsRefusedAndNotRun() throws Exception {
        try (TestPop pop = new TestPop(data)) {
            makePopular(pop);
            pop.loseRegion();
            pop.awaitReach("down");
            HttpResponse<String> answer = pop.invoke(TestRegion.SUM, "Event");
            assertEquals(503, answer.statusCode(), answer::body);
            assertEquals("", header(answer, "Runnel-Ran-At"));
            HttpResponse<String> other = pop.invoke(TestRegion.SUM, "RequestResponse");
            assertTrue(header(other, "Runnel-Ran-At").equals("pop/edge"), other::toString);
        }
    }
}
