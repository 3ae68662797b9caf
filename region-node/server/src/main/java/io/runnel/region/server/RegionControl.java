package io.runnel.region.server;

import io.runnel.exec.isolate.TaskRuntime;
import io.runnel.region.server.control.ControlApi;
import io.runnel.region.server.control.ControlSettings;
import io.runnel.region.server.control.HttpRelay;
import io.runnel.region.server.control.WebDocuments;
import io.runnel.routing.edge.SignedCalls;
import io.vertx.core.Vertx;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** The control API of a region's node, with the way to other regions that it needs. */
record RegionControl(ControlApi api, HttpRelay relay) implements AutoCloseable {
    static RegionControl start(
            Vertx vertx,
            RegionFacts facts,
            RegionState state,
            List<TaskRuntime> runtimes,
            NetworkPicture picture,
            RegionMates mates,
            RolloutBoard rollout,
            WebDocuments web,
            RegionIdentity identity,
            SignedCalls signed,
            Executor disk,
            InstantSource clock,
            LongSupplier nanoClock,
            SecureRandom random) {
        HttpRelay relay =
                new HttpRelay(
                        facts.node().name(),
                        identity.transport()::client,
                        to ->
                                facts.topology()
                                        .internalAddresses(facts.region().name().value(), to));
        ControlApi api =
                new ControlApi(
                        new ControlSettings(
                                vertx,
                                facts.region().name(),
                                facts.topology(),
                                state.catalog()::current,
                                state.store(),
                                state.codes(),
                                runtimes,
                                picture::view,
                                state.catalog()::sinceContact,
                                mates,
                                relay,
                                rollout,
                                state.seal(),
                                state.secrets(),
                                web,
                                identity.authority(),
                                identity.documents(),
                                signed,
                                disk,
                                facts.folder().own().resolve("uploads"),
                                clock,
                                nanoClock,
                                random));
        return new RegionControl(api, relay);
    }

    /** Ends what would not end by itself: logs that are followed, here or in another region. */
    void endStreams() {
        api.endFollowers();
        relay.endStreams();
    }

    @Override
    public void close() {
        api.close();
        relay.close();
    }
}
