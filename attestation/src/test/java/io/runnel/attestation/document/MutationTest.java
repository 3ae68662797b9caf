package io.runnel.attestation.document;

import static io.runnel.attestation.certificate.TestNetwork.AMS;
import static io.runnel.attestation.certificate.TestNetwork.EU;
import static io.runnel.attestation.certificate.TestNetwork.NOW;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.runnel.attestation.audit.AuditCheck;
import io.runnel.attestation.audit.AuditEntry;
import io.runnel.attestation.audit.AuditEvent;
import io.runnel.attestation.audit.AuditFact;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertificateRequest;
import io.runnel.attestation.certificate.KeyPairs;
import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.certificate.PemException;
import io.runnel.attestation.certificate.RevocationList;
import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Verdict;
import io.runnel.attestation.join.JoinProof;
import io.runnel.attestation.join.JoinRequest;
import io.runnel.attestation.join.JoinToken;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Neither an error that is none of ours nor a wrong belief comes of anything that is read from
 * outside: bytes and texts, changed by chance. {@code -Drunnel.mutations=1000000} does it longer,
 * {@code -Drunnel.seed=N} otherwise.
 */
final class MutationTest {
    private static final long SEED = Long.getLong("runnel.seed", 20_261_128L);
    private static final int TURNS = Integer.getInteger("runnel.mutations", 1_000);
    private static final int MOST_INSERTED = 64;

    private final DocumentScene scene = new DocumentScene();
    private final TestNetwork net = scene.net;
    private final Random random = new Random(SEED);

    /** What is said of what was changed: that it is believed, or not. */
    private void refuses(byte[] good, Predicate<byte[]> isBelieved) {
        assertTrue(isBelieved.test(good), "as it is");
        reads(good, bad -> assertFalse(isBelieved.test(bad)));
    }

    /** That nothing is thrown. */
    private void reads(byte[] good, Consumer<byte[]> reader) {
        for (int turn = 0; turn < TURNS; turn++) {
            byte[] bad = mutated(good);
            if (Arrays.equals(bad, good)) {
                continue;
            }
            try {
                reader.accept(bad);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "seed %d, turn %d: %s".formatted(SEED, turn, HexFormat.of().formatHex(bad)),
                        e);
            }
        }
    }

    private byte[] mutated(byte[] from) {
        byte[] bytes = from.clone();
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(7)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0);
                case 2 -> bytes = Arrays.copyOf(bytes, 1 + at);
                case 3 -> {
                    int to = random.nextInt(bytes.length);
                    int length = Math.min(1 + random.nextInt(40), bytes.length - Math.max(at, to));
                    System.arraycopy(bytes.clone(), at, bytes, to, length);
                }
                case 4 -> bytes = inserted(bytes, at, from);
                case 5 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                default -> bytes[at]++;
            }
        }
        return bytes;
    }

    /** With a piece of what it was, or of one byte again and again, at a place. */
    private byte[] inserted(byte[] into, int at, byte[] from) {
        byte[] piece = new byte[1 + random.nextInt(MOST_INSERTED)];
        if (random.nextBoolean()) {
            int begin = random.nextInt(from.length);
            int length = Math.min(piece.length, from.length - begin);
            System.arraycopy(from, begin, piece, 0, length);
        } else {
            Arrays.fill(piece, "[{\"0,\0".getBytes(US_ASCII)[random.nextInt(6)]);
        }
        byte[] all = Arrays.copyOf(into, into.length + piece.length);
        System.arraycopy(piece, 0, all, at, piece.length);
        System.arraycopy(into, at, all, at + piece.length, into.length - at);
        return all;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    private static boolean trusts(Verdict<?> verdict) {
        return verdict instanceof Verdict.Trusted<?>;
    }

    @Test
    void documents() {
        IdentityDocument document = scene.draft().document();
        byte[] json = document.bytes();
        var draft = new DocumentSigner.Draft(document, List.of());
        byte[] cms = scene.signer.sign(draft).cms();
        refuses(json, bad -> trusts(scene.verify(bad, cms)));
        refuses(cms, bad -> trusts(scene.verify(json, bad)));
        refuses(
                scene.signer.signAsJwt(draft).getBytes(US_ASCII),
                bad -> trusts(scene.verify(text(bad))));
    }

    @Test
    void whatIsAskedToBeCertified() {
        var evidence = JsonNodeFactory.instance.objectNode().put("zone", "a");
        byte[] request =
                JoinRequest.of(
                        KeyPairs.generate(net.random), "n-1", evidence, new JoinProof.Token("t"));
        assertTrue(JoinRequest.read(request).isPresent());
        reads(
                request,
                bad ->
                        // What it is made of is checked elsewhere; it is never more than that.
                        JoinRequest.read(bad)
                                .ifPresent(read -> assertEquals("n-1", read.request().nonce())));
        refuses(
                CertificateRequest.of(KeyPairs.generate(net.random), "n-1", "{}"),
                bad -> CertificateRequest.read(bad).isPresent());
    }

    @Test
    void joinTokens() {
        JoinToken token =
                JoinToken.create(
                        new Identity.Authority("net", EU), AMS, NOW, JoinToken.LIFE, net.random);
        refuses(
                token.signed(net.eu).getBytes(US_ASCII),
                bad -> trusts(JoinToken.read(text(bad), net.eu.certificate().getPublicKey())));
    }

    @Test
    void entriesOfLogs() {
        var authority = new Identity.Authority("net", EU);
        AuditFact fact = AuditFact.of(AuditEvent.REVOKED, AMS, "admin/01J", "because");
        AuditEntry first = AuditEntry.after(Optional.empty(), NOW, authority, fact);
        AuditEntry second = AuditEntry.after(Optional.of(first), NOW, authority, fact);
        reads(
                first.text().getBytes(US_ASCII),
                bad -> {
                    AuditCheck check = new AuditCheck(authority);
                    boolean isTaken = check.accept(text(bad)).isEmpty();
                    assertFalse(isTaken && check.accept(second.text()).isEmpty());
                });
    }

    @Test
    void listsOfWhatIsRevoked() {
        var list =
                new CertificateAuthority(net.eu, net.random)
                        .revocationList(
                                Map.of(net.ams.certificate().getSerialNumber(), NOW),
                                BigInteger.ONE,
                                NOW);
        String pem = Pem.of(new RevocationList(net.eu.certificate(), list));
        reads(
                pem.getBytes(US_ASCII),
                bad -> {
                    KnownRevocations known = new KnownRevocations(Optional.of(net.verifier));
                    if (learns(known, text(bad))) {
                        assertTrue(known.isRevoked(net.ams.certificate()), "as it was signed");
                    }
                });
    }

    private static boolean learns(KnownRevocations known, String text) {
        try {
            return known.learn(Pem.revocationLists(text), NOW);
        } catch (PemException e) {
            return false;
        }
    }
}
