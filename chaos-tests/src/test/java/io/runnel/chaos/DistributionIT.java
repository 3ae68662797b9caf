package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The folder that the launcher starts from: whole, and without what only tests need. */
final class DistributionIT {
    private static final Path LIB = Path.of("target", "checked", "dist", "lib").toAbsolutePath();

    private static final Set<String> STARTED =
            Set.of(
                    "runnel-chaos-tests.jar",
                    "runnel-cli.jar",
                    "runnel-pop-node.jar",
                    "runnel-region-server.jar");

    @Test
    void everyNeighbourThatAJarNamesIsThereOnce() throws IOException {
        Map<String, List<String>> classPaths = classPathsOfStartedJars();
        assertEquals(STARTED, classPaths.keySet());
        Set<String> present = names();
        classPaths.forEach(
                (jar, neighbours) -> {
                    List<String> missing = new ArrayList<>(neighbours);
                    missing.removeAll(present);
                    assertEquals(List.of(), missing, jar);
                    assertEquals(
                            neighbours.size(), Set.copyOf(neighbours).size(), jar + neighbours);
                });
    }

    @Test
    void nothingOfTheTestsIsThere() throws IOException {
        for (String name : names()) {
            assertTrue(
                    Stream.of("junit", "archunit", "toxiproxy", "gson", "jmh")
                            .noneMatch(name::contains),
                    name);
        }
    }

    @Test
    void theCommandsStart() throws Exception {
        assertEquals(0, start("runnel-cli.jar", "--version"));
        assertEquals(2, start("runnel-chaos-tests.jar", "storm"));
    }

    private static int start(String jar, String argument) throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process =
                new ProcessBuilder(java.toString(), "-jar", LIB.resolve(jar).toString(), argument)
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), said);
        return process.exitValue();
    }

    private static Map<String, List<String>> classPathsOfStartedJars() throws IOException {
        Map<String, List<String>> found = new TreeMap<>();
        for (String name : names()) {
            try (JarFile jar = new JarFile(LIB.resolve(name).toFile())) {
                Attributes manifest = jar.getManifest().getMainAttributes();
                if (name.startsWith("runnel-")
                        && manifest.containsKey(Attributes.Name.MAIN_CLASS)) {
                    String path = manifest.getValue(Attributes.Name.CLASS_PATH);
                    found.put(name, List.of(path.split(" ")));
                }
            }
        }
        return found;
    }

    private static Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(LIB)) {
            Set<String> names = new TreeSet<>();
            files.forEach(file -> names.add(file.getFileName().toString()));
            return names;
        }
    }
}
