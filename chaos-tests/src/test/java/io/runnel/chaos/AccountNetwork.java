package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.CredentialsFile;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.topology.Topology;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** Two regions and a POP as real processes, and who calls and commands there by which account. */
final class AccountNetwork implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String TOPOLOGY =
            SmallNetwork.ofTwoRegions("accounts")
                    .replace("region: home\n", "region: home\n    failover: [away]\n");

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicReference<Topology> topology = new AtomicReference<>();
    private final Path data;
    private final RealNetwork network;
    private final HttpClient regions;

    /**
     * Starts it in a folder, with the accounts {@code acme}, {@code beta} (away) and {@code gamma}.
     */
    AccountNetwork(Path folder) throws Exception {
        this(folder, TOPOLOGY);
    }

    /** The same with this much memory for each region's node. */
    static AccountNetwork withMemory(Path folder, String memory) throws Exception {
        return new AccountNetwork(folder, TOPOLOGY.replace("memory: 256MiB", "memory: " + memory));
    }

    private AccountNetwork(Path folder, String topologyText) throws Exception {
        data = folder.resolve("data");
        Path file = Files.writeString(folder.resolve("network.yaml"), topologyText);
        network = RealNetwork.start(data, file, topology::set);
        regions = network.newClient();
        network.runnel("accounts", "create", "acme").mustWork();
        network.runnel("accounts", "create", "beta", "--home", "away").mustWork();
        network.runnel("accounts", "create", "gamma").mustWork();
    }

    RealNetwork processes() {
        return network;
    }

    HttpClient regions() {
        return regions;
    }

    static Path sample(String name) {
        return RealNetwork.TOP.resolve("exec-runtime/samples/%1$s/%1$s.wasm".formatted(name));
    }

    RealNetwork.Said as(String account, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--data", data.toString()));
        return RealNetwork.launcher(all, "RUNNEL_ACCOUNT", account);
    }

    String pop() {
        return "http://" + topology.get().pop(new PopId("edge")).orElseThrow().listen();
    }

    String region(String node) {
        return "https://" + topology.get().regionNode(new NodeName(node)).orElseThrow().listen();
    }

    BearerToken key(String account) {
        return new CredentialsFile(data.resolve("credentials"))
                .profile(account)
                .orElseThrow()
                .token();
    }

    HttpResponse<String> call(String account, String task) {
        return call(pop(), account, task);
    }

    HttpResponse<String> call(String node, String account, String task, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(node + "/fn/" + task))
                        .header("Runnel-Key", key(account).text());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(node, request);
    }

    /** By a path of the POP, with a key of the account unless that is empty. */
    HttpResponse<String> at(String path, String account) {
        return send(pop(), request(pop(), path, account));
    }

    HttpRequest.Builder request(String node, String path, String account) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node + path));
        return account.isEmpty() ? request : request.header("Runnel-Key", key(account).text());
    }

    HttpResponse<String> send(String node, HttpRequest.Builder request) {
        try {
            HttpClient client = node.startsWith("https") ? regions : http;
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    JsonNode json(RealNetwork.Said said) {
        said.mustWork();
        try {
            return JSON.readTree(said.out());
        } catch (IOException e) {
            throw new AssertionError(said.toString(), e);
        }
    }

    /** How many calls of a task an account pays for, or that were made of its own tasks. */
    long charged(String account, String task, String... more) {
        List<String> words = new ArrayList<>(List.of("usage", "--json"));
        words.addAll(List.of(more));
        long calls = 0;
        for (JsonNode row : json(as(account, words.toArray(String[]::new))).path("usage")) {
            calls += row.path("task").asText().equals(task) ? row.path("calls").asLong() : 0;
        }
        return calls;
    }

    /** Whether this call is charged, as one that was made by this alias and with this request. */
    boolean isOnTheBill(String account, HttpResponse<String> answer, String by) {
        String id = answer.headers().firstValue("Runnel-Request-Id").orElseThrow();
        String digest = digest(answer.request(), key(account).id().value(), id);
        for (JsonNode one : json(as(account, "usage", "--calls", "--json")).path("calls")) {
            if (one.path("requestId").asText().equals(id)) {
                assertEquals(by, one.path("by").asText(), one::toString);
                assertEquals(digest, one.path("digest").asText(), one::toString);
                return true;
            }
        }
        return false;
    }

    private static String digest(HttpRequest request, String key, String id) {
        String target = request.uri().getRawPath() + "?" + request.uri().getRawQuery();
        String text = String.join("\n", request.method(), target, key, id, "", "");
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    Set<String> chargedIds(String account, String task) {
        Set<String> ids = new HashSet<>();
        for (JsonNode one : json(as(account, "usage", "--calls", "--json")).path("calls")) {
            if (one.path("task").asText().equals(task)) {
                assertTrue(ids.add(one.path("requestId").asText()), "counted twice: " + one);
            }
        }
        return ids;
    }

    @Override
    public void close() {
        http.close();
        regions.close();
        network.close();
    }
}
