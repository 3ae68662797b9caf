package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.isolate.RunnerSettings;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.ByteSize;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A node of one slot, which is nearly full as it is; calls stay until they are answered here. */
class SourceGateIT {
    @TempDir Path folder;
    private GatedCalls calls;
    private TaskRunner runner;

    private void start(int slots) throws Exception {
        runner =
                new TaskRunner(
                        new RunnerSettings(slots, ByteSize.ofMiB(64), 1, Duration.ofSeconds(1)),
                        List.of(),
                        new CodeStore(folder.resolve("code")),
                        System::nanoTime);
        calls = new GatedCalls(next -> new SourceGate(runner, 42, System::nanoTime, next));
    }

    @BeforeEach
    void start() throws Exception {
        start(1);
    }

    @AfterEach
    void stop() throws Exception {
        calls.close();
        runner.close();
    }

    @Test
    void aNetworkThatHasItsShareIsToldSoAndOthersPass() throws Exception {
        // Two calls are let in: one runs, one waits.
        var first = calls.ask("192.0.2.1");
        EdgeCall one = calls.next();
        var other = calls.ask("198.51.100.1");
        EdgeCall two = calls.next();
        HttpResponse<String> refused = calls.ask("192.0.2.77").get(20, TimeUnit.SECONDS);
        assertEquals(429, refused.statusCode());
        assertEquals("1", refused.headers().firstValue("Retry-After").orElseThrow());
        assertEquals("rate-limited", refused.headers().firstValue("Runnel-Not-Run").orElseThrow());
        assertTrue(refused.body().contains("share of 1 of 2 calls"), refused.body());
        assertTrue(refused.body().contains("'slots'"), refused.body());
        assertEquals(1, runner.loadReport().rateLimited());

        var keyed = calls.ask("192.0.2.77", "Key", "shop");
        GatedCalls.answer(calls.next());
        assertEquals(200, keyed.get(20, TimeUnit.SECONDS).statusCode());

        GatedCalls.answer(one);
        GatedCalls.answer(two);
        assertEquals(200, first.get(20, TimeUnit.SECONDS).statusCode());
        assertEquals(200, other.get(20, TimeUnit.SECONDS).statusCode());
        var again = calls.ask("192.0.2.77");
        GatedCalls.answer(calls.next());
        assertEquals(200, again.get(20, TimeUnit.SECONDS).statusCode());
    }

    @Test
    void whileSlotsAreFreeNobodyIsAsked() throws Exception {
        stop();
        start(8);
        for (int i = 0; i < 30; i++) {
            var unused = calls.ask(i == 0 ? "198.51.100.1" : "192.0.2.1");
        }
        for (int i = 0; i < 30; i++) {
            GatedCalls.answer(calls.next());
        }
        assertEquals(0, runner.loadReport().rateLimited());
    }
}
