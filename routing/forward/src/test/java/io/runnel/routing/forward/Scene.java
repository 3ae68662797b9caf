package io.runnel.routing.forward;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Two regions, and what a test opens around them; one event loop for all that forwards. */
final class Scene implements AutoCloseable {
    final Vertx regions = Vertx.vertx();
    final Vertx oneLoop = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    final FakeRegion west = FakeRegion.start(regions, "west").thatSaysItsName();
    final FakeRegion east = FakeRegion.start(regions, "east").thatSaysItsName();
    private final List<AutoCloseable> opened = new ArrayList<>(List.of(west, east));

    /** Before both. */
    Pop pop() {
        return pop(Pop.SETTINGS, west.link(), east.link());
    }

    /** Before both; what it knows of them never grows old. */
    Pop popThatForgetsNothing() {
        return popThatKnowsBy(() -> 0);
    }

    /** Before both; what it knows of them grows old by this clock. */
    Pop popThatKnowsBy(LongSupplier knowledge) {
        return keep(new Pop(oneLoop, Pop.SETTINGS, knowledge, west.link(), east.link()));
    }

    Pop pop(ForwardSettings settings, RegionLink... links) {
        return keep(new Pop(oneLoop, settings, links));
    }

    User user(Pop pop) {
        return keep(new User(pop));
    }

    <T extends AutoCloseable> T keep(T resource) {
        opened.add(resource);
        return resource;
    }

    @Override
    public void close() {
        for (AutoCloseable each : opened.reversed()) {
            try {
                each.close();
            } catch (Exception e) {
                throw new AssertionError("cannot be closed: " + each, e);
            }
        }
        Await.value(oneLoop.close());
        Await.value(regions.close());
    }
}
