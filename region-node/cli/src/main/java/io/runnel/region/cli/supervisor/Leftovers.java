package io.runnel.region.cli.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private Leftovers() {}

    /**
     * Returns when no node of this data folder runs any more.
     *
     * @param say takes a line for each node that was still there
     */
    public static void end(DataFolder data, Consumer<String> say) {
        for (Path file : pidFiles(data)) {
            ProcessMark.read(file).filter(Leftovers::isThere).ifPresent(m -> end(m, file, say));
        }
    }

    /** The processes of nodes of this data folder, by what their supervisor wrote down. */
    static List<ProcessHandle> of(DataFolder data) {
        return pidFiles(data).stream()
                .flatMap(file -> ProcessMark.read(file).stream())
                .filter(Leftovers::isThere)
                .flatMap(mark -> mark.find().stream())
                .toList();
    }

    private static boolean isThere(ProcessMark mark) {
        return mark.find().isPresent() && !mark.isOnlyAnEntry();
    }

    private static void end(ProcessMark mark, Path file, Consumer<String> say) {
        String name = file.getParent().getFileName().toString();
        say.accept("%s of an earlier run is still ending (pid %d)".formatted(name, mark.pid()));
        if (!endsWithin(mark, PATIENCE)) {
            mark.find().ifPresent(ProcessHandle::destroyForcibly);
            say.accept("%s did not end: killed".formatted(name));
            var unused = endsWithin(mark, PATIENCE);
        }
    }

    private static boolean endsWithin(ProcessMark mark, Duration patience) {
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        while (isThere(mark)) {
            if (System.nanoTime() - deadlineNanos >= 0 || Thread.interrupted()) {
                return false;
            }
            mark.find().ifPresent(Leftovers::awaitALittle);
        }
        return true;
    }

    /** Until it has ended or it is time to look again: one that is not reaped never tells. */
    private static void awaitALittle(ProcessHandle process) {
        try {
            process.onExit().get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // The next look tells.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<Path> pidFiles(DataFolder data) {
        Path nodes = data.root().resolve("nodes");
        if (!Files.isDirectory(nodes)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(nodes)) {
            return folders.flatMap(
                            folder ->
                                    Stream.of(Seat.values())
                                            .map(seat -> folder.resolve(seat.pidFile())))
                    .filter(Files::isRegularFile)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
