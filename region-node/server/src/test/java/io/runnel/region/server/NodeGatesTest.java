package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.document.IdentityDocument;
import io.runnel.attestation.gate.OwnDocument;
import io.runnel.attestation.gate.PeerDocuments;
import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.Qualifier;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Requirements;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskOptions;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.CallerAliasRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.KeyRecord;
import io.runnel.routing.catalog.TaskRecord;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.routing.catalog.WrittenLog;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What nodes must be for records and code. */
final class NodeGatesTest {
    private static final RegionId EU = new RegionId("eu-west");
    private static final RegionId US = new RegionId("us-east");
    private static final Identity.Pop AMS = new Identity.Pop("net", new PopId("ams"));
    private static final CodeDigest OPEN = digest("open");
    private static final CodeDigest PICKY = digest("picky");
    private static final Map<String, String> BUNDLES =
            Map.of("open", "a".repeat(32), "picky", "b".repeat(32));

    private static final CodeDigest BOTH = digest("both");
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
    private static final Requirements IN_A = new Requirements(Map.of("zone", List.of("a")));

    private final SecureRandom random = new SecureRandom();
    private final CertifiedKey root = CertificateAuthority.root("net", NOON, random);
    private final WrittenLog log = new WrittenLog(EU, "LOG", NOON);
    private Instant now = NOON;
    private List<RegionId> bound = List.of();

    NodeGatesTest() {
        owns(new AccountRecord(new AccountId("open"), EU, false), OPEN, BOTH);
        owns(new AccountRecord(new AccountId("picky"), EU, false).requiring(IN_A), PICKY, BOTH);
    }

    private static CodeDigest digest(String code) {
        return CodeDigest.of(code.getBytes(StandardCharsets.UTF_8));
    }

    /** Of its first task. */
    private static Optional<SecretBundle> secrets(AccountRecord account, int task) {
        return task > 0
                ? Optional.empty()
                : Optional.of(new SecretBundle(BUNDLES.get(account.id().value()), Set.of("TOKEN")));
    }

    private void owns(AccountRecord account, CodeDigest... codes) {
        log.write(account);
        for (int i = 0; i < codes.length; i++) {
            TaskRef ref = TaskRef.of(account.id().value(), "t" + i);
            Task task =
                    new Task(
                            ref,
                            1,
                            RuntimeKind.WASM,
                            HandlerKind.HTTP,
                            codes[i],
                            Limits.DEFAULT,
                            Map.of(),
                            TaskOptions.DEFAULT.withSecrets(secrets(account, i)));
            log.write(new VersionRecord(task, ByteSize.ofKiB(1), bound, NOON));
            log.write(new TaskRecord(ref, 1, 1, true, Optional.empty()));
        }
    }

    private NodeGates gates(String policies) throws IOException {
        Topology topology =
                TopologyReader.parse(
                        policies
                                + Files.readString(
                                        Path.of("../../topology/examples/two-regions.yaml")));
        Catalog catalog = Catalog.EMPTY.with(log.records());
        return new NodeGates(
                EU,
                topology,
                () -> catalog,
                new PeerDocuments(
                        new DocumentVerifier(new ChainVerifier(root.certificate())), "net"),
                () -> now);
    }

    private Optional<String> inZone(String zone) {
        return shown(AMS, zone);
    }

    private Optional<String> shown(Identity who, String zone) {
        RegionId region = who instanceof Identity.RegionNode its ? its.region() : EU;
        CertifiedKey authority =
                new CertificateAuthority(root, random)
                        .create(
                                new Identity.Authority("net", region),
                                NOON,
                                CertificateAuthority.AUTHORITY_LIFE);
        NodeIdentity node = new NodeIdentity(random);
        node.become(
                new CertificateAuthority(authority, random)
                        .create(who, NOON, CertificateAuthority.NODE_LIFE));
        OwnDocument own =
                new OwnDocument(
                        node,
                        who,
                        () -> JsonNodeFactory.instance.objectNode().put("zone", zone),
                        () -> now);
        own.look();
        return own.jwt();
    }

    private static boolean gets(NodeGates gates, CodeDigest code, Optional<String> document) {
        return gates.denial(AMS, "/v1/code/" + code, document).isEmpty();
    }

    @Test
    void anOwnersCodeGoesOnlyWhereTheOwnerLetsIt() throws IOException {
        NodeGates gates = gates("");
        assertTrue(gets(gates, OPEN, Optional.empty()));
        assertFalse(gets(gates, PICKY, Optional.empty()));
        assertFalse(gets(gates, PICKY, inZone("b")));
        assertTrue(gets(gates, PICKY, inZone("a")));
        assertTrue(gets(gates, BOTH, inZone("b")), "the other owner lets it");
        assertEquals(
                "the policy 'fetch-code': a fact is not as it must be: zone is b",
                gates.denial(AMS, "/v1/code/" + PICKY, inZone("b")).orElseThrow().text());
        now = NOON.plus(IdentityDocument.LIFE);
        Optional<String> fresh = inZone("a");
        now = now.plus(IdentityDocument.LIFE);
        assertFalse(gets(gates, PICKY, fresh), "it is too old");
    }

    @Test
    void aNodeOfTheRegionHasItAnyway() throws IOException {
        Identity mate = new Identity.RegionNode("net", EU, new NodeName("eu-west-2"));
        Identity other =
                new Identity.RegionNode("net", new RegionId("us-east"), new NodeName("us-east-1"));
        NodeGates gates = gates("");
        assertTrue(gates.denial(mate, "/v1/code/" + PICKY, Optional.empty()).isEmpty());
        assertFalse(gates.denial(other, "/v1/code/" + PICKY, Optional.empty()).isEmpty());
    }

    @Test
    void codeThatNoAccountHasGoesNowhere() throws IOException {
        NodeGates gates = gates("");
        assertEquals(
                "the policy 'fetch-code': no account is known to have this code",
                gates.denial(AMS, "/v1/code/" + digest("on its way"), inZone("a"))
                        .orElseThrow()
                        .text());
        assertTrue(
                gates.denial(AMS, "/v1/code/garbage", Optional.empty()).isEmpty(),
                "whoever serves it says that it is none");
    }

    @Test
    void theNetworkMayAskForMore() throws IOException {
        NodeGates gates =
                gates(
                        """
                        policies:
                          - {action: fetch-code, require: [{fact: zone, in: [b]}]}
                          - {action: fetch-code, account: picky, require: [{fact: zone, in: [a, c]}]}
                        """);
        assertFalse(gets(gates, OPEN, Optional.empty()));
        assertFalse(gets(gates, OPEN, inZone("a")));
        assertTrue(gets(gates, OPEN, inZone("b")));
        assertTrue(gets(gates, PICKY, inZone("a")));
        assertFalse(gets(gates, PICKY, inZone("c")), "the owner does not let it");
        assertTrue(gets(gates, BOTH, inZone("a")));
        assertTrue(gets(gates, BOTH, inZone("b")));
        assertFalse(gets(gates, BOTH, inZone("c")));
    }

    private static boolean reads(NodeGates gates, String account, Optional<String> document) {
        return gates.denial(AMS, path(account), document).isEmpty();
    }

    /** Of the secrets of an account's first task. */
    private static String path(String account) {
        return "/v1/secrets/%s:t0:%s".formatted(account, BUNDLES.get(account));
    }

    @Test
    void secretsGoToWhoShowsWhatItIsWhateverIsAsked() throws IOException {
        NodeGates gates = gates("");
        assertTrue(NodeGates.concern(path("open")));
        assertFalse(reads(gates, "open", Optional.empty()), "it shows nothing");
        assertTrue(reads(gates, "open", inZone("b")));
        assertFalse(reads(gates, "picky", inZone("b")));
        assertTrue(reads(gates, "picky", inZone("a")));
        assertEquals(
                "the policy 'read-secret': a fact is not as it must be: zone is b",
                gates.denial(AMS, path("picky"), inZone("b")).orElseThrow().text());
        for (String unknown :
                List.of(
                        "/v1/secrets/" + BUNDLES.get("open"),
                        "/v1/secrets/open:t0:" + "0".repeat(32),
                        "/v1/secrets/open:t0:" + BUNDLES.get("picky"),
                        "/v1/secrets/open:t1:" + BUNDLES.get("open"))) {
            assertEquals(
                    "the policy 'read-secret': no version and no alias is known to have these"
                            + " secrets",
                    gates.denial(AMS, unknown, inZone("a")).orElseThrow().text());
        }
        Optional<String> before = inZone("a");
        now = NOON.plus(IdentityDocument.LIFE).plusSeconds(1);
        assertFalse(reads(gates, "picky", before), "it is too old");
    }

    @Test
    void whatCallersSignWithGoesToWhoMayHaveTheirAccountsSecrets() throws IOException {
        KeyRecord open = keyOf("open", 'A');
        KeyRecord picky = keyOf("picky", 'B');
        log.write(open);
        log.write(picky);
        NodeGates gates = gates("");
        String scope = ":20261128:eu-west:lambda:aws4_request";
        String path = "/v1/signing-keys/";
        assertTrue(NodeGates.concern(path + open.id() + scope));
        Optional<String> none = Optional.empty();
        assertTrue(gates.denial(AMS, path + open.id() + scope, none).isPresent());
        assertTrue(gates.denial(AMS, path + open.id() + scope, inZone("b")).isEmpty());
        assertEquals(
                "the policy 'read-secret': a fact is not as it must be: zone is b",
                gates.denial(AMS, path + picky.id() + scope, inZone("b")).orElseThrow().text());
        assertTrue(gates.denial(AMS, path + picky.id() + scope, inZone("a")).isEmpty());
        for (String unknown : List.of(keyOf("open", 'C').id() + scope, open.id(), "x" + scope)) {
            assertEquals(
                    "the policy 'read-secret': no account is known to have this key",
                    gates.denial(AMS, path + unknown, inZone("a")).orElseThrow().text());
        }
    }

    private static KeyRecord keyOf(String account, char letter) {
        String id = "RNL" + String.valueOf(letter).repeat(17);
        return new KeyRecord(id, new AccountId(account), "0".repeat(64));
    }

    @Test
    void secretsStayWhereTheVersionMayRun() throws IOException {
        bound = List.of(US);
        owns(new AccountRecord(new AccountId("open"), EU, false), OPEN);
        NodeGates gates = gates("");
        assertEquals(
                "the policy 'read-secret': what they are of may not run there",
                gates.denial(AMS, path("open"), inZone("a")).orElseThrow().text());
        Identity there = new Identity.RegionNode("net", US, new NodeName("us-east-1"));
        assertTrue(gates.denial(there, path("open"), shown(there, "a")).isEmpty());
        Identity other =
                new Identity.RegionNode("net", new RegionId("eu-north"), new NodeName("n-1"));
        assertFalse(gates.denial(other, path("open"), shown(other, "a")).isEmpty());
    }

    @Test
    void secretsOfAnAliasGoToRegionsOnly() throws IOException {
        SecretBundle bundle = new SecretBundle("c".repeat(32), Set.of("key"));
        TaskRef pay = TaskRef.of("picky", "pay");
        log.write(
                new CallerAliasRecord(
                        pay,
                        TaskRef.of("open", "t0"),
                        Qualifier.NONE,
                        Map.of(),
                        Optional.of(bundle)));
        NodeGates gates = gates("");
        String path = "/v1/secrets/" + new SecretBundle.Key(pay, bundle.id());
        assertEquals(
                "the policy 'read-secret': what they are of may not run there",
                gates.denial(AMS, path, inZone("a")).orElseThrow().text());
        Identity there = new Identity.RegionNode("net", US, new NodeName("us-east-1"));
        assertTrue(gates.denial(there, path, shown(there, "a")).isEmpty());
        assertFalse(gates.denial(there, path, shown(there, "b")).isEmpty(), "its owner is picky");
        assertFalse(gates.denial(there, path, Optional.empty()).isEmpty());
        String other = "/v1/secrets/" + new SecretBundle.Key(pay, "d".repeat(32));
        assertFalse(gates.denial(there, other, shown(there, "a")).isEmpty());
    }

    @Test
    void theNetworkMayAskForMoreOfWhoReadsSecrets() throws IOException {
        NodeGates gates =
                gates(
                        """
                        policies:
                          - {action: read-secret, require: [{fact: zone, in: [b]}]}
                          - {action: read-secret, account: picky, require: [{fact: zone, in: [a, c]}]}
                        """);
        assertFalse(reads(gates, "open", inZone("a")));
        assertTrue(reads(gates, "open", inZone("b")));
        assertTrue(reads(gates, "picky", inZone("a")));
        assertFalse(reads(gates, "picky", inZone("c")), "the owner does not let it");
    }

    @Test
    void whoFollowsMustShowItAgainInTime() throws IOException {
        NodeGates gates =
                gates("policies: [{action: replicate, require: [{fact: zone, in: [a]}]}]\n");
        Optional<NodeName> ams = Optional.of(new NodeName("ams"));
        assertFalse(gates.mayFollow(ams));
        assertFalse(gates.mayFollow(Optional.empty()));
        assertTrue(gates.mayFollow(Optional.of(new NodeName("eu-west-1"))), "a mate");
        assertFalse(gates.mayFollow(Optional.of(new NodeName("us-east-1"))));
        assertFalse(gates.denial(AMS, "/v1/feed", inZone("b")).isEmpty());
        assertFalse(gates.mayFollow(ams));
        assertTrue(gates.denial(AMS, "/v1/feed", inZone("a")).isEmpty());
        now = NOON.plus(IdentityDocument.LIFE).minusSeconds(1);
        assertTrue(gates.mayFollow(ams));
        now = NOON.plus(IdentityDocument.LIFE);
        assertFalse(gates.mayFollow(ams));
        assertTrue(gates.denial(AMS, "/v1/feed", inZone("a")).isEmpty());
        assertTrue(gates.mayFollow(ams));
        assertFalse(gates.denial(AMS, "/v1/feed", inZone("b")).isEmpty());
        assertFalse(gates.mayFollow(ams), "it is another now");
        assertTrue(gates("").mayFollow(ams), "nothing is asked");
    }
}
