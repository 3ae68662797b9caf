package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.document.Asked;
import io.runnel.attestation.document.DocumentSigner;
import io.runnel.attestation.document.Event;
import io.runnel.attestation.document.Kind;
import io.runnel.attestation.document.SignedDocument;
import io.runnel.region.cli.supervisor.FakeTopology;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A document is checked here, or a region is asked; either says the same in the same way. */
class AttestVerifyIT {
    private static final String VERIFY = "POST /v1/attest/verify";
    private static final String DOUBTS =
            "{\"reasons\":[{\"code\":\"revoked\",\"reason\":\"it was revoked\"},"
                    + "{\"code\":\"expired\",\"reason\":\"it is too old\"}],\"trusted\":false}";

    @TempDir private Path folder;
    private final BearerToken key = BearerToken.generate(new SecureRandom());
    private final List<CannedServer> servers = new ArrayList<>();
    private Path data;
    private TestRoot root;
    private TestShell shell;
    private SignedDocument signed;
    private String opened;
    private Path document;
    private Path jwt;

    @BeforeEach
    void prepare() throws IOException {
        data = Files.createDirectories(folder.resolve(".runnel"));
        root = TestRoot.in(data);
        shell = new TestShell(folder).with("RUNNEL_KEY", key.text());
        DocumentSigner signer = root.signer();
        DocumentSigner.Draft draft =
                signer.draft(
                        Kind.NODE,
                        Event.REQUEST,
                        Json.object().put("zone", "\u00e9").put("slots", 2),
                        Set.of("zone"),
                        new Asked(Optional.of("bank"), Optional.of("n-1")),
                        Instant.now());
        signed = signer.sign(draft);
        opened = draft.disclosures().getFirst().text();
        document = Files.write(folder.resolve("ams.json"), signed.json());
        Files.write(folder.resolve("ams.json.p7s"), signed.cms());
        jwt = Files.writeString(folder.resolve("ams.jwt"), signer.signAsJwt(draft) + "\n");
    }

    @AfterEach
    void end() {
        servers.forEach(CannedServer::close);
    }

    private CannedServer up(CannedServer server, String answer) {
        servers.add(server.on(VERIFY, 200, answer));
        return server;
    }

    private CannedServer region(String answer) throws IOException {
        return up(CannedServer.region(root), answer);
    }

    private int verify(Path file, String... more) {
        List<String> words = new ArrayList<>(List.of("attest", "verify", file.toString()));
        words.addAll(List.of(more));
        return shell.run(words.toArray(String[]::new));
    }

    private int at(CannedServer region, String... more) {
        List<String> words = new ArrayList<>(List.of("--at", region.uri().toString()));
        words.addAll(List.of(more));
        return verify(jwt, words.toArray(String[]::new));
    }

    private List<String> asked(String... more) {
        List<String> words = new ArrayList<>(List.of(more));
        words.addAll(List.of("--audience", "bank", "--nonce", "n-1", "--disclosure", opened));
        return words;
    }

    private String said(Path file, List<String> words) {
        assertEquals(0, verify(file, words.toArray(String[]::new)), shell::err);
        return shell.out();
    }

    @Test
    void whatARegionFindsIsSaidAsWhatIsFoundHere() throws IOException {
        String here = root.file().toString();
        String json = said(document, asked("--root", here, "--json"));
        JsonNode found = Json.read(json);
        assertEquals("\u00e9", found.at("/facts/zone").asText());
        CannedServer region = region(((ObjectNode) found).deepCopy().put("more", 1).toString());
        String there = region.uri().toString();
        for (Path file : List.of(document, jwt)) {
            assertEquals(json, said(file, asked("--at", there, "--json")));
            assertEquals(said(document, asked("--root", here)), said(file, asked("--at", there)));
        }
        assertTrue(shell.out().startsWith("trusted: node, signed by runnel://test/pop/ams"));
        assertTrue(shell.out().contains("zone   \u00e9"), shell.out());
        assertEquals("Bearer " + key.text(), region.last().authorization());
    }

    @Test
    void aRegionIsAskedWhatStandsInTheFiles() throws IOException {
        CannedServer region = region(DOUBTS);
        assertEquals(
                1, verify(document, asked("--at", region.uri().toString()).toArray(String[]::new)));
        ObjectNode expected = Json.object().put("audience", "bank").put("nonce", "n-1");
        expected.putArray("disclosures").add(opened);
        assertEquals(
                expected.deepCopy()
                        .put("document", new String(signed.json(), StandardCharsets.UTF_8))
                        .put("signature", Base64.getEncoder().encodeToString(signed.cms())),
                Json.read(region.last().body()));
        assertEquals(1, verify(jwt, asked("--at", region.uri().toString()).toArray(String[]::new)));
        assertEquals(
                expected.put("jwt", Files.readString(jwt).strip()),
                Json.read(region.last().body()));
        assertEquals(1, at(region));
        assertEquals(Set.of("jwt"), fields(region));
        shell.reading(Files.readString(jwt));
        assertEquals(1, verify(Path.of("-"), "--at", region.uri().toString()));
        assertEquals(Set.of("jwt"), fields(region));
    }

    private static Set<String> fields(CannedServer region) {
        Set<String> names = new HashSet<>();
        Json.read(region.last().body()).fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void allReasonsOfARegionAreSaid() throws IOException {
        CannedServer region = region(DOUBTS);
        assertEquals(1, at(region));
        assertEquals(
                "rejected%n  it was revoked (revoked)%n  it is too old (expired)%n".formatted(),
                shell.out());
        assertEquals("", shell.err());
        assertEquals(1, at(region, "--json"));
        JsonNode told = Json.read(shell.out());
        assertEquals(List.of("revoked", "expired"), told.findValuesAsText("code"));
        assertEquals("trusted", told.fieldNames().next());
        assertEquals(1, verify(jwt, "--root", root.file().toString(), "--audience", "thief"));
        assertEquals(
                "rejected%n  it was made for somebody else (audience-wrong: bank)%n".formatted(),
                shell.out());
    }

    @Test
    void whatIsMeantForHereIsRefusedWithARegion() throws IOException {
        CannedServer region = region(DOUBTS);
        for (String option : List.of("--root", "--revoked")) {
            assertEquals(2, at(region, option, root.file().toString()));
            assertTrue(
                    shell.err().startsWith("runnel: %s is for checking it here".formatted(option)),
                    shell.err());
            assertEquals("", shell.out());
        }
        assertEquals(2, verify(jwt));
        assertTrue(shell.err().contains("--root PEM, or by a region, --at REGION"), shell.err());
        assertEquals(2, verify(jwt, "--at", "http://127.0.0.1:1"));
        assertTrue(shell.err().contains("--at must begin with https://"), shell.err());
        assertEquals(List.of(), region.questions());
    }

    /** Fails and says this; nothing of a verdict is on standard output. */
    private void fails(int exit, String... words) {
        assertEquals(1, exit, shell::out);
        assertEquals("", shell.out());
        for (String word : words) {
            assertTrue(shell.err().contains(word), shell.err());
        }
    }

    @Test
    void whoCannotBeReachedOrIsOfAnotherNetworkIsNamed() throws IOException {
        CannedServer gone = CannedServer.region(root);
        gone.close();
        fails(at(gone, "--json"), "no region can be reached (%s)".formatted(gone.uri()));
        CannedServer stranger =
                up(CannedServer.region(TestRoot.in(folder.resolve("other"))), "{\"trusted\":true}");
        fails(
                at(stranger, "--json"),
                stranger.uri() + ": who answers there is not believed to be a region of this",
                "RUNNEL_CA=FILE");
        assertEquals(List.of(), stranger.questions());
        shell.without("RUNNEL_KEY");
        fails(at(stranger), "no key for account 'demo'");
    }

    @Test
    void aRegionIsNamedAsTheTopologyNamesIt() throws IOException {
        fails(
                verify(jwt, "--at", "eu-west"),
                "no region 'eu-west' is known: %s has no topology; give its address"
                        .formatted(data));
        CannedServer region = region(DOUBTS);
        Files.writeString(
                data.resolve("topology.yaml"),
                FakeTopology.TEXT.replace(
                        "a, listen: 127.0.0.1:0", "a, listen: 127.0.0.1:" + region.port()));
        assertEquals(1, verify(jwt, "--at", "eu-west"));
        assertTrue(shell.out().startsWith("rejected"), shell.err());
        assertEquals(List.of(VERIFY), region.questions());
        fails(verify(jwt, "--at", "mars"), "no region 'mars'; there are: eu-west");
        assertEquals(
                1, verify(jwt, "--at", "eu-west", "--data", folder.resolve("none").toString()));
        assertTrue(shell.err().contains("none has no topology"), shell.err());
    }

    @Test
    void whatIsNoVerdictTrustsNobody() throws IOException {
        String reason = "{\"code\":\"expired\",\"reason\":7}";
        for (String answer :
                List.of(
                        "",
                        "trusted",
                        "[]",
                        "{}",
                        "{\"trusted\":true}",
                        "{\"trusted\":\"true\",\"facts\":{}}",
                        "{\"trusted\":true,\"signer\":\"s\",\"kind\":\"node\",\"event\":\"e\","
                                + "\"serial\":\"s\",\"issuedAt\":\"i\",\"notAfter\":\"n\"}",
                        "{\"trusted\":true,\"facts\":{}}",
                        "{\"trusted\":false}",
                        "{\"trusted\":false,\"reasons\":[]}",
                        "{\"trusted\":false,\"reasons\":[%s]}".formatted(reason),
                        DOUBTS.replace("false", "\"false\""))) {
            fails(at(region(answer), "--json"), "what the region answered is no verdict");
        }
        CannedServer refusing =
                region("").on(VERIFY, 400, "{\"code\":\"invalid-request\",\"detail\":\"jwt: no\"}");
        fails(at(refusing), "invalid-request: jwt: no");
    }

    @Test
    void whatIsNoTextIsNotSent() throws IOException {
        CannedServer region = region(DOUBTS);
        byte[] broken = Files.readAllBytes(document);
        broken[broken.length - 3] = (byte) 0xff;
        Files.write(document, broken);
        for (String[] by :
                List.of(
                        new String[] {"--root", root.file().toString(), "--json"},
                        new String[] {"--at", region.uri().toString(), "--json"})) {
            assertEquals(1, verify(document, by));
            assertEquals(List.of("malformed"), Json.read(shell.out()).findValuesAsText("code"));
        }
        assertEquals(List.of(), region.questions());
    }

    @Test
    void whatIsNoDisclosureIsWrongUsageEitherWay() throws IOException {
        CannedServer region = region(DOUBTS);
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 65; i++) {
            many.addAll(List.of("--disclosure", opened));
        }
        for (List<String> by :
                List.of(
                        List.of("--root", root.file().toString()),
                        List.of("--at", region.uri().toString()))) {
            List<String> words = new ArrayList<>(by);
            words.addAll(List.of("--disclosure", opened, "--disclosure", "W10"));
            assertEquals(2, verify(jwt, words.toArray(String[]::new)));
            assertTrue(shell.err().contains("disclosures: number 2 is none"), shell.err());
            words = new ArrayList<>(by);
            words.addAll(many);
            assertEquals(2, verify(jwt, words.toArray(String[]::new)));
            assertTrue(shell.err().contains("disclosures: must be at most 64"), shell.err());
        }
        assertEquals(List.of(), region.questions());
    }
}
