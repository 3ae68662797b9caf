package io.runnel.exec.wasm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Where wat2wasm (Debian's wabt) is installed: the guests are what their texts say. */
class GuestSourcesTest {
    @TempDir private Path folder;

    @Test
    void guestsAreWhatTheirTextsSay() throws Exception {
        assumeTrue(isInstalled(), "wat2wasm (package wabt) is not installed");
        List<Path> texts = texts();
        assertTrue(texts.size() > 15, texts.toString());
        for (Path text : texts) {
            String name = text.getFileName().toString().replace(".wat", "");
            Path made = folder.resolve(name + ".wasm");
            assertEquals(
                    0,
                    run("wat2wasm", "--enable-tail-call", text.toString(), "-o", made.toString()),
                    name);
            assertArrayEquals(Files.readAllBytes(made), Guests.module(name), name);
        }
    }

    private static List<Path> texts() throws Exception {
        Path guests = Path.of(Guests.class.getResource("guests/hello.wat").toURI()).getParent();
        try (Stream<Path> files = Files.list(guests)) {
            return files.filter(f -> f.toString().endsWith(".wat")).sorted().toList();
        }
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            return run("wat2wasm", "--version") == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("does not end: " + String.join(" ", command));
        }
        return process.exitValue();
    }
}
