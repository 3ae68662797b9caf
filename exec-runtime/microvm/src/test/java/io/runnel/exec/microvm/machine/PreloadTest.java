package io.runnel.exec.microvm.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The library in the jar is what its source says. */
final class PreloadTest {
    private static final Path BUILD = Path.of("src/main/preload/build");
    private static final int MISSING = 3;

    @TempDir Path dir;

    @Test
    void itIsTheSameWhenItIsBuiltAnew() throws Exception {
        Tool.Answer built =
                Tool.run(List.of("sh", BUILD.toAbsolutePath().toString(), dir.toString()));
        if (built.exitCode() == MISSING) {
            TestGuest.skip("library for jails not rebuilt: " + built.reason());
        }
        assertEquals(0, built.exitCode(), built.said());
        // Another compiler makes other bytes; that they do what they should MachineTest shows.
        if (compiler("--compiler").equals(resource("compiler.txt"))) {
            assertArrayEquals(
                    resource(JailRoot.PRELOAD).getBytes(StandardCharsets.ISO_8859_1),
                    Files.readAllBytes(dir.resolve(JailRoot.PRELOAD)),
                    BUILD + " was not run");
        }
    }

    private static String compiler(String option) throws IOException {
        return Tool.run(List.of("sh", BUILD.toAbsolutePath().toString(), option)).said();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = JailRoot.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
