package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.CredentialsFile;
import io.runnel.attestation.NetworkToken;
import io.runnel.attestation.Profile;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.KeyPairs;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.DocumentSigner;
import io.runnel.attestation.document.Event;
import io.runnel.attestation.document.Kind;
import io.runnel.attestation.join.JoinProof;
import io.runnel.attestation.join.JoinRequest;
import io.runnel.attestation.tls.RegionTrust;
import io.runnel.exec.node.NodeArguments;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;
import io.runnel.topology.BoundPorts;
import io.runnel.topology.RegionNode;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;
import io.runnel.topology.TopologyWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** A whole node of a region is asked of what a POP signed that it has certified, and revoked. */
final class RegionVerifierIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TOPOLOGY =
            """
            network: asking
            regions:
              - name: home
                registry: true
                location: {lat: 53.35, lon: -6.26}
                nodes:
                  - {name: home-1, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 1, memory: 64MiB}
            pops:
              - {name: edge, location: {lat: 1, lon: 1}, listen: 127.0.0.1:0, admin: 127.0.0.1:0, region: home, slots: 1, memory: 64MiB}
            """;

    @TempDir private Path data;
    private final SecureRandom random = new SecureRandom();
    private final BearerToken admin = BearerToken.generate(random);
    private AuthorityFolder authorities;

    /** What {@code up} leaves in the folder. */
    private RegionNode prepare() throws IOException {
        NetworkToken.readOrCreate(data.resolve("network.token"), random);
        authorities = new AuthorityFolder(data);
        assertEquals(
                List.of(),
                authorities.ensure("asking", List.of(new RegionId("home")), Instant.now(), random));
        new CredentialsFile(data.resolve("credentials"))
                .put(new Profile("admin", admin, Optional.empty()));
        try (BoundPorts ports = new BoundPorts()) {
            Topology topology = TopologyReader.parse(TOPOLOGY).withFreePorts(ports);
            Files.writeString(data.resolve("topology.yaml"), TopologyWriter.write(topology));
            Files.createDirectories(data.resolve("nodes").resolve("home-1"));
            return topology.regions().getFirst().nodes().getFirst();
        }
    }

    /** Who has the root's certificate, and an administrator's key. */
    private final class Asker implements AutoCloseable {
        private final RegionNode node;
        private final HttpClient client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(PATIENCE)
                        .sslContext(
                                new RegionTrust(
                                                new ChainVerifier(authorities.root().orElseThrow()),
                                                InstantSource.system())
                                        .context())
                        .build();

        Asker(RegionNode node) {
            this.node = node;
        }

        private String ask(Address at, String method, String path, BodyPublisher body)
                throws IOException, InterruptedException {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("https://" + at + path))
                            .timeout(PATIENCE)
                            .header("Authorization", "Bearer " + admin.text())
                            .method(method, body)
                            .build();
            var answer = client.send(request, BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), () -> path + " " + answer.body());
            return answer.body();
        }

        JsonNode control(String method, String path, String json) throws Exception {
            return JSON.readTree(ask(node.listen(), method, path, BodyPublishers.ofString(json)));
        }

        /** Joins as that POP does. */
        CertifiedKey join() throws Exception {
            String path = "/v1/certificates/edge";
            String token =
                    control("POST", "/v1/regions/home/tokens", "{\"node\":\"edge\"}")
                            .path("token")
                            .asText();
            String nonce = ask(node.internal(), "GET", path, BodyPublishers.noBody());
            KeyPair pair = KeyPairs.generate(random);
            byte[] request =
                    JoinRequest.of(
                            pair,
                            nonce,
                            JSON.createObjectNode().put("role", "pop"),
                            new JoinProof.Token(token));
            String chain = ask(node.internal(), "POST", path, BodyPublishers.ofByteArray(request));
            return new CertifiedKey(pair.getPrivate(), Pem.certificates(chain));
        }

        /** What the verifier says of this document. */
        JsonNode verify(ObjectNode question) throws Exception {
            return control("POST", "/v1/attest/verify", question.toString());
        }

        @Override
        public void close() {
            client.close();
        }
    }

    @Test
    void whatARevokedPopSignedIsNotTrustedFromThenOn() throws Exception {
        RegionNode node = prepare();
        RegionServer server =
                RegionServer.start(
                        NodeArguments.parse(
                                List.of("--data", data.toString(), "--node", "home-1")));
        try (server;
                Asker asker = new Asker(node)) {
            DocumentSigner signer = new DocumentSigner(asker.join(), random);
            DocumentSigner.Draft draft =
                    signer.draft(
                            Kind.NODE,
                            Event.REQUEST,
                            JSON.createObjectNode().put("zone", "a").put("slots", 1),
                            Set.of("zone"),
                            Asked.NOTHING,
                            Instant.now());
            ObjectNode question = JSON.createObjectNode().put("jwt", signer.signAsJwt(draft));
            question.putArray("disclosures").add(draft.disclosures().getFirst().text());
            JsonNode trusted = asker.verify(question);
            assertTrue(trusted.path("trusted").asBoolean(), trusted::toString);
            assertEquals("runnel://asking/pop/edge", trusted.path("signer").asText());
            assertEquals("a", trusted.at("/facts/zone").asText());
            asker.control("PUT", "/v1/regions/home/revocations/edge", "{\"why\":\"stolen\"}");
            assertEquals(List.of("revoked"), doubts(asker, question));
        }
    }

    /** Why it is not trusted, once it is not. */
    private static List<String> doubts(Asker asker, ObjectNode question) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonNode told = asker.verify(question);
        while (told.path("trusted").asBoolean() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            told = asker.verify(question);
        }
        return told.findValuesAsText("code");
    }
}
