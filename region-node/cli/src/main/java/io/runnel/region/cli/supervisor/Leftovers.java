package io.runnel.region.cli.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Nodes of an earlier run whose supervisor was killed. Their lifeline is cut, so they are ending; a
 * new run waits for that, since they still hold their ports and files.
 */
public final class Leftovers {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Leftovers() {}

    /**
     * Returns when no node of this data folder runs any more.
     *
     * @param say takes a line for each node that was still there
     */
    public static void end(DataFolder data, Consumer<String> say) {
        for (Path file : pidFiles(data)) {
            process(file).filter(p -> isNodeOf(p, data)).ifPresent(p -> end(p, file, say));
        }
    }

    /** The processes of nodes of this data folder, by what their supervisor wrote down. */
    static List<ProcessHandle> of(DataFolder data) {
        return pidFiles(data).stream()
                .flatMap(file -> process(file).stream())
                .filter(p -> isNodeOf(p, data))
                .toList();
    }

    private static void end(ProcessHandle process, Path file, Consumer<String> say) {
        String name = file.getParent().getFileName().toString();
        say.accept("%s of an earlier run is still ending (pid %d)".formatted(name, process.pid()));
        if (!endsWithin(process, PATIENCE)) {
            process.destroyForcibly();
            say.accept("%s did not end: killed".formatted(name));
            var unused = endsWithin(process, PATIENCE);
        }
    }

    private static boolean endsWithin(ProcessHandle process, Duration patience) {
        CompletableFuture<ProcessHandle> end = process.onExit();
        try {
            end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static List<Path> pidFiles(DataFolder data) {
        Path nodes = data.root().resolve("nodes");
        if (!Files.isDirectory(nodes)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(nodes)) {
            return folders.map(f -> f.resolve("node.pid")).filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Optional<ProcessHandle> process(Path file) {
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Numbers of processes are used again: only one that was started for this folder counts. */
    private static boolean isNodeOf(ProcessHandle process, DataFolder data) {
        return CommandLines.of(process.pid()).contains(data.root().toString());
    }
}
