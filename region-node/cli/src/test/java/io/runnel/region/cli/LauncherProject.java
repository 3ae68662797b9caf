package io.runnel.region.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder that looks like the project to its launcher: the real scripts, a source, and programs
 * {@code java} and {@code mvn} that note how they were called.
 */
final class LauncherProject {
    private static final String JAVA = "#!/bin/sh\nprintf '<%s>\\n' \"$@\"\n";

    /** Makes what the real build makes, as far as the launcher looks. */
    private static final String MAVEN =
            """
            #!/bin/sh
            echo "JAVA_HOME=$JAVA_HOME STRICT=${RUNNEL_STRICT:-} $*" >>"$CALLS"
            echo '[INFO] Building Runnel: task 0.1.0-SNAPSHOT    [1/2]'
            if [ -f "$CALLS.fail" ]; then cat "$CALLS.fail"; exit 1; fi
            mkdir -p "$TOP/chaos-tests/target/quick/dist/lib"
            touch "$TOP/chaos-tests/target/quick/dist/lib/runnel-cli.jar"
            """;

    private final Path folder;
    private final Path top;
    private final Path calls;
    private final Map<String, String> environment = new HashMap<>();

    LauncherProject(Path folder) throws IOException {
        this.folder = folder.toRealPath();
        this.top = Files.createDirectories(this.folder.resolve("top"));
        this.calls = this.folder.resolve("calls");
        copyScripts();
        write("topology/src/main/java/A.java", "class A {}");
        program("jdk/bin/java", JAVA);
        program("jdk/bin/javac", JAVA);
        Files.writeString(this.folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
        program("bin/mvn", MAVEN);
        // The doctor installs what is missing when it may: not from a test.
        program("bin/apt-get", "#!/bin/sh\n");
    }

    /** How a run ended. */
    record Ended(int exit, String out, String err) {}

    Path top() {
        return top;
    }

    private void copyScripts() throws IOException {
        Path real = Path.of("").toAbsolutePath().resolve("../..").normalize();
        Path scripts = Path.of("region-node/cli/src/main/sh");
        Files.createDirectories(top.resolve(scripts));
        Files.copy(real.resolve("runnel"), top.resolve("runnel"));
        try (Stream<Path> files = Files.list(real.resolve(scripts))) {
            for (Path file : files.toList()) {
                Files.copy(file, top.resolve(scripts).resolve(file.getFileName()));
            }
        }
    }

    private void program(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    void write(String name, String text) throws IOException {
        Path file = top.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    LauncherProject with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    void letMavenFail(String says) throws IOException {
        Files.writeString(folder.resolve("calls.fail"), says + "\n");
    }

    int builds() throws IOException {
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    String lastMavenCall() throws IOException {
        return Files.readAllLines(calls).getLast();
    }

    Ended run(String... words) throws IOException, InterruptedException {
        return runAs(top.resolve("runnel"), words);
    }

    Ended runAs(Path launcher, String... words) throws IOException, InterruptedException {
        Path err = Files.createTempFile(folder, "err", "");
        Process process = builder(launcher, words).redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, Files.readString(err));
    }

    Process start(String... words) throws IOException {
        Path nothing = Path.of("/dev/null");
        return builder(top.resolve("runnel"), words)
                .redirectOutput(nothing.toFile())
                .redirectError(nothing.toFile())
                .start();
    }

    private ProcessBuilder builder(Path launcher, String... words) {
        List<String> line = new ArrayList<>(List.of(launcher.toString()));
        line.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().keySet().removeIf(name -> name.startsWith("RUNNEL_"));
        builder.environment().putAll(environment);
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().put("TOP", top.toString());
        builder.environment().put("CALLS", calls.toString());
        builder.environment().put("CI", "");
        return builder;
    }
}
