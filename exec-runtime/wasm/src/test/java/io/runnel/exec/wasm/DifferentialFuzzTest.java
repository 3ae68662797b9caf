package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** Interpreter, compiled code and Node's engine compute the same from modules made at random. */
class DifferentialFuzzTest {
    private static final int FIXED = 24;
    private static final int RANDOM = 8;

    @Test
    void enginesAgree() throws Exception {
        require("wasm-opt", "binaryen");
        require("node", "nodejs");
        long first = new SecureRandom().nextInt();
        System.out.println("seeds 0 to " + (FIXED - 1) + ", " + first + " and after");
        Path folder = Files.createTempDirectory("fuzz");
        try (DifferentialFuzz fuzz = new DifferentialFuzz(folder)) {
            for (long seed :
                    LongStream.concat(
                                    LongStream.range(0, FIXED),
                                    LongStream.range(first, first + RANDOM))
                            .toArray()) {
                assertEquals("", fuzz.run(seed));
            }
        }
    }

    private static void require(String program, String tool) throws InterruptedException {
        if (!isInstalled(program)) {
            String hint = "no %s here: apt-get install %s".formatted(program, tool);
            if ("1".equals(System.getenv("RUNNEL_STRICT"))) {
                fail(hint);
            }
            System.out.println("SKIPPED " + hint);
            Assumptions.abort(hint);
        }
    }

    private static boolean isInstalled(String program) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(program, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
