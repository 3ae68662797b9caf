package io.runnel.exec.microvm.image;

import io.runnel.exec.microvm.image.ImageException.Code;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program of the system that makes images. It gives way to all others ({@code nice}), sees no
 * variables of this process, and ends when it takes too long or its caller is interrupted. Safe for
 * any thread.
 */
final class ImageTool {
    private static final List<String> FOLDERS =
            List.of("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin");
    private static final String PATH = String.join(":", FOLDERS);
    private static final int MOST_SAID_BYTES = 64 << 10;
    private static final int MOST_TOLD = 400;

    /** Writes what a program reads from its standard input. */
    interface Feed {
        /** Nothing. */
        Feed NOTHING = out -> {};

        void write(OutputStream out) throws IOException, InterruptedException;
    }

    private final Path program;
    private final Map<String, String> variables;

    /** This program, wherever it is. */
    ImageTool(Path program) {
        this(program, Map.of());
    }

    /** This program, which sees these variables too. */
    ImageTool(Path program, Map<String, String> variables) {
        this.program = program;
        this.variables = Map.copyOf(variables);
    }

    ImageTool with(Map<String, String> others) {
        return new ImageTool(program, others);
    }

    /**
     * The program of this name.
     *
     * @param debianPackage what it comes with
     * @throws ImageException if it is not installed
     */
    static ImageTool named(String name, String debianPackage) throws ImageException {
        return Stream.concat(FOLDERS.stream(), pathFolders())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(ImageTool::new)
                .orElseThrow(
                        () ->
                                new ImageException(
                                        Code.TOOL_MISSING,
                                        "%s is missing; install it: apt-get install -y %s"
                                                .formatted(name, debianPackage)));
    }

    private static Stream<String> pathFolders() {
        return Optional.ofNullable(System.getenv("PATH")).stream()
                .flatMap(path -> Stream.of(path.split(File.pathSeparator, -1)))
                .filter(folder -> folder.startsWith("/"));
    }

    /** Its name. */
    String name() {
        return program.getFileName().toString();
    }

    /**
     * Runs it to its end, and returns what it wrote to its standard output and error.
     *
     * @param log where that is kept meanwhile; gone afterwards
     * @throws ImageException if it fails, or takes longer than this
     * @throws InterruptedException if the thread was interrupted; the program has ended then
     */
    String run(List<String> arguments, Feed feed, Path log, Duration within)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("nice", "-n", "10", program.toString()));
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().clear();
        builder.environment().put("PATH", PATH);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(variables);
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        try {
            Process process = builder.start();
            requireFed(process, await(process, feed, within), log);
            return said(log);
        } finally {
            Files.deleteIfExists(log);
        }
    }

    /** Waits for its end, and returns what became of its feed. */
    private FutureTask<Boolean> await(Process process, Feed feed, Duration within)
            throws ImageException, InterruptedException {
        FutureTask<Boolean> fed =
                new FutureTask<>(
                        () -> {
                            try (OutputStream out = process.getOutputStream()) {
                                feed.write(out);
                            }
                            return true;
                        });
        // A pipe that nobody reads would hold this thread, and not let go when it is interrupted.
        Thread feeder = Thread.ofPlatform().name("feeds-" + name()).daemon().start(fed);
        try {
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ImageException(
                        Code.TIMEOUT,
                        "%s took longer than %d s and was ended"
                                .formatted(name(), within.toSeconds()));
            }
            return fed;
        } finally {
            end(process);
            feeder.interrupt();
        }
    }

    /** Ends it and what it started; does nothing where that has happened. */
    private static void end(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
    }

    private void requireFed(Process process, FutureTask<Boolean> fed, Path log)
            throws IOException, InterruptedException {
        Optional<Throwable> unfed = Optional.empty();
        try {
            boolean whole = fed.get();
            assert whole;
        } catch (ExecutionException e) {
            unfed = Optional.ofNullable(e.getCause());
        }
        if (process.exitValue() != 0) {
            throw new ImageException(Code.FAILED, "%s failed: %s".formatted(name(), words(log)));
        }
        if (unfed.isPresent()) {
            throw new ImageException(
                    Code.FAILED,
                    "%s did not get all that it was to read: %s".formatted(name(), unfed.get()),
                    unfed.get());
        }
    }

    private static String said(Path log) throws IOException {
        try (var in = Files.newInputStream(log)) {
            return new String(in.readNBytes(MOST_SAID_BYTES), StandardCharsets.UTF_8);
        }
    }

    /** What it said of its failure, in a line. */
    private static String words(Path log) throws IOException {
        String said = said(log).strip().replace('\n', ' ');
        return said.length() > MOST_TOLD ? said.substring(said.length() - MOST_TOLD) : said;
    }
}
