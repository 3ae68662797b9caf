package io.runnel.chaos.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.runnel.topology.Address;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;

/** What is made of the answers of a supervisor that listens. */
final class FarMachineTest {
    private HttpServer supervisor;
    private FarMachine machine;
    private volatile String answer;

    @BeforeEach
    void listen() throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        supervisor = HttpServer.create(new InetSocketAddress(here, 0), 0);
        supervisor.createContext("/v1/nodes", this::answer);
        supervisor.start();
        int port = supervisor.getAddress().getPort();
        machine = new FarMachine(new Address(here.getHostAddress(), port), "token");
    }

    @AfterEach
    void end() {
        machine.close();
        supervisor.stop(0);
    }

    @Test
    void aNodeIsCalledAsItsSupervisorSaysThatItSpeaks() {
        answer = nodes("\"secured\":true,");
        assertEquals(List.of(URI.create("https://127.0.0.1:9081")), urls());
        answer = nodes("\"secured\":false,");
        assertEquals(List.of(URI.create("http://127.0.0.1:9081")), urls());
    }

    @Test
    void whoDoesNotSayIsNotTakenToSpeakClearText() {
        for (String unclear : List.of("", "\"secured\":null,", "\"secured\":\"false\",")) {
            answer = nodes(unclear);
            NetworkException broken = assertThrows(NetworkException.class, machine::nodes, unclear);
            assertTrue(
                    broken.getMessage().endsWith("does not say whether a node speaks TLS"),
                    broken.getMessage());
        }
    }

    private List<URI> urls() {
        return machine.nodes().stream().map(Machine.Node::url).toList();
    }

    private static String nodes(String secured) {
        return """
        {"nodes":[{"node":"ams","role":"pop","listen":"127.0.0.1:9081",%s"phase":"ready"}]}
        """
                .formatted(secured);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] bytes = answer.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
