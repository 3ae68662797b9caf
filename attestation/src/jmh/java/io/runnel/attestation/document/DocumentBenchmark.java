package io.runnel.attestation.document;

import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Signature;
import java.util.concurrent.TimeUnit;

/**
 * Documents a second, on one core, beside the providers' bare signatures of the same bytes. Chains
 * and keys are known to the verifier, as they are from a node's second document on.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 3, time = 2)
public class DocumentBenchmark {
    private final DocumentScene scene = new DocumentScene();
    private final SignedDocument signed = scene.signer.sign(scene.draft());
    private final String jwt = scene.signer.signAsJwt(scene.draft());
    private final byte[] text = signed.json();
    private final byte[] bare = sign();
    private final Provider bouncyCastle = new BouncyCastleProvider();

    /** The floor of issuing. */
    @Benchmark
    public byte[] bareSignature() {
        return sign();
    }

    private byte[] sign() {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(scene.net.ams.key(), scene.net.random);
            signature.update(text);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What checking one would take by the JDK. */
    @Benchmark
    public boolean bareVerification() throws GeneralSecurityException {
        return verify(Signature.getInstance("SHA256withECDSA"));
    }

    /** The same by Bouncy Castle, whose arithmetic is used. */
    @Benchmark
    public boolean bareVerificationBouncyCastle() throws GeneralSecurityException {
        return verify(Signature.getInstance("SHA256withECDSA", bouncyCastle));
    }

    private boolean verify(Signature signature) throws GeneralSecurityException {
        signature.initVerify(scene.net.ams.certificate().getPublicKey());
        signature.update(text);
        return signature.verify(bare);
    }

    /** A new document, signed as CMS. */
    @Benchmark
    public SignedDocument issueCms() {
        return scene.signer.sign(scene.draft());
    }

    /** A new document, signed as JWT. */
    @Benchmark
    public String issueJwt() {
        return scene.signer.signAsJwt(scene.draft());
    }

    /** All that is checked of one as CMS. */
    @Benchmark
    public Object verifyCms() {
        return scene.verify(signed);
    }

    /** All that is checked of one as JWT. */
    @Benchmark
    public Object verifyJwt() {
        return scene.verify(jwt);
    }
}
