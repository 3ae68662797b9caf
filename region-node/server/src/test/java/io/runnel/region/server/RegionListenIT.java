package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.NetworkToken;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.tls.RegionTrust;
import io.runnel.exec.node.NodeArguments;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.BoundPorts;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;
import io.runnel.topology.TopologyWriter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

/** A whole node of a region, as its users come to it. */
final class RegionListenIT {
    private static final String TOPOLOGY =
            """
            network: listening
            regions:
              - name: home
                registry: true
                location: {lat: 53.35, lon: -6.26}
                nodes:
                  - {name: home-1, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 1, memory: 64MiB}
            """;

    @TempDir private Path data;
    private AuthorityFolder authorities;

    /** What {@code up} leaves in the folder. */
    private Topology prepare() throws IOException {
        SecureRandom random = new SecureRandom();
        NetworkToken.readOrCreate(data.resolve("network.token"), random);
        authorities = new AuthorityFolder(data);
        assertEquals(
                List.of(),
                authorities.ensure(
                        "listening", List.of(new RegionId("home")), Instant.now(), random));
        try (BoundPorts ports = new BoundPorts()) {
            Topology topology = TopologyReader.parse(TOPOLOGY).withFreePorts(ports);
            Files.writeString(data.resolve("topology.yaml"), TopologyWriter.write(topology));
            Files.createDirectories(data.resolve("nodes").resolve("home-1"));
            return topology;
        }
    }

    /** What a program knows that has the root's certificate and nothing else of the network. */
    private SSLContext plainTrust() throws Exception {
        KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
        roots.load(null, null);
        roots.setCertificateEntry("root", authorities.root().orElseThrow());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(roots);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private SSLContext commandsTrust() {
        return new RegionTrust(
                        new ChainVerifier(authorities.root().orElseThrow()), InstantSource.system())
                .context();
    }

    private static String ready(SSLContext trust, String node) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder()
                        .sslContext(trust)
                        .connectTimeout(Duration.ofSeconds(20))
                        .build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(node + "/_runnel/ready"))
                            .timeout(Duration.ofSeconds(20))
                            .build();
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.version() + " " + answer.body().strip();
        }
    }

    @Test
    void itIsKnownByTheRootAndByTheHostThatItListensAt() throws Exception {
        int port = prepare().regions().getFirst().nodes().getFirst().listen().port();
        RegionServer server =
                RegionServer.start(
                        NodeArguments.parse(
                                List.of("--data", data.toString(), "--node", "home-1")));
        try (server) {
            String node = "https://127.0.0.1:" + port;
            assertEquals("200 HTTP_2 ready", ready(plainTrust(), node));
            assertEquals("200 HTTP_2 ready", ready(plainTrust(), "https://localhost:" + port));
            assertEquals("200 HTTP_2 ready", ready(commandsTrust(), node));
            assertThrows(SSLException.class, () -> ready(SSLContext.getDefault(), node));
            String told = ready(plainTrust(), "http://127.0.0.1:" + port);
            assertTrue(told.startsWith("400 HTTP_1_1 This port speaks HTTPS"), told);
        }
    }
}
