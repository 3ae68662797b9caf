package io.runnel.region.server.control;

import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.cluster.store.RegionStore;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.isolate.TaskRuntime;
import io.runnel.exec.task.RegionId;
import io.runnel.region.server.authority.RegionAuthority;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.edge.SignedCalls;
import io.runnel.topology.NetworkView;
import io.runnel.topology.Topology;
import io.vertx.core.Vertx;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the control API works with.
 *
 * @param region the region that it is of
 * @param catalog the snapshot; shows what was written to the store before the write's future
 *     completes (see {@link io.runnel.cluster.store.StoreListener})
 * @param codes where blobs go and are read from
 * @param runtimes what code is checked by: one of each kind at most
 * @param network who is up
 * @param sinceContact how long ago another region confirmed what is known of it here; empty if it
 *     has not since the node started
 * @param companions the region's other nodes
 * @param relay the way to other regions
 * @param rollout told of each publication, asked for its progress
 * @param seal for secrets and for answers that are kept
 * @param secrets the values of tasks' secret variables
 * @param web what others publish of their keys
 * @param authority the region's, if this node has its key
 * @param documents whose documents this node believes
 * @param signed checks what callers signed
 * @param disk where what blocks is done: never an event loop
 * @param uploads a folder of its own for blobs under way; what is in it at the start is removed
 * @param clock what is written is dated by
 * @param nanoClock monotonic, for durations
 */
public record ControlSettings(
        Vertx vertx,
        RegionId region,
        Topology topology,
        Supplier<Catalog> catalog,
        RegionStore store,
        CodeStore codes,
        List<TaskRuntime> runtimes,
        Supplier<NetworkView> network,
        Function<RegionId, Optional<Duration>> sinceContact,
        Companions companions,
        Relay relay,
        Rollout rollout,
        SecretSeal seal,
        TaskSecrets secrets,
        WebDocuments web,
        Optional<RegionAuthority> authority,
        DocumentVerifier documents,
        SignedCalls signed,
        Executor disk,
        Path uploads,
        InstantSource clock,
        LongSupplier nanoClock,
        SecureRandom random) {
    public ControlSettings {
        runtimes = List.copyOf(runtimes);
    }
}
