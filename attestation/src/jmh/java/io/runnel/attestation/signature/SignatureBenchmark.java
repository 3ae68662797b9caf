package io.runnel.attestation.signature;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What a signed call of 1 KiB costs, beside the hash of its body alone. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 3, time = 1)
public class SignatureBenchmark {
    private final byte[] body = new byte[1_024];
    private final SigningScope scope =
            new SigningScope(LocalDate.of(2026, 11, 29), "eu-west", "lambda");
    private final SigningKey key = SigningKey.derive("secret", scope);
    private final SignedRequest request =
            new SignedRequest(
                    "POST",
                    "/2015-03-31/functions/hello/invocations",
                    "Qualifier=3",
                    Map.of(
                            "host",
                            List.of("pop.example.com:8081"),
                            "x-amz-date",
                            List.of("20261129T120000Z"),
                            "x-amz-invocation-type",
                            List.of("RequestResponse")));
    private final String header =
            "AWS4-HMAC-SHA256 Credential=RNLAAAAAAAAAAAAAAAAA/%s,".formatted(scope)
                    + " SignedHeaders=host;x-amz-date;x-amz-invocation-type, Signature="
                    + "0".repeat(64);

    /** All of it, with reading the header; the signature is wrong, which is found last. */
    @Benchmark
    public boolean check() {
        return new SignedRequestCheck(SignatureV4.parse(header).orElseThrow(), request)
                .isBy(key, body);
    }

    /** What nobody can do without. */
    @Benchmark
    public byte[] hash() throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(body);
    }
}
