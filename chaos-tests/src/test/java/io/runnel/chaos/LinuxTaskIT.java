package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A Linux program as a task, against real processes: deployed by the command, called at the POP.
 */
final class LinuxTaskIT {
    private static final Path ACTS =
            RealNetwork.TOP.resolve("exec-runtime/microvm/src/test/guest/acts.c");

    @TempDir private Path folder;
    private AccountNetwork accounts;

    @BeforeEach
    void start() throws Exception {
        for (String tool : List.of("qemu-system-x86_64", "mksquashfs", "musl-gcc")) {
            need(tool);
        }
        accounts = new AccountNetwork(folder);
    }

    @AfterEach
    void stop() {
        if (accounts != null) {
            accounts.close();
        }
    }

    private static void need(String tool) {
        for (String place : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(place, tool))) {
                return;
            }
        }
        String hint = "no linux task runs: no %s here: ./runnel doctor --install".formatted(tool);
        if ("1".equals(System.getenv("RUNNEL_STRICT"))) {
            fail(hint);
        }
        System.out.println("SKIPPED " + hint);
        Assumptions.abort(hint);
    }

    private Path code() throws Exception {
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

    @Test
    void aBootstrapRunsInAMicrovmAtThePop() throws Exception {
        accounts.as(
                        "acme",
                        "deploy",
                        "native",
                        code().toString(),
                        "--runtime",
                        "linux",
                        "--timeout",
                        "60s",
                        "--public")
                .mustWork();
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

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
