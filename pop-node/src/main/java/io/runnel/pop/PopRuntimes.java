package io.runnel.pop;

import io.runnel.attestation.authority.InstanceSigner;
import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.Peer;
import io.runnel.cluster.replication.PeerMoveLink;
import io.runnel.exec.isolate.CallMoves;
import io.runnel.exec.isolate.Evacuation;
import io.runnel.exec.isolate.TaskRuntime;
import io.runnel.exec.microvm.ExecutionMover;
import io.runnel.exec.microvm.MicrovmRuntime;
import io.runnel.exec.node.Intake;
import io.runnel.exec.outbound.OutboundClient;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.wasm.WasmRuntime;
import io.vertx.core.Vertx;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * What runs tasks at a POP.
 *
 * @param all at most one of each kind
 */
record PopRuntimes(List<TaskRuntime> all) {
    private static final long RELIEF_EVERY_MS = 1000;

    /** WebAssembly, and microVMs if this computer has what they are made of. */
    static PopRuntimes of(
            PopFacts facts,
            OutboundClient outbound,
            NodeIdentity identity,
            InstantSource clock,
            LongSupplier nanoClock,
            SecureRandom random)
            throws IOException {
        WasmRuntime wasm =
                new WasmRuntime(clock, nanoClock, random, facts.folder().classes())
                        .withOutbound(outbound)
                        .withDocuments(new InstanceSigner(identity, clock))
                        .withDevices(facts.pop().devices().files());
        return new PopRuntimes(
                MicrovmRuntime.beside(
                        wasm,
                        facts.folder().microvms(),
                        clock,
                        nanoClock,
                        random,
                        outbound.policy()::allows));
    }

    /**
     * What moves its calls to nodes of the regions that it turns to; all of them while the POP is
     * emptied, and those that run long while it is full.
     *
     * @param full whether it has no slot free
     */
    Optional<CallMoves> moves(
            Vertx vertx,
            PopFacts facts,
            InternalClient client,
            Intake intake,
            BooleanSupplier full,
            SecureRandom random) {
        Optional<CallMoves> moves =
                MicrovmRuntime.movesOf(all)
                        .map(
                                machines ->
                                        new ExecutionMover(
                                                machines,
                                                to ->
                                                        facts.peer(to)
                                                                .map(peer -> target(client, peer)),
                                                random));
        moves.map(it -> new Evacuation(it, facts.goals(), () -> !intake.isOpen(), full))
                .ifPresent(
                        it -> {
                            intake.onChange(it::look);
                            vertx.setPeriodic(RELIEF_EVERY_MS, tick -> it.look());
                        });
        return moves;
    }

    private static ExecutionMover.Target target(InternalClient client, Peer peer) {
        return new ExecutionMover.Target(peer.region(), new PeerMoveLink(client, peer));
    }

    /** Which tasks it can run. */
    Set<RuntimeKind> kinds() {
        return all.stream().map(TaskRuntime::kind).collect(Collectors.toSet());
    }
}
