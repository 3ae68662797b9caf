package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.runnel.exec.http.ListenerSettings.PortSharing;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A port that goes from one listener to the next while it is used. */
class HandOverIT {
    private static final int ROUNDS = 5;

    /** Spread over two, all would come to one of them in one of 2^39 runs. */
    private static final int CALLERS = 40;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<Vertx> all = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();

    @AfterEach
    void stop() throws Exception {
        over.set(true);
        for (Vertx vertx : all) {
            EdgeFixture.await(vertx.close());
        }
    }

    /** As a process of its own would: with event loops of its own. */
    private NodeListener open(int port, PortSharing sharing) throws Exception {
        Vertx vertx =
                NodeVertx.create(
                        new VertxOptions().setEventLoopPoolSize(2), ConnectionLimits.DEFAULT);
        all.add(vertx);
        String name = "listener %d\n".formatted(all.size());
        return EdgeFixture.await(
                NodeListener.start(
                        vertx,
                        ListenerSettings.at("127.0.0.1", port).withLoops(2).withSharing(sharing),
                        new RequestIds(InstantSource.system(), ThreadLocalRandom::current),
                        System::nanoTime,
                        exchange -> exchange.response().end(name)));
    }

    @Test
    void aPortGoesToTheNextWithoutACallLost() throws Exception {
        NodeListener now = open(0, PortSharing.WITH_SUCCESSOR);
        int port = now.port();
        List<Thread> load =
                List.of(
                        Thread.ofPlatform().start(() -> callAnew(port)),
                        Thread.ofPlatform().start(() -> callAnew(port)),
                        Thread.ofPlatform().start(() -> callOnAndOn(port)),
                        Thread.ofPlatform().start(() -> callByHttp2(port)));
        for (int i = 0; i < ROUNDS; i++) {
            NodeListener next = open(port, PortSharing.WITH_PREDECESSOR);
            awaitCalls(200);
            EdgeFixture.await(now.drain(PATIENCE));
            awaitCalls(200);
            now = next;
        }
        over.set(true);
        for (Thread thread : load) {
            thread.join();
        }
        assertEquals(List.of(), List.copyOf(failures), answered + " answered");
        try (RawClient client = new RawClient(port)) {
            assertEquals("listener %d\n".formatted(ROUNDS + 1), client.get("/").body());
        }
    }

    private void awaitCalls(int more) {
        int wanted = answered.get() + more;
        while (answered.get() < wanted && failures.isEmpty()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** A connection for each call. */
    private void callAnew(int port) {
        while (!over.get()) {
            try (RawClient client = new RawClient(port)) {
                tell(client.get("/").status() == 200, "anew");
            } catch (IOException e) {
                tell(false, "anew: " + e);
            }
        }
    }

    /** One connection, until an answer says that it ends. */
    private void callOnAndOn(int port) {
        while (!over.get()) {
            try (RawClient client = new RawClient(port)) {
                boolean goesOn = true;
                while (goesOn && !over.get()) {
                    RawClient.Response answer = client.get("/");
                    tell(answer.status() == 200, "on and on");
                    goesOn = !answer.header("connection").equals("close");
                }
            } catch (IOException e) {
                tell(false, "on and on: " + e);
            }
        }
    }

    /** One connection for all calls, until it is said to end. */
    private void callByHttp2(int port) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                        .timeout(PATIENCE)
                        .build();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            while (!over.get()) {
                HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
                tell(
                        answer.statusCode() == 200 && answer.version() == HttpClient.Version.HTTP_2,
                        "by HTTP/2");
            }
        } catch (IOException e) {
            tell(false, "by HTTP/2: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(boolean well, String what) {
        if (well) {
            answered.incrementAndGet();
        } else {
            failures.add(what);
        }
    }

    @Test
    void theNewestGetsAllThatComes() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "Linux chooses the socket");
        NodeListener now = open(0, PortSharing.WITH_SUCCESSOR);
        int port = now.port();
        assertEquals(1, ReusePortGroup.listeners(port));
        for (int i = 2; i < 5; i++) {
            NodeListener next = open(port, PortSharing.WITH_PREDECESSOR);
            assertEquals(2, ReusePortGroup.listeners(port));
            assertEquals(Set.of("listener %d\n".formatted(i)), whoAnswers(port));
            EdgeFixture.await(now.drain(PATIENCE));
            assertEquals(Set.of("listener %d\n".formatted(i)), whoAnswers(port));
            now = next;
        }
    }

    @Test
    void handshakesThatAreUnderWayMayEnd() throws Exception {
        NodeListener old = open(0, PortSharing.WITH_SUCCESSOR);
        NodeListener next = open(old.port(), PortSharing.WITH_PREDECESSOR);
        long began = System.nanoTime();
        EdgeFixture.await(old.drain(PATIENCE));
        assertTrue(System.nanoTime() - began >= 1_000_000_000, "closed at once");
        assertEquals(1, ReusePortGroup.listeners(next.port()));
    }

    @Test
    void theOldOneAnswersAgainWhenTheNewOneEnds() throws Exception {
        NodeListener old = open(0, PortSharing.WITH_SUCCESSOR);
        NodeListener next = open(old.port(), PortSharing.WITH_PREDECESSOR);
        EdgeFixture.await(next.drain(PATIENCE));
        assertEquals(Set.of("listener 1\n"), whoAnswers(old.port()));
    }

    private static Set<String> whoAnswers(int port) throws IOException {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < CALLERS; i++) {
            try (RawClient client = new RawClient(port)) {
                names.add(client.get("/").body());
            }
        }
        return names;
    }

    @Test
    void aPortThatSomebodyHasIsNotShared() throws Exception {
        NodeListener first = open(0, PortSharing.WITH_SUCCESSOR);
        for (PortSharing sharing : List.of(PortSharing.NONE, PortSharing.WITH_SUCCESSOR)) {
            ExecutionException e =
                    assertThrows(ExecutionException.class, () -> open(first.port(), sharing));
            assertInstanceOf(IOException.class, e.getCause());
            assertTrue(e.getMessage().contains("cannot listen at"), e.getMessage());
        }
    }

    @Test
    void whoeverKeepsAConnectionIsToldToLetItGo() throws Exception {
        NodeListener listener = open(0, PortSharing.NONE);
        try (RawClient kept = new RawClient(listener.port())) {
            assertEquals(Optional.empty(), connection(kept.get("/")));
            listener.turnAway(true, PATIENCE);
            assertEquals(Optional.of("close"), connection(kept.get("/")));
            assertTrue(kept.isClosed());
        }
        try (RawClient anew = new RawClient(listener.port())) {
            assertEquals(Optional.of("close"), connection(anew.get("/")));
        }
        listener.turnAway(false, PATIENCE);
        try (RawClient anew = new RawClient(listener.port())) {
            assertEquals(Optional.empty(), connection(anew.get("/")));
        }
    }

    private static Optional<String> connection(RawClient.Response answer) {
        return Optional.of(answer.header("connection")).filter(value -> !value.isEmpty());
    }
}
