package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.CredentialsFile;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.topology.Topology;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Accounts that call each other's tasks, against real processes: {@code acme} owns them, {@code
 * beta} is at home in another region and calls them, {@code gamma} is a stranger.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AccountScenariosIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String TOPOLOGY =
            SmallNetwork.ofTwoRegions("accounts")
                    .replace("region: home\n", "region: home\n    failover: [away]\n");

    /**
     * Answers how often it was called, as far as its memory tells:
     *
     * <pre>{@code
     * (import "wasi_snapshot_preview1" "fd_write" (func $w (param i32 i32 i32 i32) (result i32)))
     * (memory (export "memory") 1)
     * (data (i32.const 8) "Status: 200\n\n0")
     * (func (export "_start")
     *   (i32.store8 (i32.const 21) (i32.add (i32.load8_u (i32.const 21)) (i32.const 1)))
     *   (i32.store (i32.const 0) (i32.const 8))
     *   (i32.store (i32.const 4) (i32.const 14))
     *   (drop (call $w (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 40))))
     * }</pre>
     */
    private static final String COUNTER =
            "0061736d01000000010c0260047f7f7f7f017f60000002230116776173695f736e617073686f745f"
                + "70726576696577310866645f77726974650000030201010503010001071302066d656d6f72790200"
                + "065f737461727400010a2a012800411541152d000041016a3a0000410041083602004104410e3602"
                + "00410141004101412810001a0b0b14010041080b0e5374617475733a203230300a0a30";

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicReference<Topology> topology = new AtomicReference<>();
    private Path data;
    private RealNetwork network;
    private HttpClient regions;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        data = folder.resolve("data");
        Path file = Files.writeString(folder.resolve("network.yaml"), TOPOLOGY);
        network = RealNetwork.start(data, file, topology::set);
        regions = network.newClient();
        network.runnel("accounts", "create", "acme").mustWork();
        network.runnel("accounts", "create", "beta", "--home", "away").mustWork();
        network.runnel("accounts", "create", "gamma").mustWork();
        Path counter = folder.resolve("counter.wasm");
        Files.write(counter, HexFormat.of().parseHex(COUNTER));
        deploy("echo", sample("echo"), "--env", "PASSWORD=open sesame");
        deploy("fast", sample("echo"));
        deploy("revoked", sample("echo"));
        deploy("killed", sample("echo"));
        deploy("pinned", sample("whoami"));
        deploy("counter", counter, "--reuse");
        deploy("counted", counter, "--reuse");
    }

    private static Path sample(String name) {
        return RealNetwork.TOP.resolve("exec-runtime/samples/%1$s/%1$s.wasm".formatted(name));
    }

    @AfterAll
    void stop() {
        http.close();
        if (network != null) {
            regions.close();
            network.close();
        }
    }

    private void deploy(String name, Path code, String... more) {
        List<String> words = new ArrayList<>(List.of("deploy", name, code.toString()));
        words.addAll(List.of(more));
        as("acme", words.toArray(String[]::new)).mustWork();
    }

    private RealNetwork.Said as(String account, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--data", data.toString()));
        return RealNetwork.launcher(all, "RUNNEL_ACCOUNT", account);
    }

    private String pop() {
        return "http://" + topology.get().pop(new PopId("edge")).orElseThrow().listen();
    }

    private String region(String node) {
        return "https://" + topology.get().regionNode(new NodeName(node)).orElseThrow().listen();
    }

    private BearerToken key(String account) {
        return new CredentialsFile(data.resolve("credentials"))
                .profile(account)
                .orElseThrow()
                .token();
    }

    private HttpResponse<String> call(String account, String task) {
        return call(pop(), account, task);
    }

    private HttpResponse<String> call(String node, String account, String task, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(node + "/fn/" + task))
                        .header("Runnel-Key", key(account).text());
        if (headers.length > 0) {
            request.headers(headers);
        }
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

    private JsonNode json(RealNetwork.Said said) {
        said.mustWork();
        try {
            return JSON.readTree(said.out());
        } catch (IOException e) {
            throw new AssertionError(said.toString(), e);
        }
    }

    /** How many calls of a task an account pays for, or that were made of its own tasks. */
    private long charged(String account, String task, String... more) {
        List<String> words = new ArrayList<>(List.of("usage", "--json"));
        words.addAll(List.of(more));
        long calls = 0;
        for (JsonNode row : json(as(account, words.toArray(String[]::new))).path("usage")) {
            calls += row.path("task").asText().equals(task) ? row.path("calls").asLong() : 0;
        }
        return calls;
    }

    private Set<String> chargedIds(String account, String task) {
        Set<String> ids = new HashSet<>();
        for (JsonNode one : json(as(account, "usage", "--calls", "--json")).path("calls")) {
            if (one.path("task").asText().equals(task)) {
                assertTrue(ids.add(one.path("requestId").asText()), "counted twice: " + one);
            }
        }
        return ids;
    }

    @Test
    void b1WhoHoldsNoGrantLearnsNothingAndPaysNothing() {
        for (String node : List.of(pop(), region("home-1"), region("away-1"))) {
            HttpResponse<String> there = call(node, "gamma", "acme/echo");
            HttpResponse<String> notThere = call(node, "gamma", "acme/nothing");
            HttpResponse<String> nobody = call(node, "gamma", "nobody/echo");
            assertEquals(404, there.statusCode(), there::body);
            assertEquals(withoutId(there), withoutId(notThere));
            assertEquals(withoutId(there), withoutId(nobody));
        }
        assertEquals(0, charged("gamma", "acme/echo"));
    }

    private static String withoutId(HttpResponse<String> answer) {
        return answer.body().replaceAll("[0-9a-z]{26}", "ID");
    }

    @Test
    void b2WhoCallsPaysAndNobodyElse() {
        as("acme", "grants", "create", "fast", "--to", "beta").mustWork();
        network.await("the grant is there", () -> call("beta", "acme/fast").statusCode() == 200);
        long before = charged("acme", "acme/fast");
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            HttpResponse<String> answer = call("beta", "acme/fast");
            assertEquals(200, answer.statusCode(), answer::body);
            ids.add(answer.headers().firstValue("Runnel-Request-Id").orElseThrow());
        }
        HttpResponse<String> direct = call(region("away-1"), "beta", "acme/fast");
        assertEquals(200, direct.statusCode(), direct::body);
        ids.add(direct.headers().firstValue("Runnel-Request-Id").orElseThrow());
        network.await(
                "all of them are on the bill",
                () -> chargedIds("beta", "acme/fast").containsAll(ids));
        assertEquals(before, charged("acme", "acme/fast"), "its owner pays nothing");
        long own = 0;
        long others = 0;
        for (JsonNode row : json(as("acme", "usage", "--owned", "--json")).path("usage")) {
            if (row.path("task").asText().equals("acme/fast")) {
                assertFalse(row.has("payer"), "who calls is not told");
                own += row.path("own").asBoolean() ? row.path("calls").asLong() : 0;
                others += row.path("own").asBoolean() ? 0 : row.path("calls").asLong();
            }
        }
        assertEquals(before, own);
        assertTrue(others == chargedIds("beta", "acme/fast").size(), others + " of others");
    }

    /** What was answered is charged, once, though the node that ran it is killed meanwhile. */
    @Test
    void b2AKillLosesNoCharge() {
        as("acme", "grants", "create", "killed", "--to", "gamma").mustWork();
        network.await("granted", () -> call("gamma", "acme/killed").statusCode() == 200);
        network.await(
                "it runs at the POP",
                () -> RealNetwork.ranAt(call("gamma", "acme/killed")).equals("pop/edge"));
        Set<String> answered = new HashSet<>();
        ProcessHandle edge = network.process("edge");
        for (int i = 0; i < 200; i++) {
            if (i == 100) {
                assertTrue(edge.destroyForcibly());
            }
            answer("gamma", "acme/killed")
                    .ifPresent(
                            answer ->
                                    answered.add(
                                            answer.headers()
                                                    .firstValue("Runnel-Request-Id")
                                                    .orElseThrow()));
        }
        assertTrue(answered.size() >= 100, answered.size() + " were answered");
        network.await("the POP is there again", () -> answer("gamma", "acme/killed").isPresent());
        network.await(
                "all of them are on the bill",
                () -> chargedIds("gamma", "acme/killed").containsAll(answered));
    }

    /** An answer, if one comes and it is good. */
    private Optional<HttpResponse<String>> answer(String account, String task) {
        try {
            return Optional.of(call(account, task)).filter(answer -> answer.statusCode() == 200);
        } catch (AssertionError e) {
            return Optional.empty();
        }
    }

    @Test
    void b3WhoMayCallReadsNeitherCodeNorVariables() throws Exception {
        as("acme", "grants", "create", "echo", "--to", "beta").mustWork();
        network.await("the grant is there", () -> call("beta", "acme/echo").statusCode() == 200);
        assertFalse(call("beta", "acme/echo").body().contains("sesame"));
        for (String words :
                List.of("tasks show echo", "logs echo", "grants list echo", "tasks list")) {
            RealNetwork.Said said = as("beta", words.split(" ", -1));
            assertFalse((said.out() + said.err()).contains("sesame"), words);
        }
        for (String node : List.of("home-1", "away-1")) {
            for (String path :
                    List.of(
                            "/v1/tasks/echo?account=acme",
                            "/v1/tasks/echo/versions?account=acme",
                            "/v1/tasks/echo/versions/1?account=acme",
                            "/v1/tasks/echo/logs?account=acme",
                            "/v1/usage?account=acme",
                            "/v1/regions/home/usage?account=acme",
                            "/v1/regions/away/usage?account=acme",
                            "/v1/usage/calls?account=acme")) {
                HttpRequest request =
                        HttpRequest.newBuilder(URI.create(region(node) + path))
                                .header("Authorization", "Bearer " + key("beta").text())
                                .build();
                HttpResponse<String> answer =
                        regions.send(request, HttpResponse.BodyHandlers.ofString());
                assertEquals(404, answer.statusCode(), path + answer.body());
            }
        }
    }

    /** What a call leaves in memory is its caller's; with the owner's placement, nobody's. */
    @Test
    void b4NoCallersStateIsSeenByAnother() {
        for (String account : List.of("beta", "gamma")) {
            as("acme", "grants", "create", "counter", "--to", account).mustWork();
            as("acme", "grants", "create", "counted", "--to", account, "--placement", "owner")
                    .mustWork();
        }
        network.await("granted", () -> call("gamma", "acme/counted").statusCode() == 200);
        String node = region("home-1");
        assertEquals("1", call(node, "beta", "acme/counter").body());
        assertEquals("2", call(node, "beta", "acme/counter").body(), "it keeps its memory");
        assertEquals("1", call(node, "gamma", "acme/counter").body());
        assertEquals("1", call(node, "acme", "acme/counter").body());
        assertEquals("1", call(node, "beta", "acme/counted").body());
        assertEquals("1", call(node, "beta", "acme/counted").body(), "nothing is kept there");
        assertEquals("1", call(node, "acme", "acme/counted").body());
        assertEquals("2", call(node, "acme", "acme/counted").body(), "but what is the owner's");
        assertEquals("1", call(node, "gamma", "acme/counted").body());
    }

    @Test
    void b5WhatIsTakenBackIsRefusedEverywhere() {
        as("acme", "grants", "create", "revoked", "--to", "beta").mustWork();
        List<String> nodes = List.of(pop(), region("home-1"), region("away-1"));
        for (String node : nodes) {
            network.await("granted", () -> call(node, "beta", "acme/revoked").statusCode() == 200);
        }
        as("acme", "grants", "revoke", "revoked", "--to", "beta").mustWork();
        long began = System.nanoTime();
        for (String node : nodes) {
            network.await("refused", () -> call(node, "beta", "acme/revoked").statusCode() == 403);
            String why = call(node, "beta", "acme/revoked").body();
            assertTrue(why.contains("withdrawn"), why);
        }
        System.out.printf("refused everywhere %,d ms later%n", millisSince(began));
        assertEquals(200, call("acme", "acme/revoked").statusCode());
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    @Test
    void b6WhoPinsAVersionKeepsIt() {
        as("acme", "grants", "create", "pinned@1", "--to", "beta").mustWork();
        network.await("granted", () -> call("beta", "acme/pinned@1").statusCode() == 200);
        deploy("pinned", sample("echo"));
        HttpResponse<String> old = call("beta", "acme/pinned@1");
        assertEquals(200, old.statusCode(), old::body);
        assertEquals("1", old.headers().firstValue("Runnel-Task-Version").orElse(""));
        HttpResponse<String> live = call("acme", "acme/pinned");
        assertEquals("2", live.headers().firstValue("Runnel-Task-Version").orElse(""));
        assertNotEquals(live.body(), old.body());
        assertEquals(403, call("beta", "acme/pinned").statusCode());
        assertEquals(403, call("beta", "acme/pinned@2").statusCode());
    }

    @Test
    void b7NobodySaysWhoHeIsByAHeader() {
        as("acme", "grants", "create", "echo", "--to", "beta", "--id", "b7").mustWork();
        for (String header :
                List.of(
                        "Runnel-Account",
                        "Runnel-Caller-Account",
                        "X-Amz-Account-Id",
                        "Remote-User")) {
            assertEquals(404, call(pop(), "gamma", "acme/echo", header, "beta").statusCode());
        }
        network.await("granted", () -> call("beta", "acme/echo").statusCode() == 200);
        assertEquals(0, charged("gamma", "acme/echo"));
    }
}
