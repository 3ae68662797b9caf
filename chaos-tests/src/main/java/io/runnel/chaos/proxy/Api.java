package io.runnel.chaos.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Toxiproxy's HTTP API: reads a request, asks the {@link Links}, writes the answer. Of its own it
 * has only {@code GET /acts}: what each link's toxics did.
 */
final class Api implements HttpHandler {
    private static final System.Logger LOG = System.getLogger(Api.class.getName());
    private static final int MOST_BODY = 1 << 20;

    /** Of the API that this speaks, and who speaks it. */
    static final String VERSION = "2.9.0+runnel";

    private static final Set<String> PATHS =
            Set.of(
                    "/version",
                    "/reset",
                    "/populate",
                    "/acts",
                    "/proxies",
                    "/proxies/*",
                    "/proxies/*/toxics",
                    "/proxies/*/toxics/*");

    private record Answer(int status, Optional<JsonNode> body) {
        static Answer of(int status, JsonNode body) {
            return new Answer(status, Optional.of(body));
        }

        static final Answer NO_CONTENT = new Answer(204, Optional.empty());
    }

    private final Links links;

    Api(Links links) {
        this.links = links;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            send(exchange, answer(exchange));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "in " + exchange.getRequestMethod(), e);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        try {
            refuseBrowsers(exchange);
            byte[] body = exchange.getRequestBody().readNBytes(MOST_BODY + 1);
            if (body.length > MOST_BODY) {
                throw new ApiException(
                        ApiException.Code.TOO_LARGE,
                        "body is longer than %d bytes".formatted(MOST_BODY));
            }
            // The path is decoded already; names with a slash do not exist here.
            List<String> path =
                    Arrays.stream(exchange.getRequestURI().getPath().split("/"))
                            .filter(part -> !part.isEmpty())
                            .toList();
            return route(exchange.getRequestMethod(), path, body);
        } catch (ApiException e) {
            return Answer.of(e.code().status(), Json.error(e));
        }
    }

    /** A page in a browser could reach a loopback address; none has any business here. */
    private static void refuseBrowsers(HttpExchange exchange) throws ApiException {
        String agent = exchange.getRequestHeaders().getFirst("User-Agent");
        if (agent != null && agent.startsWith("Mozilla/")) {
            throw new ApiException(ApiException.Code.FORBIDDEN, "User agent not allowed");
        }
    }

    private Answer route(String method, List<String> path, byte[] body) throws ApiException {
        String name = path.size() > 1 ? path.get(1) : "";
        String toxic = path.size() > 3 ? path.get(3) : "";
        return switch (method + " " + shape(path)) {
            case "GET /version" -> Answer.of(200, Json.version(VERSION));
            case "POST /reset" -> reset();
            case "POST /populate" -> populate(Json.parse(body));
            case "GET /acts" -> Answer.of(200, Json.writeActs(links.all()));
            case "GET /proxies" -> Answer.of(200, Json.writeAll(links.all()));
            case "POST /proxies" -> created(links.create(Json.readLink(Json.parse(body))));
            case "GET /proxies/*" -> Answer.of(200, Json.write(links.get(name)));
            case "POST /proxies/*", "PATCH /proxies/*" -> change(name, Json.parse(body));
            case "DELETE /proxies/*" -> delete(name);
            case "GET /proxies/*/toxics" ->
                    Answer.of(200, Json.writeToxics(links.get(name).toxics()));
            case "POST /proxies/*/toxics" -> addToxic(name, Json.readToxic(Json.parse(body)));
            case "GET /proxies/*/toxics/*" -> Answer.of(200, Json.write(links.toxic(name, toxic)));
            case "POST /proxies/*/toxics/*", "PATCH /proxies/*/toxics/*" ->
                    changeToxic(name, toxic, Json.parse(body));
            case "DELETE /proxies/*/toxics/*" -> deleteToxic(name, toxic);
            default -> throw noSuchCall(method, path);
        };
    }

    /** The path with a star for each name that a client chose. */
    private static String shape(List<String> path) {
        StringBuilder shape = new StringBuilder();
        for (int i = 0; i < path.size(); i++) {
            shape.append('/').append(i % 2 == 0 ? path.get(i) : "*");
        }
        return shape.toString();
    }

    private static ApiException noSuchCall(String method, List<String> path) {
        return PATHS.contains(shape(path))
                ? new ApiException(
                        ApiException.Code.METHOD_NOT_ALLOWED, "no %s here".formatted(method))
                : new ApiException(ApiException.Code.NOT_FOUND, "no such path");
    }

    private static Answer created(Link link) {
        return Answer.of(201, Json.write(link));
    }

    private Answer reset() throws ApiException {
        links.reset();
        return Answer.NO_CONTENT;
    }

    private Answer populate(JsonNode body) throws ApiException {
        JsonNode wanted = body.isArray() ? body : body.path("proxies");
        if (!wanted.isArray()) {
            throw Json.bad("bad request body: not a list of proxies");
        }
        List<LinkSettings> settings = new ArrayList<>();
        for (JsonNode one : wanted) {
            settings.add(Json.readLink(one));
        }
        return Answer.of(201, Json.writePopulated(links.populate(settings)));
    }

    private Answer change(String name, JsonNode body) throws ApiException {
        LinkSettings next = Json.readChange(links.get(name).settings(), body);
        return Answer.of(200, Json.write(links.change(next)));
    }

    private Answer delete(String name) throws ApiException {
        links.delete(name);
        return Answer.NO_CONTENT;
    }

    private Answer addToxic(String name, Toxic toxic) throws ApiException {
        links.addToxic(name, toxic);
        return Answer.of(200, Json.write(toxic));
    }

    private Answer changeToxic(String name, String toxic, JsonNode body) throws ApiException {
        Toxic next = Json.readChange(links.toxic(name, toxic), body);
        links.changeToxic(name, next);
        return Answer.of(200, Json.write(next));
    }

    private Answer deleteToxic(String name, String toxic) throws ApiException {
        links.deleteToxic(name, toxic);
        return Answer.NO_CONTENT;
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        if (answer.body().isEmpty()) {
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        byte[] bytes = Json.bytes(answer.body().get());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(answer.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
