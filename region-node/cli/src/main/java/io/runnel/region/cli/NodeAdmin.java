package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.NetworkToken;
import io.runnel.attestation.document.Asked;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskName;
import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.topology.Address;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Asks the nodes of a data folder's network, all at once, by their listeners {@code admin}, with
 * the network's token. A node that does not answer is waited for no longer than {@link #LONGEST}.
 */
final class NodeAdmin {
    static final Duration LONGEST = Duration.ofSeconds(2);

    private static final String NO_TASK = "task-not-found";
    private static final String NO_PAGE = "not-found";

    /** What came of asking one node. */
    sealed interface Answer {
        NodeName node();

        /** It knows what was asked for. */
        record Known(NodeName node, JsonNode report) implements Answer {}

        /** It knows nothing of it. */
        record Unknown(NodeName node) implements Answer {}

        /** It said nothing of use. */
        record Silent(NodeName node, String why) implements Answer {}

        /** What programs are told: of each node the part of its report that has this name. */
        static ObjectNode json(List<Answer> answers, String part) {
            ObjectNode all = Json.object();
            ArrayNode nodes = all.putArray("nodes");
            for (Answer answer : answers) {
                ObjectNode node = nodes.addObject().put("node", answer.node().value());
                switch (answer) {
                    case Known known -> node.set(part, known.report().path(part));
                    case Unknown _ -> node.putNull(part);
                    case Silent silent -> node.put("silent", silent.why());
                }
            }
            return all;
        }
    }

    private final HttpClient http = Api.newClient();
    private final Map<NodeName, Address> nodes;
    private final Set<NodeName> pops;
    private final NetworkToken token;

    private NodeAdmin(Map<NodeName, Address> nodes, Set<NodeName> pops, NetworkToken token) {
        this.nodes = nodes;
        this.pops = pops;
        this.token = token;
    }

    /** Those of this folder's network; none if it has none. */
    static Optional<NodeAdmin> of(DataFolder data) {
        if (!Files.exists(data.topology()) || !Files.exists(data.networkToken())) {
            return Optional.empty();
        }
        return Optional.of(of(TopologyReader.read(data.topology()), data));
    }

    /** Those of this topology, with this folder's token. */
    static NodeAdmin of(Topology topology, DataFolder data) {
        Map<NodeName, Address> nodes =
                topology.nodes().stream()
                        .collect(Collectors.toMap(n -> n, n -> admin(topology, n)));
        Set<NodeName> pops =
                topology.pops().stream().map(pop -> pop.node()).collect(Collectors.toSet());
        return new NodeAdmin(nodes, pops, NetworkToken.read(data.networkToken()));
    }

    /**
     * Those of this folder's network.
     *
     * @throws CliException if it has none
     */
    static NodeAdmin mustBe(DataFolder data) {
        return of(data).orElseThrow(
                        () -> CliException.failed("no network lives in this data folder"));
    }

    private static Address admin(Topology topology, NodeName node) {
        return Stream.concat(
                        topology.regionNode(node).stream().map(region -> region.admin()),
                        topology.pops().stream()
                                .filter(pop -> pop.node().equals(node))
                                .map(pop -> pop.admin()))
                .findFirst()
                .orElseThrow();
    }

    /** What each node holds ready for the task, by the nodes' names. */
    List<Answer> pools(AccountId account, TaskName task) {
        return all("/v1/pool/tasks/%s/%s".formatted(account, task), NO_TASK);
    }

    /** What each node noted of a call. */
    List<Answer> calls(RequestId id) {
        return all("/v1/calls/" + id, NO_PAGE);
    }

    /** Who was denied what at each node lately. */
    List<Answer> access() {
        return all("/v1/access", NO_PAGE);
    }

    /** What limits each node keeps. */
    List<Answer> limits() {
        return all("/v1/limits", NO_PAGE);
    }

    /** The calls that run in each node's machines. */
    List<Answer> executions() {
        return all("/v1/executions", NO_PAGE);
    }

    /** Begins to move a call from a node to another; what is known of that. */
    Answer move(NodeName node, RequestId call, NodeName to) {
        HttpRequest.Builder request =
                request(node, pathOf(call, to), LONGEST).POST(HttpRequest.BodyPublishers.noBody());
        return ask(node, request.build(), NO_PAGE, LONGEST).join();
    }

    /** How far the move of a call is. */
    Answer moved(NodeName node, RequestId call, NodeName to) {
        return ask(node, pathOf(call, to), NO_PAGE, LONGEST).join();
    }

    private static String pathOf(RequestId call, NodeName to) {
        return "/v1/executions/%s/to/%s".formatted(call, to);
    }

    /** What each POP would do with a call of the task now. */
    List<Answer> explain(AccountId account, TaskName task) {
        return all(
                "/v1/explain/%s/%s".formatted(account, task), NO_PAGE, node -> pops.contains(node));
    }

    /** Who a node is, signed. */
    Answer identity(NodeName node, Asked asked) {
        String path =
                "/v1/identity?"
                        + Stream.concat(
                                        asked.audience().map(a -> query("audience", a)).stream(),
                                        asked.nonce().map(n -> query("nonce", n)).stream())
                                .collect(Collectors.joining("&"));
        return ask(node, path, NO_PAGE, LONGEST).join();
    }

    private static String query(String name, String value) {
        return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** Whether there is such a node. */
    boolean has(NodeName node) {
        return nodes.containsKey(node);
    }

    /** What a drain of a node is asked for. */
    enum Drain {
        /** To say how it is. */
        GET,
        /** To begin. */
        PUT,
        /** To end. */
        DELETE
    }

    /** Has a node drain, or take calls again, or say whether it does. */
    Answer drain(NodeName node, Drain what) {
        HttpRequest.Builder request =
                request(node, "/v1/drain", LONGEST)
                        .method(what.name(), HttpRequest.BodyPublishers.noBody());
        return ask(node, request.build(), NO_PAGE, LONGEST).join();
    }

    /** Which regions each POP reaches. */
    List<Answer> reach() {
        return all("/v1/drain", NO_PAGE, pops::contains);
    }

    private List<Answer> all(String path, String unknown) {
        return all(path, unknown, node -> true);
    }

    private List<Answer> all(String path, String unknown, Predicate<NodeName> whom) {
        List<CompletableFuture<Answer>> asked =
                nodes.keySet().stream()
                        .filter(whom)
                        .sorted((one, other) -> one.value().compareTo(other.value()))
                        .map(node -> ask(node, path, unknown, LONGEST))
                        .toList();
        return asked.stream().map(CompletableFuture::join).toList();
    }

    /** Has each node watch the task's guests for so long, from now on. */
    List<CompletableFuture<Answer>> profile(AccountId account, TaskName task, Duration length) {
        String path =
                "/v1/profile/tasks/%s/%s?seconds=%d".formatted(account, task, length.toSeconds());
        return nodes.keySet().stream()
                .map(node -> ask(node, path, NO_TASK, length.plus(LONGEST)))
                .toList();
    }

    /** What a node answers; that it knows nothing of it is said by the code {@code unknown}. */
    private CompletableFuture<Answer> ask(
            NodeName node, String path, String unknown, Duration longest) {
        return ask(node, request(node, path, longest).build(), unknown, longest);
    }

    private HttpRequest.Builder request(NodeName node, String path, Duration longest) {
        return HttpRequest.newBuilder(Urls.ofAdmin(nodes.get(node)).resolve(path))
                .timeout(longest)
                .header("Authorization", "Bearer " + token.text());
    }

    private CompletableFuture<Answer> ask(
            NodeName node, HttpRequest request, String unknown, Duration longest) {
        return http.sendAsync(request, BodyHandlers.ofString())
                .orTimeout(longest.toMillis(), TimeUnit.MILLISECONDS)
                .handle(
                        (response, failure) ->
                                failure == null
                                        ? answer(node, response, unknown)
                                        : new Answer.Silent(node, why(failure)));
    }

    private static Answer answer(NodeName node, HttpResponse<String> response, String unknown) {
        JsonNode body = Json.read(response.body());
        boolean isUnknown = body.path("code").asText().equals(unknown);
        return switch (response.statusCode()) {
            case 200 ->
                    body.isObject()
                            ? new Answer.Known(node, body)
                            : new Answer.Silent(node, "what it says is no JSON");
            case 404 ->
                    isUnknown
                            ? new Answer.Unknown(node)
                            : new Answer.Silent(node, "it does not tell (404)");
            default ->
                    new Answer.Silent(
                            node, "it does not tell (%d)".formatted(response.statusCode()));
        };
    }

    private static String why(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof java.net.ConnectException
                ? "nothing answers there"
                : "no answer within %d s".formatted(LONGEST.toSeconds());
    }
}
