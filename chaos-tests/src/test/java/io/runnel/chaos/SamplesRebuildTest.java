package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.task.HandlerKind;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The modules are what their sources say: compiled anew they do the same, and are the same to the
 * byte where compiler and C library are those that made them.
 */
final class SamplesRebuildTest {
    private static final int MISSING = 3;

    private record Ended(int exitCode, String said) {}

    @TempDir Path out;

    @BeforeAll
    static void needClang() throws Exception {
        Ended compiler = build("--compiler");
        if (compiler.exitCode() == MISSING) {
            String hint = "samples not rebuilt: " + compiler.said().strip();
            if ("1".equals(System.getenv("RUNNEL_STRICT"))) {
                fail(hint);
            }
            System.out.println("SKIPPED " + hint);
            Assumptions.abort(hint);
        }
        assertEquals(0, compiler.exitCode(), compiler.said());
    }

    @Test
    void rebuiltTheyDoTheSame() throws Throwable {
        Ended build = build("-o", out.toString());
        assertEquals(0, build.exitCode(), build.said());
        boolean sameCompiler =
                build("--compiler")
                        .said()
                        .equals(Files.readString(SamplesTest.SAMPLES.resolve("compiler.txt")));
        for (String name : SampleBehaviour.CHECKS.keySet()) {
            Path rebuilt = out.resolve(name + ".wasm");
            Path shipped = SamplesTest.SAMPLES.resolve(name).resolve(name + ".wasm");
            if (sameCompiler) {
                assertEquals(-1, Files.mismatch(shipped, rebuilt), name + ": ./build " + name);
            } else {
                SampleBehaviour.check(SamplesTest.RUNTIME, name, any -> rebuilt);
            }
        }
    }

    @Test
    void aMissingCompilerIsNamedWithWhatToInstall() throws Exception {
        ProcessBuilder builder = command("hello");
        builder.environment().put("CLANG", "no-such-clang");
        Ended ended = run(builder);
        assertEquals(MISSING, ended.exitCode());
        assertTrue(
                ended.said().contains("no no-such-clang here: apt-get install clang"),
                ended.said());
    }

    @Test
    void theReadmesExampleCompilesAndShouts() throws Exception {
        String readme = Files.readString(SamplesTest.SAMPLES.resolve("README.md"));
        Matcher code = Pattern.compile("```c\n(.*?)```", Pattern.DOTALL).matcher(readme);
        assertTrue(code.find());
        Files.writeString(out.resolve("shout.c"), code.group(1));
        Matcher line = Pattern.compile("(?m)^clang .* shout.c$").matcher(readme);
        assertTrue(line.find());
        Ended compiled =
                run(
                        new ProcessBuilder(List.of(line.group().split(" ")))
                                .directory(out.toFile())
                                .redirectErrorStream(true));
        assertEquals(0, compiled.exitCode(), compiled.said());
        try (SampleModule shout =
                SampleModule.prepare(
                        SamplesTest.RUNTIME, out.resolve("shout.wasm"), HandlerKind.HTTP)) {
            assertEquals("QUIETLY", shout.call(Map.of(), "quietly").body());
        }
    }

    @Test
    void aBrokenSourceIsNotTakenForAMissingCompiler() throws Exception {
        Ended ended = build("no-such-sample");
        assertNotEquals(0, ended.exitCode());
        assertNotEquals(MISSING, ended.exitCode());
    }

    private static Ended build(String... arguments) throws IOException, InterruptedException {
        return run(command(arguments));
    }

    private static ProcessBuilder command(String... arguments) {
        List<String> line = new ArrayList<>(List.of("sh", "./build"));
        line.addAll(List.of(arguments));
        return new ProcessBuilder(line)
                .directory(SamplesTest.SAMPLES.toFile())
                .redirectErrorStream(true);
    }

    private static Ended run(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), said);
        return new Ended(process.exitValue(), said);
    }
}
