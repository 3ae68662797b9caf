package io.runnel.region.cli;

import io.runnel.region.cli.supervisor.Installation;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Runs commands in this process and keeps what they print. Each run begins with empty streams. */
final class TestShell {
    private final Installation installation;
    private final Map<String, String> environment = new HashMap<>();
    private byte[] in = {};
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Nothing is installed in this folder. */
    TestShell(Path top) {
        this(
                new Installation(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        top,
                        top,
                        Optional.empty()));
    }

    TestShell(Installation installation) {
        this.installation = installation;
    }

    TestShell with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    TestShell without(String variable) {
        environment.remove(variable);
        return this;
    }

    /** What the next runs read. */
    TestShell reading(String text) {
        in = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    int run(String... words) {
        out.reset();
        err.reset();
        return Main.run(
                new Shell(
                        new ByteArrayInputStream(in),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        environment,
                        installation),
                words);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
