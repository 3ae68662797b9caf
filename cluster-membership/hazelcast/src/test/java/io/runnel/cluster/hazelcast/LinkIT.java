package io.runnel.cluster.hazelcast;

import static io.runnel.cluster.hazelcast.Nodes.AMS;
import static io.runnel.cluster.hazelcast.Nodes.LHR;
import static io.runnel.cluster.hazelcast.Nodes.MEMBER;
import static io.runnel.cluster.hazelcast.Nodes.REGION;
import static io.runnel.cluster.hazelcast.Nodes.SECOND;
import static io.runnel.cluster.hazelcast.Nodes.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.core.Hazelcast;

import io.runnel.attestation.NetworkToken;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.RevocationList;
import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;
import io.runnel.topology.NodeStatus;
import io.runnel.topology.NodeStatusJson;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A member, and who may be in a cluster with it. */
final class LinkIT {
    private static final RegionId ELSEWHERE = new RegionId("us-east");
    private static final Duration RENEWED_AFTER = Duration.ofHours(16);
    private static final Duration SECONDS = Duration.ofSeconds(10);

    @TempDir Path folder;

    private final TestAuthority authority = new TestAuthority(REGION);
    private final Address address = Nodes.freeAddress();
    private final LinkSecurity security =
            authority.security(Nodes.identity(MEMBER), Nodes.topology(address));
    private NetworkToken token;
    private RegionCluster member;
    private Relay relay;

    @BeforeEach
    void start() throws Exception {
        token = Nodes.token(folder, "token");
        member = RegionCluster.start(Nodes.member(address, token, security));
        member.ready().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        member.publish(status(MEMBER, 1));
        relay = new Relay(address);
    }

    @AfterEach
    void stop() {
        relay.close();
        member.close();
    }

    /** A POP behind the relay, whoever that is. */
    private PopCluster come(NodeName node, LinkSecurity shown) {
        PopCluster pop = PopCluster.start(Nodes.client(node, relay.address(), token, shown));
        pop.publish(status(node, 1));
        return pop;
    }

    private LinkSecurity pop(NodeName node) {
        return authority.security(Nodes.identity(node), Nodes.topology(relay.address()));
    }

    private static X509Certificate certificate(LinkSecurity of) {
        return of.own().certificate().orElseThrow();
    }

    private void revoke(X509Certificate certificate, LinkSecurity... heardBy) {
        RevocationList list = authority.revoked(certificate);
        for (LinkSecurity one : heardBy) {
            assertTrue(one.trust().revocations().learn(List.of(list), one.clock().instant()));
        }
    }

    private static int members(NodeName seenBy) {
        return Hazelcast.getHazelcastInstanceByName("runnel-" + seenBy)
                .getCluster()
                .getMembers()
                .size();
    }

    private void acquire(int connections) throws InterruptedException {
        assertTrue(
                relay.arrivals.tryAcquire(
                        connections, Await.DEADLINE.toSeconds(), TimeUnit.SECONDS),
                () -> "came: " + relay.arrivals.availablePermits());
    }

    @Test
    void whoeverIsBetweenThemSeesNothing() throws Exception {
        NodeStatus said = status(AMS, 123_456_789);
        try (PopCluster ams = come(AMS, pop(AMS))) {
            ams.publish(said);
            Await.view(member, "ams", v -> v.status(AMS).filter(said::equals).isPresent());
            Await.view(ams, "the member", v -> v.status(MEMBER).isPresent());
        }
        String status = new String(NodeStatusJson.encode(said), ISO_8859_1);
        List<String> secrets =
                List.of(status.substring(0, 12), "123456789", ClusterSecret.of(token, REGION));
        assertTrue(status.contains(secrets.get(1)), status);
        assertTrue(relay.passed.stream().anyMatch(way -> way.size() > 2000), "too little passed");
        for (ByteArrayOutputStream way : relay.passed) {
            String passed = way.toString(ISO_8859_1);
            assertEquals(List.of(), secrets.stream().filter(passed::contains).toList());
            assertTrue(passed.isEmpty() || passed.startsWith("\u0016\u0003"), passed);
        }
    }

    private void isNotLetIn(LinkSecurity shown) throws Exception {
        try (PopCluster lhr = come(LHR, shown);
                PopCluster ams = PopCluster.start(Nodes.client(AMS, address, token, own(AMS)))) {
            acquire(3);
            ams.publish(status(AMS, 1));
            Await.view(member, "ams", v -> v.status(AMS).isPresent());
            acquire(1);
            assertFalse(lhr.isConnected());
            assertFalse(lhr.ready().isDone());
            assertTrue(member.view().status(LHR).isEmpty());
        }
    }

    private LinkSecurity own(NodeName node) {
        return authority.security(Nodes.identity(node), Nodes.topology(address));
    }

    @Test
    void aPopThatWasRevokedIsNotLetIn() throws Exception {
        LinkSecurity lhr = pop(LHR);
        revoke(certificate(lhr), security);
        isNotLetIn(lhr);
    }

    @Test
    void aPopWhoseCertificateHasEndedIsNotLetIn() throws Exception {
        LinkSecurity lhr = pop(LHR);
        authority.passes(RENEWED_AFTER);
        security.own().become(authority.certified(Nodes.identity(MEMBER)));
        authority.passes(CertificateAuthority.NODE_LIFE.minus(RENEWED_AFTER));
        isNotLetIn(lhr);
    }

    @Test
    void aPopThatAnotherRootHasCertifiedIsNotLetIn() throws Exception {
        LinkSecurity lhr = pop(LHR);
        lhr.own().become(new TestAuthority(REGION).certified(Nodes.identity(LHR)));
        isNotLetIn(lhr);
    }

    @Test
    void aPopThatIsNotInTheTopologyIsNotLetIn() throws Exception {
        LinkSecurity lhr = pop(LHR);
        lhr.own().become(authority.certified(TestAuthority.pop(new NodeName("fra"))));
        isNotLetIn(lhr);
    }

    @Test
    void aMemberIsNotLetInAsAPop() throws Exception {
        LinkSecurity lhr = pop(LHR);
        lhr.own().become(authority.certified(Nodes.identity(SECOND)));
        isNotLetIn(lhr);
    }

    @Test
    void whoHasNothingToShowIsNotLetIn() throws Exception {
        LinkSecurity lhr = pop(LHR);
        try (PopCluster pop = come(LHR, lhr)) {
            Await.view(member, "lhr", v -> v.status(LHR).isPresent());
            relay.arrivals.drainPermits();
            lhr.own().lose();
            Await.until("the link ends", () -> !pop.isConnected());
            acquire(2);
            assertFalse(pop.isConnected());
        }
    }

    /** Tries to be a second member by what {@code shown} makes of it. */
    private void doesNotJoin(Function<Address, LinkSecurity> shown) throws Exception {
        Address second = Nodes.freeAddress();
        MemberSettings settings =
                new MemberSettings(
                        SECOND,
                        REGION,
                        second,
                        List.of(address),
                        token,
                        shown.apply(second),
                        Nodes.LIFE);
        try (RegionCluster two = RegionCluster.start(settings)) {
            two.publish(status(SECOND, 1));
            two.ready().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            assertEquals(1, members(SECOND));
            assertEquals(1, members(MEMBER));
            assertTrue(member.view().status(SECOND).isEmpty());
        }
    }

    private LinkSecurity second(Address second, TestAuthority by, Identity who) {
        LinkSecurity shown = authority.nobody(Nodes.topology(address, second));
        shown.own().become(by.certified(who));
        return shown;
    }

    @Test
    void aPopsKeyDoesNotMakeAMember() throws Exception {
        doesNotJoin(second -> second(second, authority, Nodes.identity(AMS)));
    }

    @Test
    void aNodeOfAnotherRegionDoesNotJoin() throws Exception {
        Identity other = TestAuthority.member(ELSEWHERE, new NodeName("us-east-1"));
        doesNotJoin(second -> second(second, authority.of(ELSEWHERE), other));
    }

    @Test
    void aNodeThatWasRevokedDoesNotJoin() throws Exception {
        doesNotJoin(
                second -> {
                    LinkSecurity shown = second(second, authority, Nodes.identity(SECOND));
                    revoke(certificate(shown), security);
                    return shown;
                });
    }

    /** Somebody who is not believed listens there; that is as if nobody did. */
    @Test
    void whoIsRevokedKeepsNobodyFromStarting() throws Exception {
        doesNotJoin(
                second -> {
                    LinkSecurity shown = second(second, authority, Nodes.identity(SECOND));
                    revoke(certificate(security), shown);
                    return shown;
                });
    }

    @Test
    void aPopThatIsRevokedIsCutOffAndComesBackWithANewKey() throws Exception {
        LinkSecurity shown = pop(LHR);
        try (PopCluster lhr = come(LHR, shown)) {
            Await.view(member, "lhr", v -> v.status(LHR).isPresent());
            relay.arrivals.drainPermits();
            long revoked = System.nanoTime();
            revoke(certificate(shown), security);
            Await.until("it is cut off", () -> !lhr.isConnected());
            Duration took = Duration.ofNanos(System.nanoTime() - revoked);
            assertTrue(took.compareTo(SECONDS) < 0, took::toString);
            acquire(2);
            assertFalse(lhr.isConnected());
            shown.own().become(authority.certified(Nodes.identity(LHR)));
            lhr.publish(status(LHR, 2));
            Await.view(
                    member, "lhr again", v -> v.status(LHR).stream().anyMatch(s -> s.calls() == 2));
        }
    }

    @Test
    void aMemberThatIsRevokedIsCutOff() throws Exception {
        member.close();
        Address second = Nodes.freeAddress();
        LinkSecurity first = second(second, authority, Nodes.identity(MEMBER));
        LinkSecurity other = second(second, authority, Nodes.identity(SECOND));
        member =
                RegionCluster.start(
                        new MemberSettings(
                                MEMBER,
                                REGION,
                                address,
                                List.of(second),
                                token,
                                first,
                                Nodes.LIFE));
        member.ready().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        MemberSettings settings =
                new MemberSettings(
                        SECOND, REGION, second, List.of(address), token, other, Nodes.LIFE);
        try (RegionCluster two = RegionCluster.start(settings)) {
            two.ready().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            Await.until("both are in", () -> members(MEMBER) == 2 && members(SECOND) == 2);
            revoke(certificate(other), first);
            Await.until("one is left", () -> members(MEMBER) == 1);
        }
    }

    @Test
    void aLinkEndsWithWhatWasShownAndGoesOnWithWhatWasRenewed() throws Exception {
        LinkSecurity shown = pop(AMS);
        try (PopCluster ams = come(AMS, shown)) {
            Await.view(member, "ams", v -> v.status(AMS).isPresent());
            relay.arrivals.drainPermits();
            authority.passes(RENEWED_AFTER);
            shown.own().become(authority.certified(Nodes.identity(AMS)));
            security.own().become(authority.certified(Nodes.identity(MEMBER)));
            authority.passes(CertificateAuthority.NODE_LIFE.minus(RENEWED_AFTER));
            acquire(1);
            ams.publish(status(AMS, 2));
            Await.view(
                    member, "it again", v -> v.status(AMS).stream().anyMatch(s -> s.calls() == 2));
        }
    }

    @Test
    void whoIsNotCertifiedYetWaits() throws Exception {
        LinkSecurity shown = authority.nobody(Nodes.topology(relay.address()));
        Address second = Nodes.freeAddress();
        LinkSecurity other = authority.nobody(Nodes.topology(address, second));
        MemberSettings settings =
                new MemberSettings(
                        SECOND, REGION, second, List.of(address), token, other, Nodes.LIFE);
        try (PopCluster ams = come(AMS, shown);
                RegionCluster two = RegionCluster.start(settings);
                PopCluster lhr = come(LHR, pop(LHR))) {
            Await.view(member, "lhr", v -> v.status(LHR).isPresent());
            assertTrue(lhr.ready().isDone());
            assertFalse(ams.ready().isDone());
            assertNull(HazelcastClient.getHazelcastClientByName("runnel-" + AMS));
            assertNull(Hazelcast.getHazelcastInstanceByName("runnel-" + SECOND));
            shown.own().become(authority.certified(Nodes.identity(AMS)));
            other.own().become(authority.certified(Nodes.identity(SECOND)));
            two.ready().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            Await.view(member, "ams", v -> v.status(AMS).isPresent());
        }
    }

    @Test
    void onlyWhoIsToListenThereIsBelievedThere() throws Exception {
        LinkSecurity misled =
                authority.security(
                        Nodes.identity(AMS), Nodes.topology(Nodes.freeAddress(), relay.address()));
        try (PopCluster ams = come(AMS, misled)) {
            acquire(3);
            assertFalse(ams.isConnected());
            assertFalse(ams.ready().isDone());
        }
    }
}
