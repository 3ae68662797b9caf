package io.runnel.routing.forward;

import io.vertx.core.Vertx;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One region, a POP before it and a user of that; to be registered, and ends with each test. */
final class OneRegion implements AfterEachCallback {
    final Vertx vertx = Vertx.vertx();
    final FakeRegion region = FakeRegion.start(vertx, "west");
    final Pop pop = Pop.before(vertx, region);
    final User user = new User(pop);

    @Override
    public void afterEach(ExtensionContext context) {
        user.close();
        pop.close();
        region.close();
        Await.value(vertx.close());
    }
}
