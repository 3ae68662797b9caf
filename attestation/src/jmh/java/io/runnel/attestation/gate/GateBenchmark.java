package io.runnel.attestation.gate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.DocumentSigner;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.document.Event;
import io.runnel.attestation.document.Kind;
import io.runnel.attestation.identity.Verdict;
import io.runnel.exec.task.Requirements;
import io.runnel.exec.task.TaskRef;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What it takes to ask for what was shown before, beside looking at a document anew. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 3, time = 1)
public class GateBenchmark {
    private static final Instant NOW = TestNetwork.NOW;
    private static final TaskRef TASK = TaskRef.of("acme", "pay");
    private static final Requirements ASKED =
            new Requirements(Map.of("zone", List.of("a"), "role", List.of("pop", "region")));

    private static final List<Requirements> ASKED_OF_CALLERS = List.of(ASKED);

    private final TestNetwork net = new TestNetwork();
    private final DocumentVerifier verifier = new DocumentVerifier(net.verifier);
    private final PeerDocuments documents = new PeerDocuments(verifier, "net");
    private final OwnDocument own = own();
    private final CallerDocuments callers =
            new CallerDocuments(verifier, "net", new CallerNonces(net.random));
    private final char[] caller = callerDocument();
    private final char[] header = own.jwt().orElseThrow().toCharArray();

    private char[] callerDocument() {
        DocumentSigner signer = new DocumentSigner(net.ams, net.random);
        ObjectNode facts =
                JsonNodeFactory.instance.objectNode().put("zone", "a").put("role", "pop");
        Asked asked = new Asked(Optional.of(callers.audience(TASK)), Optional.empty());
        String jwt =
                signer.signAsJwt(
                        signer.draft(Kind.NODE, Event.REQUEST, facts, Set.of(), asked, NOW));
        if (callers.check(jwt, TASK, false, NOW) instanceof Verdict.Rejected<?>(var why)) {
            throw new IllegalStateException(why.toString());
        }
        return jwt.toCharArray();
    }

    private OwnDocument own() {
        NodeIdentity node = new NodeIdentity(net.random);
        node.become(net.ams);
        OwnDocument made =
                new OwnDocument(
                        node,
                        TestNetwork.AMS,
                        () ->
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("zone", "a")
                                        .put("role", "pop"),
                        () -> NOW);
        made.look();
        return made;
    }

    /** As it comes with a request: another object each time. */
    private Optional<String> shown() {
        return Optional.of(new String(header));
    }

    /** One that was looked at before. */
    @Benchmark
    public Verdict<PeerDocuments.Shown> known() {
        return documents.check(TestNetwork.AMS, shown(), NOW);
    }

    /** One that was not. */
    @Benchmark
    public Verdict<PeerDocuments.Shown> anew() {
        return new PeerDocuments(verifier, "net").check(TestNetwork.AMS, shown(), NOW);
    }

    /** What a task asks with each call of those who show something. */
    @Benchmark
    public boolean caller() {
        return callers.known(new String(caller), TASK, false, NOW)
                .filter(shown -> shown.meets(ASKED_OF_CALLERS))
                .isPresent();
    }

    /** What placement asks with each call of an account that has requirements. */
    @Benchmark
    public boolean itself() {
        return own.meets(ASKED);
    }
}
