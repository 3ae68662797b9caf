package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.TaskRuntime;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.InstanceDocuments;
import io.runnel.exec.task.TaskName;
import io.runnel.exec.wasm.WasmRuntime;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The modules that lie beside their sources. */
final class SamplesTest {
    static final Path SAMPLES =
            Path.of("..", "exec-runtime", "samples").toAbsolutePath().normalize();

    static final TaskRuntime RUNTIME =
            new WasmRuntime(InstantSource.system(), System::nanoTime, new SecureRandom())
                    .withOutbound(new CannedSite())
                    .withDocuments(SamplesTest::said);

    /** Signs nothing: what a task is told is what it hands on. */
    private static Optional<String> said(InstanceDocuments.Run run, String audience, String nonce) {
        return audience.equals("nobody")
                ? Optional.empty()
                : Optional.of("%s %s %s".formatted(run.call().task().ref(), audience, nonce));
    }

    private static Path shipped(String name) {
        return SAMPLES.resolve(name).resolve(name + ".wasm");
    }

    @TestFactory
    Stream<DynamicTest> doWhatTheyPromise() {
        return SampleBehaviour.CHECKS.keySet().stream()
                .map(
                        name ->
                                DynamicTest.dynamicTest(
                                        name,
                                        () ->
                                                SampleBehaviour.check(
                                                        RUNTIME, name, SamplesTest::shipped)));
    }

    @Test
    void everySampleIsCheckedSmallAndDescribed() throws IOException {
        assertEquals(SampleBehaviour.CHECKS.keySet(), names());
        for (String name : names()) {
            assertTrue(TaskName.isValid(name), name);
            assertTrue(Files.size(shipped(name)) < 40_960, name);
            Properties settings = new Properties();
            try (Reader text =
                    Files.newBufferedReader(SAMPLES.resolve(name).resolve("sample.properties"))) {
                settings.load(text);
            }
            assertTrue(settings.getProperty("description", "").length() > 10, name);
            assertTrue(HandlerKind.ofLabel(settings.getProperty("handler", "")).isPresent(), name);
        }
    }

    @Test
    void theReadmeTellsTheirSizes() throws IOException {
        String readme = Files.readString(SAMPLES.resolve("README.md"));
        for (String name : names()) {
            String size = "%,d |".formatted(Files.size(shipped(name)));
            assertTrue(
                    readme.lines()
                            .anyMatch(
                                    line ->
                                            line.contains("[`" + name + "`]")
                                                    && line.endsWith(size)),
                    name + ": " + size);
        }
    }

    private static Set<String> names() throws IOException {
        try (Stream<Path> folders = Files.list(SAMPLES)) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .collect(Collectors.toSet());
        }
    }
}
