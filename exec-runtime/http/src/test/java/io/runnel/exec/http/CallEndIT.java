package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.FakeRuntime;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** How calls end over real sockets, and what does not outlive them. */
class CallEndIT {
    @TempDir Path folder;
    private EdgeFixture edge;

    @BeforeEach
    void start() throws Exception {
        edge = new EdgeFixture(folder);
    }

    @AfterEach
    void stop() throws Exception {
        edge.close();
    }

    @Test
    void whatEndsAGuestIsAProblemWhileNothingHasLeft() throws Exception {
        Map<String, String> expected =
                Map.of(
                        "TRAP", "502 task-trapped",
                        "EXIT_3", "502 function-error",
                        "RECURSE", "502 stack-exceeded",
                        "GROW", "502 memory-exceeded",
                        "HELLO", "502 invalid-output");
        for (String act : expected.keySet()) {
            String name = act.toLowerCase(java.util.Locale.ROOT).replace('_', '-');
            edge.deploy(
                    name,
                    (call, in, out, log) ->
                            switch (act) {
                                case "TRAP" -> throw new FakeRuntime.TrapError("at 0x1234");
                                case "GROW" -> throw new FakeRuntime.MemoryError();
                                case "RECURSE" -> throw new StackOverflowError();
                                case "HELLO" -> {
                                    EdgeFixture.say(out, "hello, no headers here\n");
                                    yield 0;
                                }
                                default -> 3;
                            });
            try (RawClient client = edge.client()) {
                RawClient.Response response = client.get("/fn/demo/" + name);
                String code = response.body().replaceAll(".*\"code\":\"([^\"]*)\".*", "$1");
                assertEquals(expected.get(act), response.status() + " " + code);
                assertFalse(response.body().contains("0x1234"), response.body());
                assertEquals("pop/test", response.header("Runnel-Ran-At"));
            }
        }
        assertTrue(edge.logged().contains("header line 1 is not"), edge.logged());
    }

    @Test
    void aCallThatGetsNoSlotSoonIsAnsweredElsewhere() throws Exception {
        CountDownLatch running = new CountDownLatch(2);
        CountDownLatch gate = new CountDownLatch(1);
        edge.deploy(
                "gate",
                (call, in, out, log) -> {
                    running.countDown();
                    gate.await();
                    EdgeFixture.say(out, Guests.PLAIN + "here");
                    return 0;
                });
        try (RawClient one = edge.client();
                RawClient two = edge.client();
                RawClient three = edge.client()) {
            one.send("GET /fn/demo/gate HTTP/1.1\r\nHost: a\r\n\r\n");
            two.send("GET /fn/demo/gate HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(running.await(20, TimeUnit.SECONDS), "both slots are taken");
            three.send(
                    "POST /fn/demo/gate/soon HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
            assertEquals("elsewhere: body", three.receive().body());
            gate.countDown();
            assertEquals("here", one.receive().body());
            assertEquals("here", two.receive().body());
            assertEquals("here", three.get("/fn/demo/gate/soon").body());
        }
        edge.awaitQuiet();
        assertEquals(3, edge.ends.size(), "ends told: one for each run");
    }

    @Test
    void aGuestThatTakesTooLongIsEnded() throws Exception {
        edge.deploy(
                "sleep",
                HandlerKind.HTTP,
                Limits.DEFAULT.withTimeout(Duration.ofMillis(50)),
                (call, in, out, log) -> {
                    new CountDownLatch(1).await();
                    return 0;
                });
        try (RawClient client = edge.client()) {
            RawClient.Response response = client.get("/fn/demo/sleep");
            assertEquals(504, response.status());
            assertTrue(response.body().contains("task-timeout"), response.body());
        }
    }

    @Test
    void anAnswerThatBreaksOffIsSeenToBeBroken() throws Exception {
        edge.deploy(
                "breaks",
                (call, in, out, log) -> {
                    EdgeFixture.say(out, Guests.PLAIN + "x".repeat(200_000));
                    throw new FakeRuntime.TrapError("late");
                });
        edge.deploy(
                "short",
                (call, in, out, log) -> {
                    EdgeFixture.say(
                            out, "Content-Length: 300000\n" + Guests.PLAIN + "x".repeat(200_000));
                    return 0;
                });
        for (String task : new String[] {"breaks", "short"}) {
            try (RawClient client = edge.client()) {
                assertThrows(IOException.class, () -> client.get("/fn/demo/" + task), task);
            }
        }
        try (RawClient client = edge.client()) {
            edge.deploy("flood", (call, in, out, log) -> Guests.flood(out, new AtomicLong()));
            client.send("GET /fn/demo/flood HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThrows(EOFException.class, client::receive);
            assertInstanceOf(Outcome.Trapped.class, edge.nextEnd());
        }
    }

    @Test
    void noByteLeavesBeyondTheLengthThatTheGuestSays() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        edge.deploy(
                "more",
                (call, in, out, log) -> {
                    EdgeFixture.say(out, "Content-Length: 1\n" + Guests.PLAIN + "HTTP/1.1 200 OK");
                    goOn.await();
                    return 0;
                });
        edge.deploy("less", EdgeFixture.saying("Content-Length: 9\n" + Guests.PLAIN + "brief"));
        try (RawClient client = edge.client()) {
            RawClient.Response flowing = client.get("/fn/demo/more");
            assertEquals(502, flowing.status());
            assertTrue(flowing.body().contains("invalid-output"), flowing.body());
            RawClient.Response whole = client.get("/fn/demo/less");
            assertEquals(502, whole.status());
            goOn.countDown();
        }
        assertTrue(edge.logged().contains("as long as Content-Length says"), edge.logged());
    }

    @Test
    void aSlowReaderFillsNoMemory() throws Exception {
        AtomicLong written = new AtomicLong();
        Limits large =
                new Limits(
                        ByteSize.ofMiB(64),
                        Duration.ofSeconds(10),
                        ByteSize.ofMiB(1),
                        ByteSize.ofMiB(1024),
                        ByteSize.ofKiB(512),
                        ByteSize.ofKiB(64));
        edge.deploy(
                "flood",
                HandlerKind.HTTP,
                large,
                (call, in, out, log) -> Guests.flood(out, written));
        try (RawClient client = new RawClient(edge.port(), 32 * 1024)) {
            client.send("GET /fn/demo/flood HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals("HTTP/1.1 200 OK", client.line());
            long settled = awaitStill(written);
            // What the kernel's buffers take at the most, and not the hundreds of MiB of the guest.
            assertTrue(settled < 12 << 20, "written: " + settled);
            client.headers();
            while (written.get() == settled) {
                client.chunk();
            }
            client.reset();
            assertInstanceOf(Outcome.Cancelled.class, edge.nextEnd());
        }
    }

    @Test
    void whoReadsNothingLosesTheConnectionWithTheGuest() throws Exception {
        Limits brief = Limits.DEFAULT.withTimeout(Duration.ofMillis(200));
        AtomicLong written = new AtomicLong();
        edge.deploy(
                "flood",
                HandlerKind.HTTP,
                brief,
                (call, in, out, log) -> Guests.flood(out, written));
        try (RawClient client = new RawClient(edge.port(), 32 * 1024)) {
            client.send("GET /fn/demo/flood HTTP/1.1\r\nHost: a\r\n\r\n");
            assertInstanceOf(Outcome.TimedOut.class, edge.nextEnd());
            edge.awaitQuiet();
        }
    }

    @Test
    void aClientThatGoesEndsItsGuest() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        edge.deploy(
                "wait",
                (call, in, out, log) -> {
                    running.countDown();
                    new CountDownLatch(1).await();
                    return 0;
                });
        RawClient client = edge.client();
        client.send("GET /fn/demo/wait HTTP/1.1\r\nHost: a\r\n\r\n");
        assertTrue(running.await(20, TimeUnit.SECONDS));
        client.close();
        assertInstanceOf(Outcome.Cancelled.class, edge.nextEnd());
        edge.awaitQuiet();
        assertEquals(2, edge.runner.freeSlots());
    }

    @Test
    void aClientThatGoesWhileItSendsEndsItsGuest() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        edge.deploy(
                "read",
                (call, in, out, log) -> {
                    reading.countDown();
                    return Guests.drain(in);
                });
        try (RawClient client = edge.client()) {
            client.send(Guests.head("read", 3 << 20)).send("x".repeat(2 << 20));
            assertTrue(reading.await(20, TimeUnit.SECONDS));
        }
        assertInstanceOf(Outcome.Cancelled.class, edge.nextEnd());
    }

    /** Waits until the guest has stopped writing. */
    static long awaitStill(AtomicLong written) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        long last = -1;
        int same = 0;
        while (same < 20) {
            assertTrue(System.nanoTime() < deadline, "it does not stop: " + written);
            java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
            same = written.get() == last ? same + 1 : 0;
            last = written.get();
        }
        return last;
    }
}
