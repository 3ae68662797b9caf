package io.runnel.pop;

import io.runnel.attestation.authority.InstanceSigner;
import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.exec.isolate.TaskRuntime;
import io.runnel.exec.microvm.MicrovmRuntime;
import io.runnel.exec.outbound.OutboundClient;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.wasm.WasmRuntime;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * What runs tasks at a POP.
 *
 * @param all at most one of each kind
 */
record PopRuntimes(List<TaskRuntime> all) {
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

    /** Which tasks it can run. */
    Set<RuntimeKind> kinds() {
        return all.stream().map(TaskRuntime::kind).collect(Collectors.toSet());
    }
}
