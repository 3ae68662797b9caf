package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.CredentialsFile;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;

/** Trusts, and keys for tokens, against a server that answers what it is told. */
class TrustCommandsIT {
    private static final String TRUST = "/v1/accounts/demo/trusts/ci";
    private static final String EXCHANGE = "/v1/tokens/acme/ci";
    private static final String CHANGE = "/v1/changes/eu-west/LOG.41";
    private static final String SAID =
            """
            {"name":"ci","issuer":"https://issuer.example","audience":"runnel",
             "claims":{"sub":"repo:acme/*"},"scopes":["deploy"],"tasks":[],"lifetime":"5m"}\
            """;

    @TempDir private Path folder;
    private CannedServer server;
    private TestShell shell;

    @BeforeEach
    void prepare() throws IOException {
        TestRoot root = TestRoot.in(folder.resolve("root"));
        server = CannedServer.region(root);
        shell =
                new TestShell(folder)
                        .with("RUNNEL_ENDPOINT", server.uri().toString())
                        .with("RUNNEL_CA", root.file().toString());
        server.on("GET " + CHANGE, 200, "{\"places\":[]}");
    }

    @AfterEach
    void end() {
        server.close();
    }

    private void withKey() {
        shell.with("RUNNEL_KEY", BearerToken.generate(new SecureRandom()).text());
    }

    @Test
    void aTrustIsSaidListedAndEnded() throws IOException {
        withKey();
        Path keys = Files.writeString(folder.resolve("jwks.json"), "{\"keys\":[]}");
        Map<String, String> headers = Map.of("Runnel-Change", CHANGE);
        server.on("PUT " + TRUST, 201, headers, SAID).on("DELETE " + TRUST, 204, headers, "");
        String[] words = {
            "accounts",
            "trust",
            "ci",
            "--issuer",
            "https://issuer.example",
            "--audience",
            "runnel",
            "--claim",
            "sub=repo:acme/*",
            "--scope",
            "deploy",
            "--task",
            "demo/*",
            "--for",
            "5m",
            "--jwks",
            keys.toString()
        };
        assertEquals(0, shell.run(words), shell.err());
        assertEquals(
                "demo believes tokens of https://issuer.example: they give keys for 5m, to"
                        + " deploy\n",
                shell.out());
        assertEquals(
                "{\"issuer\":\"https://issuer.example\",\"audience\":\"runnel\","
                        + "\"claims\":{\"sub\":\"repo:acme/*\"},\"scopes\":[\"deploy\"],"
                        + "\"tasks\":[\"demo/*\"],\"lifetime\":\"5m\","
                        + "\"keys\":\"{\\\"keys\\\":[]}\"}",
                server.bodies().getFirst());
        server.on("GET /v1/accounts/demo/trusts", 200, "{\"trusts\":[" + SAID + "]}");
        assertEquals(0, shell.run("accounts", "trusts"), shell.err());
        assertTrue(
                shell.out()
                        .contains(
                                "ci     https://issuer.example  runnel    sub=repo:acme/*  deploy"
                                        + "    all    5m"),
                shell.out());
        assertEquals(0, shell.run("accounts", "untrust", "ci"), shell.err());
        assertEquals(
                List.of("DELETE " + TRUST, "GET " + CHANGE),
                server.questions().subList(3, server.questions().size()));
        assertEquals(2, shell.run("accounts", "untrust", "A"));
        assertEquals(2, shell.run("accounts", "trust", "ci", "--issuer", "https://x"));
    }

    @Test
    void aTokenIsExchangedWithoutAKeyAndTheKeyIsKnownThen() throws IOException {
        BearerToken made = BearerToken.generate(new SecureRandom());
        Path token = Files.writeString(folder.resolve("token"), "a.b.c\n");
        server.on(
                        "POST " + EXCHANGE,
                        201,
                        Map.of("Runnel-Change", CHANGE),
                        "{\"id\":\"%s\",\"secret\":\"%s\",\"token\":\"%s\"}"
                                .formatted(made.id(), made.secret(), made.text()))
                .on("GET " + CHANGE, 401, "{\"code\":\"unauthenticated\"}")
                .then("GET " + CHANGE, 200, "{\"places\":[]}");
        String[] words = {"keys", "exchange", "acme/ci", "--token", token.toString()};
        assertEquals(0, shell.run(words), shell.err());
        assertEquals(made.text() + "\n", shell.out());
        assertEquals("{\"token\":\"a.b.c\"}", server.bodies().getFirst());
        assertEquals("null", server.authorizations().getFirst());
        assertEquals("Bearer " + made.text(), server.authorizations().getLast());
        assertEquals(
                0,
                shell.run(
                        "keys",
                        "exchange",
                        "acme/ci",
                        "--token",
                        token.toString(),
                        "--save-as",
                        "ci",
                        "--no-wait"),
                shell.err());
        assertEquals("POST " + EXCHANGE, server.questions().getLast());
        CredentialsFile kept = new CredentialsFile(folder.resolve(".runnel/credentials"));
        assertEquals(made.text(), kept.profile("ci").orElseThrow().token().text());
    }

    @Test
    void whatIsRefusedIsTold() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "a.b.c");
        server.on(
                "POST " + EXCHANGE,
                401,
                "{\"code\":\"token-rejected\",\"detail\":\"its claim sub is not as asked\"}");
        String[] words = {"keys", "exchange", "acme/ci", "--token", token.toString()};
        assertEquals(1, shell.run(words));
        assertTrue(shell.err().contains("its claim sub"), shell.err());
        assertEquals(2, shell.run("keys", "exchange", "acme"));
        assertEquals(2, shell.run("keys", "exchange", "acme/ci/x"));
        assertEquals(2, shell.run("keys", "exchange", "acme/ci", "--token", "none"));
    }
}
