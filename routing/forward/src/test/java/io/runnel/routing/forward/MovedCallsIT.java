package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpServerRequest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.net.http.HttpResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls that a region's node has moved to another while they ran. */
final class MovedCallsIT {
    private static final String ID = "0123456789abcdef0123456789abcdef";

    @RegisterExtension final OneRegion scene = new OneRegion();

    private final FakeRegion region = scene.region;
    private final User user = scene.user;
    private final BlockingQueue<String> resumes = new LinkedBlockingQueue<>();
    private final AtomicInteger calls = new AtomicInteger();

    private void moves(HttpServerRequest request, String to) {
        request.response().setStatusCode(307).putHeader("Runnel-Moved", to).end();
    }

    @Test
    void isFollowedToWhereItGoesOnWithTheSameRequest() {
        region.onCall(
                request ->
                        request.body()
                                .onSuccess(
                                        body -> {
                                            String resume = request.getHeader("Runnel-Resume");
                                            resumes.add(resume + " " + request.uri() + " " + body);
                                            if (resume == null) {
                                                moves(request, "west/west-2/" + ID);
                                            } else {
                                                request.response().end("it is over");
                                            }
                                        }));
        HttpResponse<String> answer = user.post("/fn/demo/a", "body");
        assertEquals(200, answer.statusCode());
        assertEquals("it is over", answer.body());
        assertEquals("null /fn/demo/a body", Await.next(resumes));
        assertEquals(ID + " /fn/demo/a body", Await.next(resumes));
        assertTrue(answer.headers().firstValue("Runnel-Moved").isEmpty());
    }

    @Test
    void isNeverAskedOfAnybodyElseEvenIfItCouldBeRunTwice() {
        region.onCall(
                request -> {
                    calls.incrementAndGet();
                    if (request.getHeader("Runnel-Resume") == null) {
                        moves(request, "west/west-2/" + ID);
                    } else {
                        request.connection().close();
                    }
                });
        assertEquals(503, user.get("/fn/demo/a").statusCode());
        assertEquals(2, calls.get());
        moves("nowhere/n/" + ID);
    }

    private void moves(String to) {
        region.onCall(request -> moves(request, to));
        assertEquals(503, user.get("/fn/demo/a").statusCode());
    }

    @Test
    void isLostSightOfIfItIsMovedForEver() {
        region.onCall(
                request -> {
                    calls.incrementAndGet();
                    moves(request, "west/west-2/" + ID);
                });
        assertEquals(503, user.post("/fn/demo/a", "body").statusCode());
        assertEquals(17, calls.get());
    }

    @Test
    void whatIsNoPlaceIsAnAnswerAsAnyOther() {
        region.onCall(request -> moves(request, "elsewhere"));
        assertEquals(307, user.post("/fn/demo/a", "body").statusCode());
    }

    @Test
    void usersDoNotResume() {
        region.onCall(
                request -> {
                    resumes.add(String.valueOf(request.getHeader("Runnel-Resume")));
                    request.response().end();
                });
        try (var wire = user.wire()) {
            wire.send(
                    """
                    GET /fn/demo/a HTTP/1.1
                    Host: x
                    Runnel-Resume: %s

                    """
                            .formatted(ID));
            assertTrue(wire.head().startsWith("HTTP/1.1 200"));
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        assertEquals("null", Await.next(resumes));
        assertNull(resumes.poll());
    }
}
