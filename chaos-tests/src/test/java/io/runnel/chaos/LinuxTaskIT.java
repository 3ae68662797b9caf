package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Linux programs as tasks, against real processes: deployed by the command, called at the POP. Each
 * is a function for AWS Lambda's custom runtimes, and knows of nothing else.
 */
final class LinuxTaskIT {
    private static final Path ACTS =
            RealNetwork.TOP.resolve("exec-runtime/microvm/src/test/guest/acts.c");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HOME = "home-1";
    private static final Pattern CALLS = Pattern.compile("\"calls\": ?([0-9]+)");
    private static final Path FUNCTIONS = Path.of("src", "test", "resources", "linux");

    @TempDir private static Path folder;
    private static AccountNetwork accounts;

    @BeforeAll
    static void start() throws Exception {
        LinuxPrograms.require("python3", "node");
        // A quarter of it is for what is kept: a function in JavaScript takes some 70 MiB.
        accounts = AccountNetwork.withMemory(folder, "1GiB");
    }

    @AfterAll
    static void stop() {
        if (accounts != null) {
            accounts.close();
        }
    }

    private static Path code() throws Exception {
        Path code = Files.createDirectories(folder.resolve("code"));
        Process compiler =
                new ProcessBuilder(
                                "musl-gcc",
                                "-static",
                                "-Os",
                                "-o",
                                code.resolve("bootstrap").toString(),
                                ACTS.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, compiler.waitFor(), said);
        Files.writeString(code.resolve("act"), "ECHO");
        return code;
    }

    private static void deploy(String name, Path code) {
        accounts.as(
                        "acme",
                        "deploy",
                        name,
                        code.toString(),
                        "--runtime",
                        "linux",
                        "--timeout",
                        "60s",
                        "--public")
                .mustWork();
    }

    private static Path function(String name) throws IOException {
        Path code = Files.createDirectories(folder.resolve(name));
        Path bootstrap = code.resolve("bootstrap");
        Files.copy(FUNCTIONS.resolve(name).resolve("bootstrap"), bootstrap);
        Files.setPosixFilePermissions(bootstrap, PosixFilePermissions.fromString("rwxr-xr-x"));
        return code;
    }

    /** The first call starts the function; the next one of the same account finds it as it was. */
    private static void assertRemembers(String language) throws Exception {
        deploy(language, function(language));
        HttpResponse<String> first = accounts.call("acme", "acme/" + language);
        assertEquals(200, first.statusCode(), first::body);
        assertTrue(CALLS.matcher(first.body()).find(), first::body);
        HttpResponse<String> second = accounts.call("acme", "acme/" + language);
        Matcher calls = CALLS.matcher(second.body());
        assertTrue(calls.find(), second::body);
        assertEquals("2", calls.group(1), second::body);
        assertEquals("warm", header(second, "Runnel-Start"), second.headers()::toString);
    }

    /** As people send it who come from AWS Lambda. */
    @Test
    void anArchiveRunsThatTheAwsCommandSent() throws Exception {
        AwsCommand.require();
        AwsCommand aws = new AwsCommand(accounts);
        Path zip = folder.resolve("aws.zip");
        pack(FUNCTIONS.resolve("python3").resolve("bootstrap"), zip);
        aws.run(
                "create-function",
                "--function-name",
                "aws",
                "--runtime",
                "provided.al2023",
                "--role",
                FunctionClientsIT.ROLE,
                "--handler",
                "function.handler",
                "--timeout",
                "60",
                "--memory-size",
                "128",
                "--zip-file",
                "fileb://" + zip);
        aws.run("wait", "function-active-v2", "--function-name", "aws");
        Path answer = folder.resolve("answer.json");
        JsonNode called = aws.run("invoke", "--function-name", "aws", answer.toString());
        assertEquals(200, called.path("StatusCode").asInt(), called::toString);
        assertTrue(called.path("FunctionError").isMissingNode(), called::toString);
        assertTrue(CALLS.matcher(Files.readString(answer)).find(), Files.readString(answer));
    }

    private static void pack(Path bootstrap, Path zip) throws IOException {
        Map<String, Object> posix = Map.of("create", "true", "enablePosixFileAttributes", "true");
        try (FileSystem archive = FileSystems.newFileSystem(zip, posix)) {
            Path packed = Files.copy(bootstrap, archive.getPath("bootstrap"));
            Files.setPosixFilePermissions(packed, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void aFunctionReachesNothingThatItsOwnerHasNotNamedAndItsLogSaysSo() throws Exception {
        deploy("reach", function("reach"));
        HttpResponse<String> answer = accounts.call("acme", "acme/reach");
        assertEquals(200, answer.statusCode(), answer::body);
        assertEquals(
                """
                ["[Errno -2] Name or service not known", \
                "[Errno 113] No route to host", "[Errno 113] No route to host"]\
                """,
                answer.body());
        accounts.processes()
                .await(
                        "the task's log has it",
                        () -> {
                            String log = accounts.as("acme", "logs", "reach").mustWork().out();
                            return log.contains("the task may not look up elsewhere.example: ")
                                    && log.contains("may not reach 169.254.169.254:80: ");
                        });
    }

    @Test
    void aFunctionInPythonRuns() throws Exception {
        assertRemembers("python3");
    }

    @Test
    void aFunctionInJavaScriptRuns() throws Exception {
        assertRemembers("node");
    }

    @Test
    void aBootstrapRunsInAMicrovmAtThePop() throws Exception {
        deploy("native", code());
        accounts.processes()
                .await(
                        "it is warm at the POP",
                        () -> {
                            HttpResponse<String> answer = accounts.call("acme", "acme/native");
                            assertEquals(200, answer.statusCode(), answer::body);
                            assertTrue(answer.body().contains("requestContext"), answer::body);
                            return header(answer, "Runnel-Ran-At").startsWith("pop/")
                                    && header(answer, "Runnel-Start").equals("warm");
                        });
        HttpResponse<String> nobody = accounts.at("/fn/acme/native", "");
        assertEquals(200, nobody.statusCode(), nobody::body);
        assertTrue(
                Set.of("restored", "warm").contains(header(nobody, "Runnel-Start")),
                nobody.headers()::toString);
    }

    private static CompletableFuture<HttpResponse<String>> wanders(int seconds) {
        return CompletableFuture.supplyAsync(
                () ->
                        accounts.send(
                                accounts.pop(),
                                accounts.request(accounts.pop(), "/fn/acme/wander", "acme")
                                        .POST(BodyPublishers.ofString(Integer.toString(seconds)))),
                Thread::startVirtualThread);
    }

    private static JsonNode executions(String node) {
        try {
            JsonNode all =
                    JSON.readTree(
                            accounts.processes().runnel("executions", "--json").mustWork().out());
            for (JsonNode one : all.path("nodes")) {
                if (one.path("node").asText().equals(node)) {
                    return one.path("executions");
                }
            }
            throw new AssertionError(node + " is not in " + all);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until it runs there; its id. */
    private static String running(String node) throws Exception {
        accounts.processes().await("it runs at " + node, () -> !executions(node).isEmpty());
        JsonNode one = executions(node).path(0);
        assertTrue(one.path("movable").asBoolean(), one::toString);
        return one.path("call").asText();
    }

    private static void assertEndedAt(String place, HttpResponse<String> answer) throws Exception {
        assertEquals(200, answer.statusCode(), answer::body);
        assertEquals(place, header(answer, "Runnel-Ran-At"), answer.headers()::toString);
        JsonNode said = JSON.readTree(answer.body());
        assertTrue(said.path("whole").asBoolean(), answer::body);
        assertTrue(said.path("steps").asInt() > 50, answer::body);
    }

    @Test
    void aCallGoesOnElsewhereWhenItIsMovedAndWhenItsPopIsDrained() throws Exception {
        deploy("wander", function("wander"));
        accounts.processes()
                .await(
                        "it is warm at the POP",
                        () -> {
                            HttpResponse<String> answer = wanders(0).join();
                            assertEquals(200, answer.statusCode(), answer::body);
                            return header(answer, "Runnel-Ran-At").startsWith("pop/")
                                    && header(answer, "Runnel-Start").equals("warm");
                        });
        CompletableFuture<HttpResponse<String>> first = wanders(15);
        String call = running("edge");
        String told = accounts.processes().runnel("migrate", call, "--to", HOME).mustWork().out();
        assertTrue(told.startsWith(call + " goes on at " + HOME), told);
        assertEquals(call, running(HOME));
        assertEndedAt("region/home/" + HOME, first.get(60, TimeUnit.SECONDS));
        RealNetwork.Said gone = accounts.processes().runnel("migrate", call, "--to", HOME);
        assertEquals(1, gone.exit(), gone::toString);
        accounts.processes()
                .await(
                        "the task's log has it",
                        () ->
                                accounts.as("acme", "logs", "wander")
                                        .mustWork()
                                        .out()
                                        .contains("goes on at node " + HOME));
        assertStaysWhereTheOtherNodeStandsStill();
        CompletableFuture<HttpResponse<String>> second = wanders(20);
        assertTrue(!running("edge").equals(call));
        // Whatever is live now, it was begun with the version of then.
        deploy("wander", code());
        accounts.processes().runnel("drain", "edge", "--no-wait").mustWork();
        try {
            assertEndedAt("region/home/" + HOME, second.get(60, TimeUnit.SECONDS));
        } finally {
            accounts.processes().runnel("drain", "edge", "--undo").mustWork();
        }
    }

    private static void assertStaysWhereTheOtherNodeStandsStill() throws Exception {
        CompletableFuture<HttpResponse<String>> answer = wanders(12);
        String call = running("edge");
        ProcessHandle away = accounts.processes().process("away-1");
        signal("STOP", away);
        try {
            RealNetwork.Said said = accounts.processes().runnel("migrate", call, "--to", "away-1");
            assertEquals(1, said.exit(), said::toString);
            assertTrue(said.out().contains("is not moved: it goes on here: "), said::toString);
        } finally {
            signal("CONT", away);
        }
        assertEndedAt("pop/edge", answer.get(60, TimeUnit.SECONDS));
    }

    private static void signal(String name, ProcessHandle process) throws Exception {
        String pid = Long.toString(process.pid());
        assertEquals(0, new ProcessBuilder("kill", "-" + name, pid).start().waitFor());
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
