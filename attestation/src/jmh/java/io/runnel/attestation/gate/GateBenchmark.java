package io.runnel.attestation.gate;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.identity.Verdict;
import io.runnel.exec.task.Requirements;

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
    private static final Requirements ASKED =
            new Requirements(Map.of("zone", List.of("a"), "role", List.of("pop", "region")));

    private final TestNetwork net = new TestNetwork();
    private final DocumentVerifier verifier = new DocumentVerifier(net.verifier);
    private final PeerDocuments documents = new PeerDocuments(verifier, "net");
    private final OwnDocument own = own();
    private final char[] header = own.jwt().orElseThrow().toCharArray();

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

    /** What placement asks with each call of an account that has requirements. */
    @Benchmark
    public boolean itself() {
        return own.meets(ASKED);
    }
}
