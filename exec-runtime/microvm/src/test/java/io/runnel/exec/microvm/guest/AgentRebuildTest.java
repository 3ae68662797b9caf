package io.runnel.exec.microvm.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The agent is what its sources say, to the byte where the compiler is that which made it. */
final class AgentRebuildTest {
    private static final int MOST_BYTES = 100_000;

    @TempDir Path out;

    private static String resource(String name) throws IOException {
        try (InputStream in = AgentRebuildTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @Test
    void itIsOfTheseSources() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (String ending : List.of(".c", ".h", "build")) {
            try (Stream<Path> files = Files.list(GuestTools.SOURCES)) {
                for (Path file :
                        files.filter(f -> f.getFileName().toString().endsWith(ending))
                                .sorted()
                                .toList()) {
                    digest.update(Files.readAllBytes(file));
                }
            }
        }
        assertEquals(
                resource("sources.sha256").strip(),
                HexFormat.of().formatHex(digest.digest()),
                "run src/main/guest/build");
    }

    @Test
    void rebuiltItIsTheSame() throws Exception {
        GuestTools.buildOrSkip("-o", out.toString());
        byte[] rebuilt = Files.readAllBytes(out.resolve("agent"));
        if (GuestTools.build("--compiler").said().equals(resource("compiler.txt"))) {
            assertArrayEquals(Initramfs.agent(), rebuilt, "run src/main/guest/build");
        }
        assertTrue(rebuilt.length < MOST_BYTES, "the agent has " + rebuilt.length + " bytes");
    }

    @Test
    void itRunsOnlyAsTheFirstProcess() throws Exception {
        Path agent = Files.write(out.resolve("agent"), Initramfs.agent());
        assertTrue(agent.toFile().setExecutable(true));
        GuestTools.Ended ended = GuestTools.run(new ProcessBuilder(agent.toString()));
        assertEquals(2, ended.exitCode());
        assertEquals("this is the init of a Runnel guest\n", ended.said());
    }

    @Test
    void aMissingCompilerIsNamedWithWhatToInstall() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder("sh", "./build", "--compiler")
                        .directory(GuestTools.SOURCES.toFile());
        builder.environment().put("MUSL_GCC", "no-such-gcc");
        GuestTools.Ended ended = GuestTools.run(builder);
        assertEquals(3, ended.exitCode());
        assertTrue(
                ended.said().contains("no no-such-gcc here: apt-get install musl-tools"),
                ended.said());
    }
}
