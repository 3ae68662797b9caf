package io.runnel.region.server.authority;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.document.DocumentSigner;
import io.runnel.attestation.document.Kind;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.join.JoinProof;
import io.runnel.attestation.join.JoinRequest;
import io.runnel.attestation.join.JoinToken;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.cluster.replication.CertificateHandler.Answer;
import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.SqliteStore;
import io.runnel.cluster.store.StoreSettings;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.TestSeals;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;
import io.runnel.topology.TopologyWriter;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Who becomes a POP of the network, and who does not. */
class JoiningTest {
    private static final RegionId EU = new RegionId("eu-west");
    private static final RegionId US = new RegionId("us-east");
    private static final PopId AMS = new PopId("ams");
    private static final Topology TOPOLOGY =
            TopologyReader.parse(
                    """
                    network: net
                    regions:
                      - name: eu-west
                        registry: true
                        location: {lat: 1, lon: 1}
                        nodes:
                          - {name: eu-west-1, listen: 127.0.0.1:1, internal: 127.0.0.1:2, cluster: 127.0.0.1:3, admin: 127.0.0.1:4, slots: 4, memory: 256MiB}
                      - name: us-east
                        location: {lat: 1, lon: 90}
                        nodes:
                          - {name: us-east-1, listen: 127.0.0.1:5, internal: 127.0.0.1:6, cluster: 127.0.0.1:7, admin: 127.0.0.1:8, slots: 4, memory: 256MiB}
                    pops:
                      - {name: ams, location: {lat: 3, lon: 3}, listen: 127.0.0.1:9, admin: 127.0.0.1:10, region: eu-west, failover: [us-east], slots: 4, memory: 256MiB}
                      - {name: lhr, location: {lat: 3, lon: 3}, listen: 127.0.0.1:11, admin: 127.0.0.1:12, region: eu-west, slots: 4, memory: 256MiB}
                    """);

    @TempDir Path folder;
    private final SecureRandom random = new SecureRandom();
    private Instant now = Instant.parse("2026-11-28T12:00:00Z");
    private final InstantSource clock = () -> now;
    private final CertifiedKey root = CertificateAuthority.root("net", now, random);
    private final Optional<ChainVerifier> chains =
            Optional.of(new ChainVerifier(root.certificate()));
    private final NodeTrust trust = new NodeTrust(chains, new KnownRevocations(chains));
    private final List<RegionStore> stores = new ArrayList<>();
    private RegionAuthority eu;
    private RegionAuthority us;
    private CertifiedKey euKey;
    private final Joiner ams = new Joiner(AMS, random, clock);

    @BeforeEach
    void open() {
        euKey = key(EU);
        eu = authority(EU, euKey);
        us = authority(US, key(US));
    }

    private CertifiedKey key(RegionId region) {
        return new CertificateAuthority(root, random)
                .create(
                        new Identity.Authority("net", region),
                        now,
                        CertificateAuthority.AUTHORITY_LIFE);
    }

    private RegionAuthority authority(RegionId region, CertifiedKey key) {
        return authority(region, key, TOPOLOGY);
    }

    private RegionAuthority authority(RegionId region, CertifiedKey key, Topology topology) {
        RegionStore store =
                SqliteStore.open(
                        StoreSettings.of(folder.resolve(stores.size() + ".db"), region),
                        TestSeals.ALL,
                        clock,
                        random);
        stores.add(store);
        return new RegionAuthority(
                new CertificateAuthority(key, random),
                region,
                topology,
                trust.ofNow(),
                store,
                random,
                clock);
    }

    @AfterEach
    void close() {
        stores.forEach(RegionStore::close);
    }

    private void isRefused(Answer answer, String why) {
        assertEquals(Answer.refused(why), answer);
        List<String> entries = eu.audit(0, RegionStore.MOST_ENTRIES);
        assertTrue(
                entries.stream()
                        .filter(entry -> entry.contains("\"event\":\"refused\""))
                        .anyMatch(entry -> entry.contains("\"why\":\"" + why + "\"")),
                entries::toString);
    }

    private static void isCertified(Answer answer) {
        assertTrue(answer.chain().isPresent(), answer::toString);
    }

    /** Learns, as a node does within seconds, what is revoked. */
    private void learn() {
        boolean unused = trust.revocations().learn(List.of(eu.revocationList()), now);
    }

    @Test
    void aTokenIsGoodOnceForTheKeyThatItWasShownWith() {
        String token = ams.token(eu);
        KeyPair key = ams.next;
        var proof = new JoinProof.Token(token);
        isCertified(ams.askAgain(eu, eu.nonce(AMS), proof));
        isCertified(ams.askAgain(eu, eu.nonce(AMS), proof));
        Answer answer = ams.join(eu, token);
        isCertified(answer);
        assertEquals(key.getPublic(), answer.chain().get().getFirst().getPublicKey());
        Joiner thief = new Joiner(AMS, random, clock);
        isRefused(thief.join(eu, token), "the join token: it was used for another key");
        isCertified(ams.renew(eu));
    }

    @Test
    void whoComesAtOnceWithOneTokenIsOneOfThem() {
        String token = ams.token(eu);
        List<CompletableFuture<Answer>> all = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Joiner one = new Joiner(AMS, random, clock);
            all.add(CompletableFuture.supplyAsync(() -> one.join(eu, token)));
        }
        long certified = all.stream().filter(one -> one.join().chain().isPresent()).count();
        assertEquals(1, certified);
    }

    @Test
    void aTokenIsGoodForItsPopAtItsAuthorityInItsTime() {
        String token = ams.token(eu);
        Joiner lhr = new Joiner(new PopId("lhr"), random, clock);
        isRefused(lhr.join(eu, token), "the join token: it is for another POP");
        assertEquals(
                Answer.refused("the join token: its signature is not of what it says"),
                ams.join(us, token));
        String foreign =
                JoinToken.create(
                                new Identity.Authority("net", US),
                                new Identity.Pop("net", AMS),
                                now,
                                JoinToken.LIFE,
                                random)
                        .signed(euKey);
        isRefused(ams.join(eu, foreign), "the join token: it is for another authority");
        isRefused(ams.join(eu, "x"), "the join token: it is not of the form");
        now = now.minus(Duration.ofMinutes(2));
        isRefused(ams.join(eu, token), "the join token: it is from the future");
        now = now.plus(Duration.ofMinutes(2)).plus(JoinToken.LIFE);
        isRefused(ams.join(eu, token), "the join token: it ended at 2026-11-28T13:00:00Z");
        now = now.minusMillis(1);
        isCertified(ams.join(eu, token));
    }

    @Test
    void onlyThePopsOwnRegionAndThoseThatTakeOverCertifyIt() {
        isCertified(new Joiner(AMS, random, clock).join(us));
        NodeName lhr = new NodeName("lhr");
        assertEquals(Optional.empty(), us.admit(lhr, JoinToken.LIFE, "admin"));
        assertEquals(Optional.empty(), us.admit(new NodeName("us-east-1"), JoinToken.LIFE, "a"));
        assertEquals(Optional.empty(), eu.admit(new NodeName("mars"), JoinToken.LIFE, "a"));
        Joiner stranger = new Joiner(new PopId("lhr"), random, clock);
        assertEquals(
                Answer.refused("this region is none of such a POP"),
                stranger.join(us, stranger.token(eu)));
    }

    @Test
    void aNonceIsGoodOnceItWasGivenAndNotForLong() {
        String nonce = eu.nonce(AMS);
        var token = new JoinProof.Token(ams.token(eu));
        String why = "the nonce is none of this authority, or too old";
        isRefused(ams.ask(eu, us.nonce(AMS), token), why);
        isRefused(ams.ask(eu, "", token), why);
        now = now.plusSeconds(61);
        isRefused(ams.ask(eu, nonce, token), why);
        isCertified(ams.ask(eu, eu.nonce(AMS), token));
    }

    @Test
    void whoWasCertifiedIsCertifiedAgainWithoutAToken() {
        ams.join(eu);
        for (int i = 0; i < 3; i++) {
            now = now.plus(Duration.ofHours(16));
            CertifiedKey before = ams.current.orElseThrow();
            isCertified(ams.renew(eu));
            assertNotEquals(
                    before.certificate().getPublicKey(),
                    ams.current.orElseThrow().certificate().getPublicKey());
        }
        isCertified(ams.renew(us));
        isCertified(ams.renew(eu));
        now = now.plus(CertificateAuthority.NODE_LIFE).plusSeconds(1);
        isRefused(ams.renew(eu), "the document: it is too old");
    }

    @Test
    void aDocumentIsForThisAuthorityThisNonceAndThisKey() {
        ams.join(eu);
        String nonce = eu.nonce(AMS);
        String key = JoinRequest.hash(ams.next.getPublic());
        refusesDocument(
                n -> ams.document(Kind.NODE, us.identity(), n, key),
                "it was made for somebody else");
        refusesDocument(
                n -> ams.document(Kind.NODE, eu.identity(), nonce + "A", key),
                "it bears another nonce than was asked for");
        refusesDocument(
                n -> ams.document(Kind.NODE, eu.identity(), n, "0".repeat(64)),
                "it says nothing of this POP's new key");
        refusesDocument(
                n -> ams.document(Kind.INSTANCE, eu.identity(), n, key),
                "it says nothing of this POP's new key");
        Joiner lhr = new Joiner(new PopId("lhr"), random, clock);
        lhr.join(eu);
        refusesDocument(
                n -> lhr.document(Kind.NODE, eu.identity(), n, key),
                "it says nothing of this POP's new key");
        refusesDocument(n -> "x", "it is not of the form");
        isCertified(ams.renew(eu));
    }

    private void refusesDocument(Function<String, String> document, String why) {
        String nonce = eu.nonce(AMS);
        isRefused(
                ams.ask(eu, nonce, new JoinProof.Document(document.apply(nonce))),
                "the document: " + why);
    }

    /** Whose answer was lost asks again for the same key; somebody else has another. */
    @Test
    void aKeyInTwoPlacesIsWorthNothingInBoth() {
        ams.join(eu);
        Joiner thief = ams.copy();
        String nonce = eu.nonce(AMS);
        isCertified(ams.askAgain(eu, nonce, ams.document(eu, nonce)));
        isCertified(ams.renew(eu));
        Answer stolen = thief.renew(eu);
        String why =
                "its key is in two places: what was certified of it was shown for two other keys";
        assertEquals(Answer.refused(why), stolen);
        String last = eu.audit(0, RegionStore.MOST_ENTRIES).getLast();
        assertTrue(last.contains("\"event\":\"revoked\""), last);
        assertTrue(last.contains("\"by\":\"127.0.0.1\""), last);
        assertTrue(last.contains(why), last);
        assertTrue(eu.revocationList().list().isRevoked(ams.current.get().certificate()));
        isRefused(ams.renew(eu), "it was revoked and not readmitted");
        isRefused(ams.join(eu), "it was revoked and not readmitted");
    }

    @Test
    void whoIsReadmittedNeedsATokenFromAfterThat() {
        ams.join(eu);
        Joiner other = new Joiner(AMS, random, clock);
        String before = other.token(eu);
        now = now.plusSeconds(1);
        eu.revoke(new NodeName("ams"), "admin", "stolen");
        eu.readmit(new NodeName("ams"), "admin", "");
        learn();
        isRefused(ams.renew(eu), "the document: it was revoked");
        isRefused(other.join(eu, before), "the join token: it is from before this POP was revoked");
        now = now.plusMillis(1);
        isCertified(other.join(eu));
        isCertified(other.renew(eu));
    }

    @Test
    void whoIsNotWhatThePolicyAsksForDoesNotJoinAndDoesNotStay() {
        isCertified(ams.join(eu));
        Topology strict =
                TopologyReader.parse(
                        "policies: [{action: join, require: [{fact: role, in: [x]}, {fact: zone,"
                                + " in: [a]}]}]\n"
                                + TopologyWriter.write(TOPOLOGY));
        RegionAuthority asking = authority(EU, euKey, strict);
        String why =
                "the policy 'join': a fact is not as it must be: role is pop;"
                        + " a fact is not there that is asked for: zone";
        assertEquals(Answer.refused(why), ams.join(asking));
        assertEquals(Answer.refused(why), ams.renew(asking));
        assertEquals(
                Answer.refused("the join token: it is not of the form"), ams.join(asking, "x"));
        String entry = asking.audit(0, RegionStore.MOST_ENTRIES).get(1);
        assertTrue(entry.contains(why), entry);
    }

    /** The new key alone signs what a POP says of itself: its word is not its supervisor's. */
    @Test
    void whatItsSupervisorIsSaidToHaveMeasuredIsLookedAt() {
        RegionAuthority asking =
                authority(
                        EU,
                        euKey,
                        TopologyReader.parse(
                                "policies: [{action: join, require: [{fact: software.measuredBy,"
                                        + " in: [supervisor]}]}]\n"
                                        + TopologyWriter.write(TOPOLOGY)));
        ObjectNode software = ams.evidence.putObject("software");
        software.put("digest", "sha256:aa").put("measuredBy", "supervisor");
        String wrong = "the policy 'join': what it says of who measured its software is not so: ";
        assertEquals(Answer.refused(wrong + "there is no measurement"), ams.join(asking));
        CertifiedKey key =
                new CertificateAuthority(euKey, random)
                        .create(
                                new Identity.Supervisor("net", new NodeName("host")),
                                now,
                                CertificateAuthority.NODE_LIFE);
        DocumentSigner host = new DocumentSigner(key, random);
        Identity self = new Identity.Pop("net", AMS);
        Identity other = new Identity.Pop("net", new PopId("lhr"));
        software.put("measurement", host.signAsJwt(host.measurement(other, "sha256:aa", now, now)));
        assertEquals(Answer.refused(wrong + "it is of " + other.uri()), ams.join(asking));
        software.put("measurement", host.signAsJwt(host.measurement(self, "sha256:bb", now, now)));
        assertEquals(Answer.refused(wrong + "it is of another digest"), ams.join(asking));
        software.put("measurement", host.signAsJwt(host.measurement(self, "sha256:aa", now, now)));
        isCertified(ams.join(asking));
        isCertified(ams.renew(asking));
        software.remove("measurement");
        software.put("measuredBy", "self");
        assertEquals(
                Answer.refused(
                        "the policy 'join': a fact is not as it must be: software.measuredBy is"
                                + " self"),
                ams.renew(asking));
    }

    @Test
    void thoseWhoAreNobodyFillNoLog() {
        for (int i = 0; i < 20; i++) {
            Joiner stranger = new Joiner(new PopId("stranger-" + i), random, clock);
            assertEquals(
                    Answer.refused("this region is none of such a POP"), stranger.join(eu, "x"));
        }
        assertEquals(1, eu.audit(0, RegionStore.MOST_ENTRIES).size());
    }
}
