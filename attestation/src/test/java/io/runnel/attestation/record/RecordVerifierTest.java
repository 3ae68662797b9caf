package io.runnel.attestation.record;

import static io.runnel.attestation.certificate.TestNetwork.EU;
import static io.runnel.attestation.certificate.TestNetwork.NOW;
import static io.runnel.attestation.certificate.TestNetwork.US;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.runnel.attestation.Verdicts;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.certificate.RevocationList;
import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.identity.Reason;
import io.runnel.exec.task.RegionId;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whose signature under a record counts. */
class RecordVerifierTest {
    private static final String HASH = "0a".repeat(32);
    private static final String LIVE = "0b".repeat(32);
    private static final int MOST = 20;
    private static final Duration SKEW = CertificateAuthority.SKEW;

    private final TestNetwork net = new TestNetwork();
    private final AuthorityCertificates authorities =
            new AuthorityCertificates(Optional.of(net.verifier), MOST);
    private final KnownRevocations revocations = new KnownRevocations(Optional.of(net.verifier));
    private final RecordVerifier verifier = new RecordVerifier(authorities, revocations);

    private RecordSigner signer(CertifiedKey key, RegionId origin) {
        return new RecordSigner(key, origin, net.random);
    }

    private SignedRecord signed(CertifiedKey key, RegionId origin, Instant at) {
        return signer(key, origin).sign(HASH, LIVE, at);
    }

    private List<String> learn(CertifiedKey key) {
        return authorities.learn(List.of(signer(key, EU).certificate()));
    }

    private List<Reason> reasons(SignedRecord said) {
        return Verdicts.reasons(verifier.check(said));
    }

    @Test
    void whatItsOriginSignedIsBelievedAgainAndAgain() {
        assertEquals(1, learn(net.eu).size());
        SignedRecord good = signed(net.eu, EU, NOW);
        assertEquals(good, Verdicts.facts(verifier.check(good)));
        assertEquals(good, Verdicts.facts(verifier.check(good)));
    }

    /** Also of one that was found sound before, so that what is remembered is not taken for it. */
    @Test
    void noPartCanBeAnotherOne() {
        assertEquals(1, learn(net.eu).size());
        SignedRecord good = signed(net.eu, EU, NOW);
        assertEquals(List.of(), reasons(good));
        for (SignedRecord changed : changed(good)) {
            assertNotEquals(List.of(), reasons(changed), changed::toString);
        }
    }

    @Test
    void whatWasSignedHereIsNotVerifiedAgain() {
        assertEquals(1, learn(net.eu).size());
        SignedRecord made = verifier.sign(signer(net.eu, EU), HASH, LIVE, NOW);
        assertEquals(made, Verdicts.facts(verifier.check(made)));
        assertEquals(0, verifier.verified());
        RecordVerifier another = new RecordVerifier(authorities, revocations);
        assertEquals(made, Verdicts.facts(another.check(made)));
        assertEquals(1, another.verified(), "nobody else takes its word for it");
    }

    @Test
    void whatDiffersInAnyBitFromWhatWasSignedHereIsVerified() {
        assertEquals(1, learn(net.eu).size());
        SignedRecord made = verifier.sign(signer(net.eu, EU), HASH, LIVE, NOW);
        List<SignedRecord> others = new ArrayList<>();
        for (int bit = 0; bit < 256; bit++) {
            others.add(with(made, another(made.hash(), bit), made.live(), made.signer()));
            others.add(with(made, made.hash(), another(made.live(), bit), made.signer()));
        }
        for (int bit = 0; bit < 512; bit++) {
            others.add(with(made, made.at(), another(made.signature(), bit)));
        }
        others.add(with(made, made.at().plusMillis(1), made.signature()));
        // Of each letter only the lower half is as it was.
        String alike =
                made.signature()
                        .chars()
                        .map(letter -> letter + 0x100)
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining());
        others.add(with(made, made.at(), alike));
        long verified = 0;
        for (SignedRecord other : others) {
            assertEquals(List.of(Reason.SIGNATURE_WRONG), reasons(other), other::toString);
            assertEquals(++verified, verifier.verified(), other::toString);
        }
    }

    /** That it is right is all that is known of it. */
    @Test
    void whatWasSignedHereIsBelievedNoMoreThanIfOthersHadSignedIt() {
        SignedRecord unknown = verifier.sign(signer(net.eu, EU), HASH, LIVE, NOW);
        assertEquals(List.of(Reason.ISSUER_UNKNOWN), reasons(unknown));
        assertEquals(1, learn(net.eu).size());
        SignedRecord foreign = verifier.sign(signer(net.eu, US), HASH, LIVE, NOW);
        assertEquals(List.of(Reason.SIGNER_IS_NOT_SUBJECT), reasons(foreign));
        Instant late = net.eu.certificate().getNotAfter().toInstant().plus(SKEW).plusMillis(1);
        SignedRecord expired = verifier.sign(signer(net.eu, EU), HASH, LIVE, late);
        assertEquals(List.of(Reason.EXPIRED), reasons(expired));
    }

    @Test
    void whatIsSignedHereWithAnotherKeyThanItsCertificatesIsWrong() {
        assertEquals(1, learn(net.eu).size());
        CertifiedKey mixed = new CertifiedKey(net.us.key(), net.eu.chain());
        SignedRecord made = verifier.sign(signer(mixed, EU), HASH, LIVE, NOW);
        assertEquals(List.of(Reason.SIGNATURE_WRONG), reasons(made));
    }

    private static List<SignedRecord> changed(SignedRecord good) {
        List<SignedRecord> all = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            all.add(with(good, flipped(good.hash(), i), good.live(), good.signer()));
            all.add(with(good, good.hash(), flipped(good.live(), i), good.signer()));
            all.add(with(good, good.hash(), good.live(), flipped(good.signer(), i)));
        }
        for (int i = 0; i < 128; i++) {
            all.add(with(good, good.at(), flipped(good.signature(), i)));
        }
        for (long bit = 1; bit < 1L << 30; bit <<= 1) {
            Instant at = Instant.ofEpochMilli(good.at().toEpochMilli() ^ bit);
            all.add(with(good, at, good.signature()));
        }
        for (String other : List.of("", "00", good.signature() + "00", "0".repeat(128), "x")) {
            all.add(with(good, good.at(), other));
        }
        return all;
    }

    private static SignedRecord with(SignedRecord r, String hash, String live, String signer) {
        return new SignedRecord(r.origin(), hash, live, signer, r.at(), r.signature());
    }

    private static SignedRecord with(SignedRecord r, Instant at, String signature) {
        return new SignedRecord(r.origin(), r.hash(), r.live(), r.signer(), at, signature);
    }

    private static String flipped(String hex, int at) {
        return another(hex, 4 * at + at % 4);
    }

    /** The same number but for one bit. */
    private static String another(String hex, int bit) {
        int at = bit / 4;
        int digit = Character.digit(hex.charAt(at), 16) ^ (1 << (bit % 4));
        return hex.substring(0, at) + Character.forDigit(digit, 16) + hex.substring(at + 1);
    }

    @Test
    void anotherRegionsAuthorityDoesNotSpeakForIt() {
        assertEquals(1, learn(net.us).size());
        assertEquals(List.of(Reason.SIGNER_IS_NOT_SUBJECT), reasons(signed(net.us, EU, NOW)));
        assertEquals(List.of(), reasons(signed(net.us, US, NOW)));
    }

    @Test
    void onlyAuthoritiesUnderTheRootAreLearned() {
        assertEquals(List.of(), learn(new TestNetwork().eu), "of another root");
        assertEquals(List.of(), learn(net.eu1), "a node");
        assertEquals(List.of(), learn(net.ams), "a POP");
        assertEquals(List.of(), learn(net.root), "the root, which writes no records");
        assertEquals(List.of(), authorities.learn(List.of("", "x", "-".repeat(5000))));
        assertEquals(List.of(), authorities.all());
        assertEquals(List.of(Reason.ISSUER_UNKNOWN), reasons(signed(net.eu1, EU, NOW)));
        AuthorityCertificates rootless = new AuthorityCertificates(Optional.empty(), MOST);
        assertEquals(List.of(), rootless.learn(List.of(Pem.of(List.of(net.eu.certificate())))));
    }

    @Test
    void anEarlierKeyOfTheAuthorityCountsOn() {
        CertifiedKey next = net.authority(EU);
        assertEquals(1, learn(net.eu).size());
        assertEquals(List.of(), learn(net.eu), "it is known");
        assertEquals(1, learn(next).size());
        assertEquals(List.of(), reasons(signed(net.eu, EU, NOW)));
        assertEquals(List.of(), reasons(signed(next, EU, NOW)));
        assertEquals(2, authorities.all().size());
    }

    @Test
    void onlyWhatWasSignedWhileItsCertificateWasGoodIsBelieved() {
        assertEquals(1, learn(net.eu).size());
        Instant from = net.eu.certificate().getNotBefore().toInstant().minus(SKEW);
        Instant to = net.eu.certificate().getNotAfter().toInstant().plus(SKEW);
        assertEquals(List.of(), reasons(signed(net.eu, EU, from)));
        assertEquals(List.of(), reasons(signed(net.eu, EU, to)));
        assertEquals(
                List.of(Reason.NOT_YET_VALID), reasons(signed(net.eu, EU, from.minusMillis(1))));
        assertEquals(List.of(Reason.EXPIRED), reasons(signed(net.eu, EU, to.plusMillis(1))));
    }

    @Test
    void whatARevokedAuthoritySignedIsBelievedNoMore() {
        assertEquals(1, learn(net.eu).size());
        SignedRecord good = signed(net.eu, EU, NOW);
        assertEquals(List.of(), reasons(good));
        var serials = Map.of(net.eu.certificate().getSerialNumber(), NOW);
        RevocationList list =
                new RevocationList(
                        net.root.certificate(),
                        new CertificateAuthority(net.root, net.random)
                                .revocationList(serials, BigInteger.ONE, NOW));
        assertEquals(true, revocations.learn(List.of(list), NOW));
        assertEquals(List.of(Reason.REVOKED), reasons(good));
    }

    /** What else an authority signs is no record, and a record is nothing else. */
    @Test
    void theTextIsOfRecordsOnly() {
        String text =
                new String(signed(net.eu, EU, NOW).text(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals("runnel feed record 1", text.lines().findFirst().orElseThrow());
        assertEquals(5, text.lines().count());
    }

    @Test
    void onlySoManyCertificatesAreKept() {
        List<String> many = new ArrayList<>();
        for (int i = 0; i <= MOST; i++) {
            many.add(signer(net.authority(EU), EU).certificate());
        }
        assertEquals(MOST, authorities.learn(many).size());
        assertEquals(MOST, authorities.all().size());
    }
}
