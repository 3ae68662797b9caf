package io.runnel.routing.edge;

import io.runnel.attestation.authority.InstanceSigner;
import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.gate.CallerDocuments;
import io.runnel.attestation.gate.CallerNonces;
import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.InstanceDocuments;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.Requirements;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskOptions;
import io.runnel.exec.task.TaskRef;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** A network with a POP, whose runs show who they are, and the gate of a node of it. */
final class TestCallers {
    private final SecureRandom random = new SecureRandom();
    private final Instant now = InstantSource.system().instant();
    private final CertifiedKey root = CertificateAuthority.root("net", now, random);
    private final NodeIdentity pop = new NodeIdentity(random);
    private final InstanceSigner signer = new InstanceSigner(pop, InstantSource.system());

    TestCallers() {
        CertifiedKey authority =
                new CertificateAuthority(root, random)
                        .create(
                                new Identity.Authority("net", new RegionId("eu-west")),
                                now,
                                CertificateAuthority.AUTHORITY_LIFE);
        pop.become(
                new CertificateAuthority(authority, random)
                        .create(
                                new Identity.Pop("net", new PopId("ams")),
                                now,
                                CertificateAuthority.NODE_LIFE));
    }

    /** What looks at documents. */
    CallerDocuments documents() {
        return new CallerDocuments(
                new DocumentVerifier(new ChainVerifier(root.certificate())),
                "net",
                new CallerNonces(random));
    }

    /** A gate that asks for nothing but what tasks do. */
    CallerGate gate(Executor workers) {
        return new CallerGate(
                task -> Requirements.NONE, documents(), workers, InstantSource.system());
    }

    /** A task that asks this of its callers. */
    static Task task(TaskRef ref, Map<String, List<String>> callers) {
        return new Task(
                ref,
                1,
                RuntimeKind.WASM,
                HandlerKind.HTTP,
                CodeDigest.of(new byte[0]),
                Limits.DEFAULT,
                Map.of(),
                TaskOptions.DEFAULT.withCallers(new Requirements(callers)));
    }

    /** What a run of this task, on the POP, shows of itself. */
    String document(TaskRef who, String audience, String nonce) {
        Invocation call =
                new Invocation(
                        RequestId.next(now.toEpochMilli(), random),
                        task(who, Map.of()),
                        Caller.ANONYMOUS,
                        Map.of(),
                        List.of(),
                        Long.MAX_VALUE);
        Instant started = InstantSource.system().instant();
        return signer.of(new InstanceDocuments.Run(call, false, started), audience, nonce)
                .orElseThrow();
    }
}
