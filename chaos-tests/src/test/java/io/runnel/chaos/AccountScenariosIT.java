package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Accounts that call each other's tasks, against real processes: {@code acme} owns them, {@code
 * beta} is at home in another region and calls them, {@code gamma} is a stranger.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AccountScenariosIT {
    private AccountNetwork accounts;
    private Path spin;
    private Path failing;
    private RealNetwork network;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        accounts = new AccountNetwork(folder);
        network = accounts.processes();
        spin = folder.resolve("spin.wasm");
        Files.write(spin, TinyGuests.spinning());
        failing = folder.resolve("failing.wasm");
        Files.write(failing, TinyGuests.failing());
        Path counter = folder.resolve("counter.wasm");
        Files.write(counter, TinyGuests.counting());
        deploy("echo", AccountNetwork.sample("echo"), "--env", "PASSWORD=open sesame");
        deploy("fast", AccountNetwork.sample("echo"));
        deploy("revoked", AccountNetwork.sample("echo"));
        deploy("killed", AccountNetwork.sample("echo"));
        deploy("pinned", AccountNetwork.sample("whoami"));
        deploy("counter", counter, "--reuse");
        deploy("counted", counter, "--reuse");
    }

    @AfterAll
    void stop() {
        if (accounts != null) {
            accounts.close();
        }
    }

    private void deploy(String name, Path code, String... more) {
        List<String> words = new ArrayList<>(List.of("deploy", name, code.toString()));
        words.addAll(List.of(more));
        accounts.as("acme", words.toArray(String[]::new)).mustWork();
    }

    @Test
    void b1WhoHoldsNoGrantLearnsNothingAndPaysNothing() {
        for (String node :
                List.of(accounts.pop(), accounts.region("home-1"), accounts.region("away-1"))) {
            HttpResponse<String> there = accounts.call(node, "gamma", "acme/echo");
            HttpResponse<String> notThere = accounts.call(node, "gamma", "acme/nothing");
            HttpResponse<String> nobody = accounts.call(node, "gamma", "nobody/echo");
            assertEquals(404, there.statusCode(), there::body);
            assertEquals(withoutId(there), withoutId(notThere));
            assertEquals(withoutId(there), withoutId(nobody));
        }
        assertEquals(0, accounts.charged("gamma", "acme/echo"));
    }

    private static String withoutId(HttpResponse<String> answer) {
        return answer.body().replaceAll("[0-9a-z]{26}", "ID");
    }

    @Test
    void b2WhoCallsPaysAndNobodyElse() {
        accounts.as("acme", "grants", "create", "fast", "--to", "beta").mustWork();
        network.await(
                "the grant is there", () -> accounts.call("beta", "acme/fast").statusCode() == 200);
        long before = accounts.charged("acme", "acme/fast");
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            HttpResponse<String> answer = accounts.call("beta", "acme/fast");
            assertEquals(200, answer.statusCode(), answer::body);
            ids.add(answer.headers().firstValue("Runnel-Request-Id").orElseThrow());
        }
        HttpResponse<String> direct = accounts.call(accounts.region("away-1"), "beta", "acme/fast");
        assertEquals(200, direct.statusCode(), direct::body);
        ids.add(direct.headers().firstValue("Runnel-Request-Id").orElseThrow());
        network.await(
                "all of them are on the bill",
                () -> accounts.chargedIds("beta", "acme/fast").containsAll(ids));
        assertEquals(before, accounts.charged("acme", "acme/fast"), "its owner pays nothing");
        long own = 0;
        long others = 0;
        for (JsonNode row :
                accounts.json(accounts.as("acme", "usage", "--owned", "--json")).path("usage")) {
            if (row.path("task").asText().equals("acme/fast")) {
                assertFalse(row.has("payer"), "who calls is not told");
                own += row.path("own").asBoolean() ? row.path("calls").asLong() : 0;
                others += row.path("own").asBoolean() ? 0 : row.path("calls").asLong();
            }
        }
        assertEquals(before, own);
        assertTrue(
                others == accounts.chargedIds("beta", "acme/fast").size(), others + " of others");
    }

    /** What was answered is charged, once, though the node that ran it is killed meanwhile. */
    @Test
    void b2AKillLosesNoCharge() {
        accounts.as("acme", "grants", "create", "killed", "--to", "gamma").mustWork();
        network.await("granted", () -> accounts.call("gamma", "acme/killed").statusCode() == 200);
        network.await(
                "it runs at the POP",
                () -> RealNetwork.ranAt(accounts.call("gamma", "acme/killed")).equals("pop/edge"));
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
                () -> accounts.chargedIds("gamma", "acme/killed").containsAll(answered));
    }

    /** An answer, if one comes and it is good. */
    private Optional<HttpResponse<String>> answer(String account, String task) {
        try {
            return Optional.of(accounts.call(account, task))
                    .filter(answer -> answer.statusCode() == 200);
        } catch (AssertionError e) {
            return Optional.empty();
        }
    }

    @Test
    void b3WhoMayCallReadsNeitherCodeNorVariables() throws Exception {
        accounts.as("acme", "grants", "create", "echo", "--to", "beta").mustWork();
        network.await(
                "the grant is there", () -> accounts.call("beta", "acme/echo").statusCode() == 200);
        assertFalse(accounts.call("beta", "acme/echo").body().contains("sesame"));
        for (String words :
                List.of("tasks show echo", "logs echo", "grants list echo", "tasks list")) {
            RealNetwork.Said said = accounts.as("beta", words.split(" ", -1));
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
                        HttpRequest.newBuilder(URI.create(accounts.region(node) + path))
                                .header("Authorization", "Bearer " + accounts.key("beta").text())
                                .build();
                HttpResponse<String> answer =
                        accounts.regions().send(request, HttpResponse.BodyHandlers.ofString());
                assertEquals(404, answer.statusCode(), path + answer.body());
            }
        }
    }

    @Test
    void aGrantSaysWhereAndHowFastCallsRunAndWhatIsAgreedToFirst() {
        deploy("limited", AccountNetwork.sample("hello"));
        String asks = "grants create limited --to-all --region away --rate 1 --agreement terms-1";
        accounts.as("acme", asks.split(" ", -1)).mustWork();
        assertEquals(403, accounts.call("gamma", "acme/limited").statusCode());
        accounts.as("gamma", "agreements", "accept", "acme/limited", "terms-1").mustWork();
        HttpResponse<String> first = accounts.call("gamma", "acme/limited");
        assertEquals("region/away/away-1", RealNetwork.ranAt(first), first::body);
        network.await(
                "it is too fast", () -> accounts.call("gamma", "acme/limited").statusCode() == 429);
        assertNotEquals(
                "region/away/away-1", RealNetwork.ranAt(accounts.call("acme", "acme/limited")));
    }

    /** What a call leaves in memory is its caller's; with the owner's placement, nobody's. */
    @Test
    void b4NoCallersStateIsSeenByAnother() {
        for (String account : List.of("beta", "gamma")) {
            accounts.as("acme", "grants", "create", "counter", "--to", account).mustWork();
            accounts.as(
                            "acme",
                            "grants",
                            "create",
                            "counted",
                            "--to",
                            account,
                            "--placement",
                            "owner")
                    .mustWork();
        }
        network.await("granted", () -> accounts.call("gamma", "acme/counted").statusCode() == 200);
        String node = accounts.region("home-1");
        assertEquals("1", accounts.call(node, "beta", "acme/counter").body());
        assertEquals(
                "2", accounts.call(node, "beta", "acme/counter").body(), "it keeps its memory");
        assertEquals("1", accounts.call(node, "gamma", "acme/counter").body());
        assertEquals("1", accounts.call(node, "acme", "acme/counter").body());
        assertEquals("1", accounts.call(node, "beta", "acme/counted").body());
        assertEquals(
                "1", accounts.call(node, "beta", "acme/counted").body(), "nothing is kept there");
        assertEquals("1", accounts.call(node, "acme", "acme/counted").body());
        assertEquals(
                "2", accounts.call(node, "acme", "acme/counted").body(), "but what is the owner's");
        assertEquals("1", accounts.call(node, "gamma", "acme/counted").body());
    }

    /** A caller's own name sets what it says, wherever the call comes, and gives no right. */
    @Test
    void anAliasSetsParametersAndGivesNoRight(@TempDir Path folder) throws Exception {
        deploy("named", AccountNetwork.sample("whoami"));
        Path nonce = Files.writeString(folder.resolve("nonce"), "sesame\n");
        String[] create = {
            "aliases",
            "create",
            "who",
            "--of",
            "acme/named",
            "--param",
            "audience=https://a.example",
            "--param",
            "nonce=secret:@" + nonce
        };
        RealNetwork.Said refused = accounts.as("gamma", create);
        assertTrue(refused.err().contains("may call no task"), refused::toString);
        accounts.as("acme", "grants", "create", "named", "--to", "gamma").mustWork();
        accounts.as("gamma", create).mustWork();
        List<String> nodes =
                List.of(accounts.pop(), accounts.region("home-1"), accounts.region("away-1"));
        String path = "gamma/who?audience=https://b.example&nonce=other";
        for (String node : nodes) {
            network.await(
                    "its secret is there",
                    () -> accounts.call(node, "gamma", path).statusCode() == 200);
            HttpResponse<String> answer = accounts.call(node, "gamma", path);
            byte[] said = Base64.getUrlDecoder().decode(answer.body().split("\\.", -1)[1]);
            String document = new String(said, UTF_8);
            assertTrue(document.contains("https://a.example"), document);
            assertTrue(document.contains("sesame"), document);
            assertFalse(document.contains("https://b.example"), document);
            assertFalse(document.contains("other"), document);
            assertEquals(404, accounts.call(node, "beta", "gamma/who").statusCode());
        }
        network.await(
                "the POP runs it by itself",
                () -> ranAt(accounts.call("gamma", "acme/named")).startsWith("pop/"));
        HttpResponse<String> secret = accounts.call("gamma", path);
        assertTrue(ranAt(secret).startsWith("region/"), () -> ranAt(secret));
        assertEquals("no-replica", secret.headers().firstValue("Runnel-Placed").orElse(""));
        assertFalse(accounts.as("gamma", "aliases", "--json").mustWork().out().contains("sesame"));
        network.await("it is charged", () -> accounts.isOnTheBill("gamma", secret, "who"));
        accounts.as("acme", "grants", "revoke", "named", "--to", "gamma").mustWork();
        for (String node : nodes) {
            assertEquals(403, accounts.call(node, "gamma", "gamma/who").statusCode());
        }
        accounts.as("gamma", "aliases", "delete", "who").mustWork();
        assertEquals(404, accounts.call("gamma", "gamma/who").statusCode());
    }

    /** Some calls go to the new version, the same at each node, until it is seen to be worse. */
    @Test
    void aCanaryThatFailsRollsItselfBack() {
        List<String> nodes =
                List.of(accounts.pop(), accounts.region("home-1"), accounts.region("away-1"));
        deploy("tried", AccountNetwork.sample("whoami"));
        deploy("tried", AccountNetwork.sample("echo"), "--canary", "40%", "--sticky", "X-User");
        Set<String> versions = new HashSet<>();
        for (int user = 0; user < 20; user++) {
            Set<String> ofUser = new HashSet<>();
            for (String node : nodes) {
                ofUser.add(
                        version(accounts.call(node, "acme", "acme/tried", "X-User", "u" + user)));
            }
            assertEquals(1, ofUser.size(), "user " + user);
            versions.addAll(ofUser);
        }
        assertEquals(Set.of("1", "2"), versions);

        deploy("tried", failing, "--canary", "30%");
        AtomicInteger failed = new AtomicInteger();
        network.await(
                "it is rolled back",
                () -> {
                    for (int i = 0; i < 20; i++) {
                        HttpResponse<String> answer = accounts.call("acme", "acme/tried");
                        boolean isNew = version(answer).equals("3");
                        assertEquals(isNew ? 500 : 200, answer.statusCode(), answer::body);
                        failed.addAndGet(isNew ? 1 : 0);
                    }
                    return accounts.as("acme", "aliases", "tried")
                            .mustWork()
                            .out()
                            .contains("version 3 was rolled back");
                });
        assertTrue(failed.get() > 0);
        for (String node : nodes) {
            network.await(
                    "nobody gets it any more",
                    () -> {
                        for (int i = 0; i < 30; i++) {
                            if (!version(accounts.call(node, "acme", "acme/tried")).equals("1")) {
                                return false;
                            }
                        }
                        return true;
                    });
        }
        String explained = accounts.as("acme", "explain", "tried").mustWork().out();
        assertTrue(
                explained.contains("@live is version 1; version 3 was rolled back: "), explained);
        assertEquals(
                "3", version(accounts.call("acme", "acme/tried@3")), "it is there all the same");
        assertEquals(404, accounts.call("acme", "acme/tried@other").statusCode());
    }

    private static String ranAt(HttpResponse<String> answer) {
        return answer.headers().firstValue("Runnel-Ran-At").orElse("");
    }

    private static String version(HttpResponse<String> answer) {
        return answer.headers().firstValue("Runnel-Task-Version").orElse("");
    }

    /** At each node where users call, and only for the account that it is said of. */
    @Test
    void whoHasUsedUpItsQuotaIsToldSoAndOthersAreNot() {
        network.runnel("accounts", "create", "delta").mustWork();
        accounts.as("delta", "deploy", "echo", AccountNetwork.sample("echo").toString()).mustWork();
        List<String> nodes =
                List.of(accounts.pop(), accounts.region("home-1"), accounts.region("away-1"));
        nodes.forEach(
                node ->
                        network.await(
                                "it is everywhere",
                                () ->
                                        accounts.call(node, "delta", "delta/echo").statusCode()
                                                == 200));
        network.runnel("accounts", "quota", "delta", "--rate", "1", "--burst", "2").mustWork();
        for (String node : nodes) {
            AtomicReference<HttpResponse<String>> last = new AtomicReference<>();
            network.await(
                    "it is used up",
                    () -> {
                        last.set(accounts.call(node, "delta", "delta/echo"));
                        return last.get().statusCode() != 200;
                    });
            assertEquals(429, last.get().statusCode(), last.get()::body);
            assertEquals("1", last.get().headers().firstValue("Retry-After").orElseThrow());
            assertTrue(last.get().body().contains("account delta has used up"), last.get()::body);
            assertEquals(200, accounts.call(node, "acme", "acme/fast").statusCode());
        }
        network.runnel("accounts", "quota", "delta", "--concurrent", "1").mustWork();
        for (String node : nodes) {
            network.await(
                    "it is another now",
                    () -> accounts.call(node, "delta", "delta/echo").statusCode() == 200);
            for (int i = 0; i < 5; i++) {
                assertEquals(
                        200, accounts.call(node, "delta", "delta/echo").statusCode(), "one by one");
            }
        }
    }

    /** Each call of {@code spin} is ended after a second, and is charged for 0.25 GB-seconds. */
    @Test
    void whoHasUsedUpItsBudgetIsToldSo() {
        network.runnel("accounts", "create", "epsilon").mustWork();
        accounts.as(
                        "epsilon",
                        "deploy",
                        "spin",
                        spin.toString(),
                        "--memory",
                        "256MiB",
                        "--timeout",
                        "1s")
                .mustWork();
        network.runnel("accounts", "quota", "epsilon", "--gb-seconds", "1").mustWork();
        AtomicReference<HttpResponse<String>> last = new AtomicReference<>();
        for (String node : List.of(accounts.pop(), accounts.region("away-1"))) {
            network.await(
                    "the budget is used up",
                    () -> {
                        last.set(accounts.call(node, "epsilon", "epsilon/spin"));
                        return last.get().statusCode() == 429;
                    });
            assertTrue(last.get().body().contains("budget-exhausted"), last.get()::body);
            assertTrue(last.get().body().contains("1 GB-seconds in 2"), last.get()::body);
        }
        String bill = accounts.as("epsilon", "usage").err();
        assertTrue(bill.contains("calls are refused"), bill);
        network.runnel("accounts", "quota", "epsilon", "--gb-seconds", "1000").mustWork();
        network.await(
                "it has another",
                () -> accounts.call("epsilon", "epsilon/spin").statusCode() != 429);
    }

    @Test
    void b5WhatIsTakenBackIsRefusedEverywhere() {
        accounts.as("acme", "grants", "create", "revoked", "--to", "beta").mustWork();
        List<String> nodes =
                List.of(accounts.pop(), accounts.region("home-1"), accounts.region("away-1"));
        for (String node : nodes) {
            network.await(
                    "granted",
                    () -> accounts.call(node, "beta", "acme/revoked").statusCode() == 200);
        }
        accounts.as("acme", "grants", "revoke", "revoked", "--to", "beta").mustWork();
        long began = System.nanoTime();
        for (String node : nodes) {
            network.await(
                    "refused",
                    () -> accounts.call(node, "beta", "acme/revoked").statusCode() == 403);
            String why = accounts.call(node, "beta", "acme/revoked").body();
            assertTrue(why.contains("withdrawn"), why);
        }
        System.out.printf("refused everywhere %,d ms later%n", millisSince(began));
        assertEquals(200, accounts.call("acme", "acme/revoked").statusCode());
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    @Test
    void b6WhoPinsAVersionKeepsIt() {
        accounts.as("acme", "grants", "create", "pinned@1", "--to", "beta").mustWork();
        network.await("granted", () -> accounts.call("beta", "acme/pinned@1").statusCode() == 200);
        deploy("pinned", AccountNetwork.sample("echo"));
        HttpResponse<String> old = accounts.call("beta", "acme/pinned@1");
        assertEquals(200, old.statusCode(), old::body);
        assertEquals("1", old.headers().firstValue("Runnel-Task-Version").orElse(""));
        HttpResponse<String> live = accounts.call("acme", "acme/pinned");
        assertEquals("2", live.headers().firstValue("Runnel-Task-Version").orElse(""));
        assertNotEquals(live.body(), old.body());
        assertEquals(403, accounts.call("beta", "acme/pinned").statusCode());
        assertEquals(403, accounts.call("beta", "acme/pinned@2").statusCode());
    }

    @Test
    void b7NobodySaysWhoHeIsByAHeader() {
        accounts.as("acme", "grants", "create", "echo", "--to", "beta", "--id", "b7").mustWork();
        for (String header :
                List.of(
                        "Runnel-Account",
                        "Runnel-Caller-Account",
                        "X-Amz-Account-Id",
                        "Remote-User")) {
            assertEquals(
                    404,
                    accounts.call(accounts.pop(), "gamma", "acme/echo", header, "beta")
                            .statusCode());
        }
        network.await("granted", () -> accounts.call("beta", "acme/echo").statusCode() == 200);
        assertEquals(0, accounts.charged("gamma", "acme/echo"));
    }
}
