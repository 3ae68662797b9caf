package io.runnel.region.cli.supervisor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.runnel.attestation.BearerToken;
import io.runnel.topology.TopologyReader;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that looks to the supervisor like a node: it answers that it is ready, makes accounts,
 * and ends with its standard input. Files in its folder change it: {@code fail} keeps it from
 * starting, {@code hopeless} for good, {@code silent} from saying that it is ready, {@code
 * stubborn} from ending when asked.
 */
final class FakeNode {
    private FakeNode() {}

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
        int ready = Files.exists(folder.resolve("silent")) ? 503 : 200;
        HttpServer server =
                HttpServer.create(
                        new InetSocketAddress(node.listen().host(), node.listen().port()), 0);
        server.createContext("/_runnel/ready", exchange -> answer(exchange, ready, ""));
        server.createContext("/v1/accounts", exchange -> answer(exchange, 201, account()));
        server.createContext("/v1/nodes", exchange -> answer(exchange, 200, "{\"nodes\":[]}"));
        server.start();
        System.out.println("runs");
        while (System.in.read() >= 0) {
            // Nothing is ever said here.
        }
        System.exit(0);
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
