package io.runnel.region.cli.supervisor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.runnel.attestation.NetworkToken;
import io.runnel.exec.task.NodeName;
import io.runnel.topology.Address;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Answers tests on other machines that hurt this network's nodes, where its topology allows it. It
 * shows the nodes ({@code GET /v1/nodes}) and does something to one ({@code POST
 * /v1/nodes/NAME/kill}, {@code freeze}, {@code thaw}, {@code start}, {@code stop}), for those who
 * show the network's token. An answer comes when it is done. Each request has a virtual thread.
 */
final class SupervisorHttp implements AutoCloseable {
    private static final int MOST_AT_ONCE = 32;
    private static final int WAITING_CONNECTIONS = 64;
    private static final String NODES = "/v1/nodes";
    private static final String BEARER = "Bearer ";

    /** Limits of the JDK's server, which hears of them by properties alone. */
    private static final List<List<String>> LIMITS =
            List.of(
                    List.of("jdk.httpserver.maxConnections", "64"),
                    List.of("sun.net.httpserver.maxReqTime", "10"),
                    List.of("sun.net.httpserver.maxReqHeaders", "50"),
                    List.of("sun.net.httpserver.maxReqHeaderSize", "8192"));

    private record Answer(int status, ObjectNode body) {}

    private final Supervisor supervisor;
    private final Supplier<NetworkToken> token;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    private SupervisorHttp(Supervisor supervisor, Supplier<NetworkToken> token, HttpServer server) {
        this.supervisor = supervisor;
        this.token = token;
        this.server = server;
    }

    /**
     * Listens there.
     *
     * @param token reads what callers have to show
     * @throws IOException if it cannot; names the address
     */
    static SupervisorHttp open(Address address, Supervisor supervisor, Supplier<NetworkToken> token)
            throws IOException {
        LIMITS.forEach(limit -> System.setProperty(limit.getFirst(), limit.getLast()));
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(address.host(), address.port()),
                            WAITING_CONNECTIONS);
            SupervisorHttp http = new SupervisorHttp(supervisor, token, server);
            server.setExecutor(http.threads);
            server.createContext("/", http::answer);
            server.start();
            return http;
        } catch (IOException e) {
            throw new IOException("cannot listen at %s: %s".formatted(address, e.getMessage()), e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = places.tryAcquire() ? atPlace(exchange) : tooMany();
            byte[] body = answer.body.toString().getBytes(UTF_8);
            String type = answer.status < 400 ? "application/json" : "application/problem+json";
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(answer.status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer atPlace(HttpExchange exchange) {
        try {
            return known(exchange) ? done(exchange) : problem(401, "unauthorized", "whose token?");
        } catch (SupervisorException e) {
            return problem(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return problem(503, "ending", "the supervisor ends");
        } finally {
            places.release();
        }
    }

    private boolean known(HttpExchange exchange) {
        String shown =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                        .orElse("");
        return shown.startsWith(BEARER) && token.get().matches(shown.substring(BEARER.length()));
    }

    private Answer done(HttpExchange exchange) throws InterruptedException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        List<String> parts = List.of(path.split("/", -1));
        if (method.equals("GET") && path.equals(NODES)) {
            ArrayNode nodes = SupervisorMessages.object().arrayNode();
            await(supervisor.reports()).forEach(r -> nodes.add(SupervisorMessages.encode(r)));
            return new Answer(200, SupervisorMessages.object().set("nodes", nodes));
        }
        boolean does = method.equals("POST") && parts.size() == 5 && path.startsWith(NODES + "/");
        if (does && NodeName.isValid(parts.get(3))) {
            return done(new NodeName(parts.get(3)), parts.get(4));
        }
        return noSuchRequest();
    }

    private Answer done(NodeName node, String what) throws InterruptedException {
        Optional<CompletableFuture<?>> doing =
                switch (what) {
                    case "start" -> Optional.of(supervisor.start(node));
                    case "stop" -> Optional.of(supervisor.stop(node));
                    default -> Hurt.ofLabel(what).map(how -> supervisor.hurt(node, how));
                };
        if (doing.isEmpty()) {
            return noSuchRequest();
        }
        await(doing.get());
        return new Answer(200, SupervisorMessages.object().put("done", true));
    }

    private static <T> T await(CompletableFuture<T> wish) throws InterruptedException {
        try {
            return wish.get();
        } catch (ExecutionException e) {
            throw SupervisorServer.known(e);
        }
    }

    private static Answer problem(SupervisorException e) {
        return switch (e.code()) {
            case NO_SUCH_NODE -> problem(404, "no-such-node", e.getMessage());
            case WRONG_PHASE -> problem(409, "wrong-phase", e.getMessage());
            case NODE_FAILED -> problem(500, "node-failed", e.getMessage());
            case DATA_FOLDER, NO_ANSWER -> problem(500, "failed", e.getMessage());
        };
    }

    private static Answer noSuchRequest() {
        return problem(
                404,
                "no-such-request",
                "there are GET /v1/nodes and POST /v1/nodes/NAME/(kill|freeze|thaw|start|stop)");
    }

    private static Answer tooMany() {
        return problem(503, "busy", "%d requests are under way".formatted(MOST_AT_ONCE));
    }

    private static Answer problem(int status, String code, String detail) {
        return new Answer(
                status,
                SupervisorMessages.object()
                        .put("status", status)
                        .put("code", code)
                        .put("detail", detail));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
