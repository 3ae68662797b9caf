package io.runnel.attestation.authority;

import static io.runnel.attestation.certificate.TestNetwork.AMS;
import static io.runnel.attestation.certificate.TestNetwork.EU_1;
import static io.runnel.attestation.certificate.TestNetwork.NOW;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.runnel.attestation.SecretFile;
import io.runnel.attestation.certificate.TestNetwork;
import io.runnel.attestation.document.DocumentSigner;
import io.runnel.attestation.document.IdentityDocument;
import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.NodeName;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;

/** What a node makes of the file that its supervisor writes. */
class OwnMeasurementTest {
    @TempDir Path folder;
    private final TestNetwork net = new TestNetwork();
    private final DocumentSigner host =
            new DocumentSigner(
                    net.node(net.eu, new Identity.Supervisor("net", new NodeName("host"))),
                    net.random);
    private Instant now = NOW;
    private SecretFile file;
    private String digest;
    private NodeFacts facts;

    @BeforeEach
    void begin() throws IOException {
        file = new SecretFile(OwnMeasurement.file(folder));
        digest = "sha256:" + Software.digest();
        facts = started();
    }

    private NodeFacts started() {
        return new NodeFacts(
                JsonNodeFactory.instance.objectNode().put("role", "pop"),
                NOW,
                new OwnMeasurement(folder, AMS, net.verifier, () -> now));
    }

    private void write(Identity node, String said) {
        file.write(host.signAsJwt(host.measurement(node, said, NOW, NOW)));
    }

    private void assertSelf() {
        JsonNode software = facts.get().path("software");
        assertEquals("self", software.path("measuredBy").asText(), software::toString);
        assertEquals(digest, software.path("digest").asText());
        assertFalse(software.has("measurement"));
    }

    private void assertSupervisor() {
        JsonNode software = facts.get().path("software");
        assertEquals("supervisor", software.path("measuredBy").asText(), software::toString);
        assertEquals(digest, software.path("digest").asText());
        assertEquals(file.read().orElseThrow(), software.path("measurement").asText());
    }

    @Test
    void whatItsSupervisorMeasuredIsShown() {
        assertSelf();
        write(AMS, digest);
        assertSupervisor();
        assertEquals("pop", facts.get().path("role").asText());
        assertEquals(NOW.toString(), facts.get().path("startedAt").asText());
        // A text editor ends files with a line's end.
        file.write(file.read().orElseThrow() + "\n");
        assertEquals("supervisor", facts.get().at("/software/measuredBy").asText());
        assertTrue(file.delete());
        assertSelf();
    }

    /** It reads its jars when it has less to do. */
    @Test
    void atFirstItGoesByItsSupervisorAlone() {
        String other = "sha256:" + "0".repeat(64);
        write(AMS, other);
        assertEquals(other, facts.get().at("/software/digest").asText());
        assertEquals("supervisor", facts.get().at("/software/measuredBy").asText());
        now = NOW.plus(OwnMeasurement.RELIED_ON).minusMillis(1);
        assertEquals(other, facts.get().at("/software/digest").asText());
        now = NOW.plus(OwnMeasurement.RELIED_ON);
        assertSelf();
        write(AMS, digest);
        assertSupervisor();
    }

    /** Left of another process, it says nothing of what runs in this one. */
    @Test
    void whatWasMeasuredLongBeforeItIsOfAnotherProcess() {
        String other = "sha256:" + "0".repeat(64);
        Instant before = NOW.minus(OwnMeasurement.LONGEST_TO_START);
        file.write(host.signAsJwt(host.measurement(AMS, other, before, NOW)));
        assertEquals(other, facts.get().at("/software/digest").asText());
        file.write(host.signAsJwt(host.measurement(AMS, other, before.minusSeconds(1), NOW)));
        assertSelf();
    }

    /** Others are to believe the document for as long as it is shown. */
    @Test
    void whatEndsSoonIsNotShown() {
        write(AMS, digest);
        Instant end = NOW.plus(IdentityDocument.LIFE);
        now = end.minus(OwnMeasurement.LEAST_LEFT);
        assertSupervisor();
        now = now.plusSeconds(1);
        assertSelf();
        now = end;
        assertSelf();
        file.write(host.signAsJwt(host.measurement(AMS, digest, NOW, now)));
        assertSupervisor();
    }

    @Test
    void whatIsNotOfItIsNotShown() {
        write(EU_1, digest);
        assertSelf();
        var itself = new DocumentSigner(net.ams, net.random);
        file.write(itself.signAsJwt(itself.measurement(AMS, digest, NOW, NOW)));
        assertSelf();
        TestNetwork other = new TestNetwork();
        var stranger =
                new DocumentSigner(
                        other.node(other.eu, new Identity.Supervisor("net", new NodeName("host"))),
                        other.random);
        file.write(stranger.signAsJwt(stranger.measurement(AMS, digest, NOW, NOW)));
        assertSelf();
    }

    @Test
    void whateverIsThereTheNodeGoesOn() throws IOException {
        for (String text : new String[] {"", "x", "a.b.c", "a".repeat((1 << 20) + 1)}) {
            file.write(text);
            assertSelf();
        }
        Files.write(file.path(), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertSelf();
        write(AMS, digest);
        assertSupervisor();
        Path elsewhere = Files.move(file.path(), folder.resolve("elsewhere"));
        Files.createSymbolicLink(file.path(), elsewhere);
        assertSelf();
        Files.delete(file.path());
        Files.createDirectory(file.path());
        assertSelf();
        Files.delete(file.path());
        write(AMS, digest);
        Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-rw-rw-"));
        assertSelf();
    }
}
