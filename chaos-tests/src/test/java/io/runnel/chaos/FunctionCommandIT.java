package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What people have who come from AWS Lambda, against a POP of a real network: its command. {@code
 * acme} owns the functions.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FunctionCommandIT {
    private Path folder;
    private AccountNetwork accounts;

    @BeforeAll
    void start(@TempDir Path made) throws Exception {
        folder = made;
        accounts = new AccountNetwork(made);
        write("sum", FunctionClientsIT.sum());
        write("ending", TinyGuests.ending());
        Files.writeString(folder.resolve("payload.json"), "{\"a\":1}");
    }

    private void write(String name, byte[] program) throws IOException {
        byte[] zip = FunctionClientsIT.archive(name + ".wasm", program);
        Files.write(folder.resolve(name + ".zip"), zip);
    }

    @AfterAll
    void stop() {
        if (accounts != null) {
            accounts.close();
        }
    }

    @Test
    void theCommandDoesAsMuch() {
        AwsCommand.require();
        List<String> create =
                List.of(
                        "--runtime",
                        "provided.al2023",
                        "--role",
                        FunctionClientsIT.ROLE,
                        "--handler",
                        "bootstrap");
        List<String> more = new ArrayList<>(create);
        more.addAll(List.of("--function-name", "cli", "--zip-file", "fileb://" + at("sum.zip")));
        JsonNode made = aws("create-function", more.toArray(String[]::new));
        assertEquals("cli", made.path("FunctionName").asText());
        aws("wait", "function-active-v2", "--function-name", "cli");
        JsonNode ran = called("cli", "--log-type", "Tail");
        assertEquals("1", ran.path("ExecutedVersion").asText(), ran::toString);
        assertTrue(read("out.json").contains("\"length\":7"), read("out.json"));
        aws(
                "update-function-code",
                "--function-name",
                "cli",
                "--zip-file",
                "fileb://" + at("ending.zip"));
        aws("wait", "function-updated-v2", "--function-name", "cli");
        JsonNode failed = called("cli", "--log-type", "Tail");
        assertEquals("Unhandled", failed.path("FunctionError").asText(), failed::toString);
        assertEquals("why\n", FunctionClientsIT.decoded(failed.path("LogResult").asText()));
        aws("create-alias", "--function-name", "cli", "--name", "old", "--function-version", "1");
        accounts.processes()
                .await(
                        "the alias is there",
                        () -> called("cli", "--qualifier", "old").has("ExecutedVersion"));
        assertEquals("1", called("cli", "--qualifier", "old").path("ExecutedVersion").asText());
        assertEquals(204, called("cli", "--invocation-type", "DryRun").path("StatusCode").asInt());
        aws("delete-function", "--function-name", "cli");
        RealNetwork.Said gone = said("acme", "get-function", "--function-name", "cli");
        assertTrue(gone.toString().contains("ResourceNotFoundException"), gone::toString);
    }

    @Test
    void theCommandLetsOthersCallAndDoesNotWait() {
        AwsCommand.require();
        create("cli-shared", "sum.zip");
        create("cli-failing", "ending.zip");
        create("cli-dead", "sum.zip");
        String name = "arn:aws:lambda:eu-west-1:acme:function:cli-shared";
        assertTrue(calledBy("gamma", name).toString().contains("ResourceNotFoundException"));
        aws(
                "add-permission",
                "--function-name",
                "cli-shared",
                "--statement-id",
                "one",
                "--action",
                "lambda:InvokeFunction",
                "--principal",
                "gamma");
        accounts.processes().await("it may be called", () -> calledBy("gamma", name).exit() == 0);
        aws("remove-permission", "--function-name", "cli-shared", "--statement-id", "one");
        accounts.processes()
                .await(
                        "it may not be called any more",
                        () -> calledBy("gamma", name).toString().contains("AccessDeniedException"));
        aws(
                "put-function-event-invoke-config",
                "--function-name",
                "cli-failing",
                "--maximum-retry-attempts",
                "0",
                "--destination-config",
                "{\"OnFailure\":{\"Destination\":"
                        + "\"arn:aws:lambda:eu-west-1:acme:function:cli-dead\"}}");
        JsonNode kept = called("cli-failing", "--invocation-type", "Event");
        assertEquals(202, kept.path("StatusCode").asInt(), kept::toString);
        accounts.processes()
                .await(
                        "its failure is told",
                        () -> accounts.chargedIds("acme", "acme/cli-dead").size() == 1);
        assertEquals(1, accounts.chargedIds("acme", "acme/cli-failing").size(), "once");
    }

    private void create(String name, String zip) {
        aws(
                "create-function",
                "--runtime",
                "provided.al2023",
                "--role",
                FunctionClientsIT.ROLE,
                "--handler",
                "bootstrap",
                "--function-name",
                name,
                "--zip-file",
                "fileb://" + at(zip));
        aws("wait", "function-active-v2", "--function-name", name);
    }

    /** What the command says of a call by another account. */
    private RealNetwork.Said calledBy(String account, String function) {
        return said(
                account,
                "invoke",
                "--function-name",
                function,
                "--payload",
                "fileb://" + at("payload.json"),
                at("out.json"));
    }

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    private String read(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private JsonNode called(String function, String... more) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "--function-name",
                                function,
                                "--payload",
                                "fileb://" + at("payload.json")));
        words.addAll(List.of(more));
        words.add(at("out.json"));
        return aws("invoke", words.toArray(String[]::new));
    }

    private JsonNode aws(String command, String... more) {
        return new AwsCommand(accounts).run(command, more);
    }

    private RealNetwork.Said said(String account, String command, String... more) {
        return new AwsCommand(accounts).said(account, command, more);
    }
}
