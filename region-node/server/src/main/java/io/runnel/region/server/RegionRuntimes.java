package io.runnel.region.server;

import io.runnel.attestation.authority.InstanceSigner;
import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.Peer;
import io.runnel.cluster.replication.PeerMoveLink;
import io.runnel.exec.isolate.CallMoves;
import io.runnel.exec.isolate.Evacuation;
import io.runnel.exec.isolate.TaskRuntime;
import io.runnel.exec.microvm.ExecutionMover;
import io.runnel.exec.microvm.MachineMoves;
import io.runnel.exec.microvm.MicrovmRuntime;
import io.runnel.exec.node.Intake;
import io.runnel.exec.outbound.OutboundClient;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.wasm.WasmRuntime;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What runs tasks at a region's node.
 *
 * @param all at most one of each kind
 */
record RegionRuntimes(List<TaskRuntime> all) {
    /** WebAssembly, and microVMs if this computer has what they are made of. */
    static RegionRuntimes of(
            RegionFacts facts,
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
                        .withDevices(facts.region().devices().files());
        return new RegionRuntimes(
                MicrovmRuntime.beside(
                        wasm,
                        facts.folder().microvms(),
                        clock,
                        nanoClock,
                        random,
                        outbound.policy()::allows));
    }

    /** Of its machines; empty if it has none. */
    Optional<MachineMoves> machines() {
        return MicrovmRuntime.movesOf(all);
    }

    /**
     * What moves its calls to the other nodes of its region; all of them while the node is emptied.
     */
    Optional<CallMoves> moves(
            RegionFacts facts, InternalClient client, Intake intake, SecureRandom random) {
        Map<NodeName, Peer> mates = facts.mates();
        Optional<CallMoves> moves =
                machines()
                        .map(
                                machines ->
                                        new ExecutionMover(
                                                machines,
                                                to ->
                                                        Optional.ofNullable(mates.get(to))
                                                                .map(peer -> target(client, peer)),
                                                random));
        moves.map(
                        it ->
                                new Evacuation(
                                        it,
                                        List.copyOf(mates.keySet()),
                                        () -> !intake.isOpen(),
                                        () -> false))
                .ifPresent(it -> intake.onChange(it::look));
        return moves;
    }

    private static ExecutionMover.Target target(InternalClient client, Peer peer) {
        return new ExecutionMover.Target(peer.region(), new PeerMoveLink(client, peer));
    }
}
