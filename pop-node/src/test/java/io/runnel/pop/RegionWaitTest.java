package io.runnel.pop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.forward.AttemptFailure;
import io.runnel.routing.forward.FailedAttempt;
import io.runnel.routing.forward.ForwardResult;
import io.runnel.routing.forward.HealthSettings;
import io.runnel.routing.forward.RegionHealth;
import io.runnel.routing.forward.RegionLink;
import io.runnel.routing.forward.RegionState.Reach;
import io.runnel.topology.Address;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What waits for a region that answered pings and is gone; no time passes here. */
class RegionWaitTest {
    private static final RegionId NORTH = new RegionId("north");
    private static final HealthSettings PINGS =
            new HealthSettings(Duration.ofMillis(5), Duration.ofSeconds(20), 1);

    private final Vertx vertx = Vertx.vertx();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private volatile boolean revoked;
    private RegionHealth health;
    private RegionWait waits;

    @BeforeEach
    void loseARegion() {
        HttpServer region =
                vertx.createHttpServer()
                        .requestHandler(ping -> ping.response().end())
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join();
        RegionLink link =
                new RegionLink(NORTH, new Address("127.0.0.1", region.actualPort()), Duration.ZERO);
        health = new RegionHealth(vertx, PINGS, List.of(link), vertx::createHttpClient, () -> 0);
        health.start();
        await("the region is up", () -> health.state(NORTH).reach() == Reach.UP);
        region.close().toCompletionStage().toCompletableFuture().join();
        await("the region is down", () -> health.state(NORTH).reach() == Reach.DOWN);
        waits = new RegionWait(vertx, health, () -> revoked, () -> 0);
    }

    @AfterEach
    void stop() {
        health.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void hold() {
        waits.hold(
                new RegionWait.Held(
                        () -> false,
                        List.of(NORTH),
                        waits.end(),
                        () -> done.add("sent"),
                        () -> done.add("refused")),
                new ForwardResult.Unreached(
                        List.of(new FailedAttempt(NORTH, AttemptFailure.DOWN))));
    }

    private void await(String what, BooleanSupplier isSo) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() > end) {
                fail("not in half a minute: %s; done: %s".formatted(what, done));
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void aRevokedPopHoldsNothingBack() {
        revoked = true;
        hold();
        assertEquals(List.of("refused"), done);
    }

    @Test
    void whatWaitsAtAPopThatIsRevokedWaitsNoLonger() {
        hold();
        assertEquals(List.of(), done);
        revoked = true;
        await("it is refused", () -> done.equals(List.of("refused")));
    }
}
