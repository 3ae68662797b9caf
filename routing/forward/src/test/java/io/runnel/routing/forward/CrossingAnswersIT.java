package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.vertx.core.http.HttpServerRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Calls that are given up while their answers are on the way, as those are that were asked twice.
 * Each such answer is for a stream that is no more, and is told so with a reset.
 */
class CrossingAnswersIT {
    private static final int AT_ONCE = 50;

    /** Together more than the 200 in half a minute after which Netty's servers hang up. */
    private static final int ROUNDS = 6;

    private final Scene scene = new Scene();

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void costOtherCallsOfTheirConnectionNothing() throws IOException {
        BlockingQueue<HttpServerRequest> held = new LinkedBlockingQueue<>();
        scene.west.onCall(
                request -> {
                    if (request.path().equals("/fn/demo/left")) {
                        held.add(request);
                    } else {
                        request.response().end("west");
                    }
                });
        SilentLink link = scene.keep(new SilentLink(scene.regions, scene.west.link()));
        Pop pop = scene.pop(Pop.SETTINGS, link.link()).patient();
        User user = scene.user(pop);
        for (int round = 0; round < ROUNDS; round++) {
            assertEquals("west", user.get("/fn/demo/kept").body(), "round " + round);
            assertInstanceOf(ForwardResult.Answered.class, Await.next(pop.results));
            List<HttpServerRequest> left = leave(user, pop, link, held);
            left.forEach(request -> Await.value(request.response().end("too late")));
            link.letGo();
        }
        assertEquals("west", user.get("/fn/demo/kept").body());
        assertEquals(1, scene.west.connected.size(), "connections that were made");
    }

    /** Callers who leave when the region has their calls; it has not heard yet that they left. */
    private static List<HttpServerRequest> leave(
            User user, Pop pop, SilentLink link, BlockingQueue<HttpServerRequest> held)
            throws IOException {
        List<User.Wire> wires = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            User.Wire wire = user.wire();
            wires.add(wire);
            wire.send("GET /fn/demo/left HTTP/1.1\nHost: pop\n\n");
        }
        List<HttpServerRequest> left = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            left.add(Await.next(held));
        }
        link.holdBack();
        for (User.Wire wire : wires) {
            wire.close();
        }
        for (int i = 0; i < AT_ONCE; i++) {
            assertInstanceOf(ForwardResult.ClientGone.class, Await.next(pop.results));
        }
        return left;
    }
}
