package io.runnel.exec.admin;

import io.runnel.attestation.NetworkToken;
import io.runnel.exec.http.ListenerSettings;
import io.runnel.exec.http.NodeListener;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.isolate.TaskRunner;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** The listener {@code admin} of a node: few requests, on one event loop. */
public final class AdminListener {
    private static final int MOST_IN_FLIGHT = 64;

    private AdminListener() {}

    /**
     * Opens the port.
     *
     * @param token what operators show
     * @param runner whose pool they read about
     * @param pages what else they may read
     * @param workers where answers are put together, which takes milliseconds: no event loop
     * @return the listener, when it listens; fails if the port is taken
     */
    public static Future<NodeListener> start(
            Vertx vertx,
            String host,
            int port,
            NetworkToken token,
            TaskRunner runner,
            List<AdminPage> pages,
            Executor workers,
            RequestIds ids,
            LongSupplier nanoClock) {
        return NodeListener.start(
                vertx,
                ListenerSettings.at(host, port).withLoops(1).withInFlight(MOST_IN_FLIGHT),
                ids,
                nanoClock,
                new AdminHandler(token, runner, pages, workers));
    }
}
