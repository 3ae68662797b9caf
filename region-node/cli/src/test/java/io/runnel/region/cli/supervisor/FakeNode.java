package io.runnel.region.cli.supervisor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.tls.UserContexts;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;
import io.runnel.topology.NodeStatus.Role;
import io.runnel.topology.TopologyReader;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that looks to the supervisor like a node: it answers that it is ready, makes accounts,
 * lets another process take over, and ends with its standard input. Files in its folder change it:
 * {@code fail} keeps it from starting, {@code hopeless} for good, {@code silent} from saying that
 * it is ready, {@code stubborn} from ending when asked.
 */
final class FakeNode {
    private final DataFolder data;
    private final LocalNode node;
    private final int ready;
    private Optional<HttpServer> listen = Optional.empty();
    private Optional<HttpServer> admin = Optional.empty();

    private FakeNode(DataFolder data, LocalNode node, int ready) {
        this.data = data;
        this.node = node;
        this.ready = ready;
    }

    /** The body of the process. */
    public static void main(String[] arguments) throws IOException {
        DataFolder data = new DataFolder(Path.of(arguments[1]));
        LocalNode node =
                LocalNode.of(TopologyReader.read(data.topology()), address -> true).stream()
                        .filter(n -> n.name().value().equals(arguments[3]))
                        .findFirst()
                        .orElseThrow();
        Path folder = data.node(node.name());
        if (Files.exists(folder.resolve("fail"))) {
            System.out.println("SEVERE cannot start: told to fail");
            System.exit(1);
        }
        if (Files.exists(folder.resolve("hopeless"))) {
            System.out.println("SEVERE cannot start: the store is of a newer version");
            System.exit(3);
        }
        if (Files.exists(folder.resolve("stubborn"))) {
            Runtime.getRuntime().addShutdownHook(new Thread(FakeNode::neverEnd));
        }
        FakeNode fake =
                new FakeNode(data, node, Files.exists(folder.resolve("silent")) ? 503 : 200);
        fake.openWhenFree();
        System.out.println("runs");
        for (int said = System.in.read(); said >= 0; said = System.in.read()) {
            switch (said) {
                case RunningNode.LET_GO -> fake.close();
                case RunningNode.TAKE_BACK -> fake.openWhenFree();
                default -> throw new IOException("nothing else is said here: " + said);
            }
        }
        System.exit(0);
    }

    private void openWhenFree() {
        while (listen.isEmpty()) {
            try {
                HttpServer users = users(node.listen());
                users.createContext("/_runnel/ready", exchange -> answer(exchange, ready, ""));
                users.createContext("/v1/accounts", exchange -> answer(exchange, 201, account()));
                users.createContext(
                        "/v1/nodes", exchange -> answer(exchange, 200, "{\"nodes\":[]}"));
                users.createContext("/word", exchange -> answer(exchange, 200, word()));
                listen = Optional.of(users);
                HttpServer operators = server(node.admin());
                String pid = "{\"pid\":%d}".formatted(ProcessHandle.current().pid());
                operators.createContext("/v1/drain", exchange -> answer(exchange, 200, pid));
                admin = Optional.of(operators);
                users.start();
                operators.start();
            } catch (IOException taken) {
                close();
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    /** A region's speaks TLS, with what its authority certifies if that is there. */
    private HttpServer users(Address at) throws IOException {
        if (node.role() == Role.POP) {
            return server(at);
        }
        SecureRandom random = new SecureRandom();
        RegionId region = new RegionId("eu-west");
        var who = new Identity.RegionNode("test", region, node.name());
        NodeIdentity identity = new NodeIdentity(random);
        new AuthorityFolder(data.root())
                .authority(region, random)
                .map(us -> us.create(who, Instant.now(), CertificateAuthority.NODE_LIFE))
                .ifPresent(identity::become);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(at.host(), at.port()), 0);
        UserContexts contexts = UserContexts.of(identity, who, Instant.now(), random);
        server.setHttpsConfigurator(new HttpsConfigurator(contexts.create()));
        return server;
    }

    private static HttpServer server(Address at) throws IOException {
        return HttpServer.create(new InetSocketAddress(at.host(), at.port()), 0);
    }

    private void close() {
        listen.ifPresent(server -> server.stop(0));
        admin.ifPresent(server -> server.stop(0));
        listen = Optional.empty();
        admin = Optional.empty();
    }

    private static String word() {
        return System.getenv().getOrDefault("FAKE_WORD", "none");
    }

    private static void neverEnd() {
        System.out.println("will not end");
        while (true) {
            LockSupport.park();
        }
    }

    private static String account() {
        BearerToken key = BearerToken.generate(new SecureRandom());
        return "{\"account\":\"demo\",\"id\":\"%s\",\"secret\":\"%s\"}"
                .formatted(key.id(), key.secret());
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
