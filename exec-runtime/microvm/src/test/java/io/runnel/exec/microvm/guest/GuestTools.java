package io.runnel.exec.microvm.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Tools of the host that these tests need; without them a test is skipped, or fails if nothing may
 * be.
 */
final class GuestTools {
    /** The agent's sources. */
    static final Path SOURCES = Path.of("src", "main", "guest");

    private static final int MISSING = 3;

    private GuestTools() {}

    record Ended(int exitCode, String said) {}

    /** Ends this test with one line that says what to install. */
    static void missing(String hint) {
        if (isStrict()) {
            fail(hint);
        }
        System.out.println("SKIPPED " + hint);
        abort(hint);
    }

    /** Whether nothing may be missing. */
    static boolean isStrict() {
        return "1".equals(System.getenv("RUNNEL_STRICT")) || "true".equals(System.getenv("CI"));
    }

    static void need(String program, String hint) {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return;
            }
        }
        missing("no %s here: %s".formatted(program, hint));
    }

    /** Runs the agent's build. */
    static Ended build(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("sh", "./build"));
        line.addAll(List.of(arguments));
        return run(new ProcessBuilder(line).directory(SOURCES.toFile()));
    }

    /** Builds; where there is no compiler the test is skipped. */
    static void buildOrSkip(String... arguments) throws IOException, InterruptedException {
        Ended built = build(arguments);
        if (built.exitCode() == MISSING) {
            missing(built.said().strip());
        }
        assertEquals(0, built.exitCode(), built.said());
    }

    static Ended run(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), said);
        return new Ended(process.exitValue(), said);
    }
}
