package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.forward.RegionState.Reach;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** A POP before one region of three nodes. */
class SeveralNodesIT {
    private static final int CALLS = 90;
    private static Vertx vertx;

    private final List<FakeRegion> nodes =
            List.of(
                    FakeRegion.start(vertx, "west"),
                    FakeRegion.start(vertx, "west"),
                    FakeRegion.start(vertx, "west"));
    private final List<AutoCloseable> opened = new ArrayList<>(nodes);

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        Await.value(vertx.close());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private Pop pop() {
        Pop pop = Pop.before(vertx, nodes.toArray(FakeRegion[]::new));
        opened.add(pop);
        return pop;
    }

    private void call(Pop pop) {
        User user = new User(pop);
        opened.add(user);
        for (int i = 0; i < CALLS; i++) {
            assertEquals(200, user.post("/fn/demo/a", "body").statusCode());
        }
    }

    private List<Integer> calls() {
        return nodes.stream().map(node -> node.calls.get()).toList();
    }

    @Test
    void callsAreSpreadOverItsNodes() {
        call(pop());
        for (int calls : calls()) {
            assertTrue(calls > CALLS / 9, () -> calls().toString());
        }
    }

    /** Of two that are drawn the less loaded one is taken: the most loaded one is, never. */
    @Test
    void theMostLoadedNodeIsSpared() {
        nodes.get(0).says("40");
        nodes.get(1).says("10");
        nodes.get(2).says("10");
        Pop pop = pop().watching();
        Await.until(() -> nodes.stream().allMatch(node -> node.pings.get() > 1), () -> "no pings");
        call(pop);
        assertEquals(0, nodes.getFirst().calls.get(), () -> calls().toString());
    }

    @Test
    void callsGoWhereTheTaskIsWarmAsLongAsThereIsRoom() {
        Pop pop = pop().watching();
        RegionLink warm = nodes.get(2).link();
        pop.starts = node -> node.equals(warm) ? NodeStart.WARM : NodeStart.COLD;
        call(pop);
        assertEquals(List.of(0, 0, CALLS), calls());
        nodes.get(2).says("55");
        int pings = nodes.get(2).pings.get();
        Await.until(() -> nodes.get(2).pings.get() > pings + 1, () -> "no pings");
        call(pop);
        assertEquals(CALLS, nodes.get(2).calls.get(), "it has no room, the others have");
        assertTrue(nodes.get(0).calls.get() > CALLS / 9, () -> calls().toString());
        assertTrue(nodes.get(1).calls.get() > CALLS / 9, () -> calls().toString());
    }

    /** Two have room and refuse it all the same, also for its caller's share; one has none. */
    @Test
    void whatCanWaitWhereItIsGoesOnlyWhereThereIsRoomAndComesBack() {
        nodes.get(0).says("100");
        nodes.get(1).onCall(request -> refuse(request, 503, "over-capacity"));
        nodes.get(2).onCall(request -> refuse(request, 429, "rate-limited"));
        Pop pop = pop().watching();
        awaitPings();
        pop.otherWay = () -> true;
        pop.onlyReady = true;
        User user = new User(pop);
        opened.add(user);
        assertEquals(503, user.post("/fn/demo/a", "body").statusCode());
        RegionId west = nodes.getFirst().name;
        FailedAttempt notRun = new FailedAttempt(west, AttemptFailure.NOT_RUN);
        ForwardResult back = Await.next(pop.results);
        assertEquals(new ForwardResult.Unreached(List.of(notRun, notRun)), back);
        assertEquals(List.of(0, 1, 1), calls());
        nodes.forEach(node -> node.says("100"));
        awaitPings();
        assertEquals(503, user.post("/fn/demo/a", "body").statusCode());
        assertEquals(new ForwardResult.Unreached(List.of()), Await.next(pop.results));
        assertEquals(List.of(0, 1, 1), calls());
    }

    private void awaitPings() {
        List<Integer> before = nodes.stream().map(node -> node.pings.get()).toList();
        for (int i = 0; i < nodes.size(); i++) {
            FakeRegion node = nodes.get(i);
            int seen = before.get(i);
            Await.until(() -> node.pings.get() > seen + 1, () -> "no pings");
        }
    }

    private static void refuse(HttpServerRequest request, int status, String why) {
        request.response().setStatusCode(status).putHeader("Runnel-Not-Run", why).end();
    }

    @Test
    void aDeadNodesCallsGoToTheOthers() {
        nodes.get(1).kill();
        Pop pop = pop();
        call(pop);
        assertEquals(0, nodes.get(1).calls.get());
        assertEquals(CALLS, calls().stream().mapToInt(Integer::intValue).sum());
    }

    @Test
    void theRegionIsUpAsLongAsOneNodeIs() {
        Pop pop = pop().watching();
        nodes.get(0).kill();
        nodes.get(1).kill();
        List<RegionLink> links = nodes.stream().map(FakeRegion::link).toList();
        Await.until(
                () -> links.subList(0, 2).stream().allMatch(link -> reach(pop, link) == Reach.DOWN),
                () -> "the dead nodes are not down");
        Await.until(() -> reach(pop, links.get(2)) == Reach.UP, () -> "the last one is not up");
        assertEquals(Reach.UP, pop.health.state(nodes.getFirst().name).reach());
        nodes.get(2).kill();
        Await.until(
                () -> pop.health.state(nodes.getFirst().name).reach() == Reach.DOWN,
                () -> "the region is not down");
    }

    @Test
    void oneNodeThatAnswersIsEnoughToKnowARegion() {
        nodes.get(1).fallSilent();
        nodes.get(2).fallSilent();
        Pop pop = pop();
        assertFalse(pop.health.knowsAll());
        pop.watching();
        RegionLink first = nodes.getFirst().link();
        Await.until(() -> reach(pop, first) == Reach.UP, () -> "the first is not up");
        assertTrue(pop.health.knowsAll(), () -> pop.health.state(first.region()).toString());
    }

    private static Reach reach(Pop pop, RegionLink node) {
        return pop.health.cell(node).state().reach();
    }

    @Test
    void itIsCountedAsOneRegion() {
        Pop pop = pop();
        call(pop);
        ForwardReport report = pop.forwarder.report();
        assertEquals(1, report.regions().size());
        assertEquals(CALLS, report.regions().getFirst().answered());
    }
}
