package io.runnel.attestation.record;

import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.identity.Verdict;
import io.runnel.exec.task.CodeDigest;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What a record's signature takes, beside the JDK's bare signatures. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 3, time = 1)
public class RecordBenchmark {
    /** More than are remembered: none is met again in time. */
    private static final int RECORDS = 40_000;

    private static final String LIVE = "0b".repeat(32);
    private static final String ALGORITHM = "SHA256withECDSAinP1363Format";

    private final TestNetwork net = new TestNetwork();
    private final RecordSigner signer = new RecordSigner(net.eu, TestNetwork.EU, net.random);
    private final RecordVerifier verifier = verifier();
    private final List<SignedRecord> records = new ArrayList<>(RECORDS);
    private int next;

    private RecordVerifier verifier() {
        AuthorityCertificates known = new AuthorityCertificates(Optional.of(net.verifier), 1);
        if (known.learn(List.of(signer.certificate())).isEmpty()) {
            throw new IllegalStateException("its certificate is not believed");
        }
        return new RecordVerifier(known, new KnownRevocations(Optional.of(net.verifier)));
    }

    private SignedRecord sign(int number) {
        byte[] content = ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
        return signer.sign(CodeDigest.of(content).value(), LIVE, TestNetwork.NOW);
    }

    /** Signs them all. */
    @Setup
    public void sign() {
        for (int i = 0; i < RECORDS; i++) {
            records.add(sign(i));
        }
    }

    private SignedRecord another() {
        next = (next + 1) % RECORDS;
        return records.get(next);
    }

    /** One that was not checked before. */
    @Benchmark
    public Verdict<SignedRecord> checkedAnew() {
        return verifier.check(another());
    }

    /** One that was. */
    @Benchmark
    public Verdict<SignedRecord> checkedBefore() {
        return verifier.check(records.getFirst());
    }

    /** What an origin does for each record, but for the sum. */
    @Benchmark
    public SignedRecord signed() {
        return sign(0);
    }

    /** The JDK's, for comparison. */
    @Benchmark
    public byte[] bareSigned() throws GeneralSecurityException {
        Signature signature = Signature.getInstance(ALGORITHM);
        signature.initSign(net.eu.key(), net.random);
        signature.update(records.getFirst().text());
        return signature.sign();
    }

    /** The JDK's, for comparison. */
    @Benchmark
    public boolean bareChecked() throws GeneralSecurityException {
        SignedRecord record = another();
        Signature signature = Signature.getInstance(ALGORITHM);
        signature.initVerify(net.eu.certificate().getPublicKey());
        signature.update(record.text());
        return signature.verify(HexFormat.of().parseHex(record.signature()));
    }
}
