package io.runnel.chaos.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sets the wall clocks of single nodes while they run: each is started with libfaketime, which
 * reads from a file, once a second, by how much its clock is wrong. The monotonic clock is left
 * alone, as it is when a real clock is set. One thread at a time.
 */
final class Clocks {
    /** Names the folder of the nodes' own variables to whoever starts them. */
    static final String FOLDER_VARIABLE = "RUNNEL_NODE_ENV";

    private static final String LIBRARY = "faketime/libfaketimeMT.so.1";
    private static final String RIGHT = "+0";

    private final Path folder;
    private final Set<String> nodes;

    private Clocks(Path folder, Set<String> nodes) {
        this.folder = folder;
        this.nodes = Set.copyOf(nodes);
    }

    /** None: no clock can be set. */
    static Clocks none() {
        return new Clocks(Path.of(""), Set.of());
    }

    /**
     * Prepares to set them: to be called before the nodes are started, with {@link #variables}.
     *
     * @param folder is made; nothing else is in it
     */
    static Clocks of(Path folder, Set<String> nodes) {
        Clocks clocks = new Clocks(folder, nodes);
        for (String node : nodes) {
            clocks.prepare(node);
        }
        return clocks;
    }

    private void prepare(String node) {
        Path library =
                library().orElseThrow(() -> new NetworkException(missing().orElse("no library")));
        List<String> variables =
                List.of(
                        "LD_PRELOAD=" + library,
                        "FAKETIME_TIMESTAMP_FILE=" + file(node),
                        "FAKETIME_CACHE_DURATION=1",
                        "FAKETIME_DONT_FAKE_MONOTONIC=1",
                        // Else whoever waits for a time on that clock does not wait at all.
                        "FAKETIME_FORCE_MONOTONIC_FIX=0",
                        // What is written on a disk has its own times.
                        "NO_FAKE_STAT=1");
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve(node + ".env"), variables);
        } catch (IOException e) {
            throw new NetworkException("no clock for " + node, e);
        }
        write(node, RIGHT);
    }

    private Path file(String node) {
        return folder.resolve(node + ".clock");
    }

    /** What is set when the nodes are started. */
    Map<String, String> variables() {
        return nodes.isEmpty() ? Map.of() : Map.of(FOLDER_VARIABLE, folder.toString());
    }

    /** Whether this node's clock can be set. */
    boolean has(String node) {
        return nodes.contains(node);
    }

    /** Sets a clock wrong; within two seconds the node sees it. */
    void jump(Action.Jump jump) {
        write(jump.node(), "%+d".formatted(jump.by().toSeconds()));
    }

    /** Sets it right. */
    void reset(String node) {
        write(node, RIGHT);
    }

    /** Sets all of them right. */
    void heal() {
        nodes.forEach(this::reset);
    }

    /** At once: whoever reads it sees the old line or the new one. */
    private void write(String node, String offset) {
        Path made = folder.resolve(node + ".clock.new");
        try {
            Files.writeString(made, offset + "\n", UTF_8);
            Files.move(made, file(node), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new NetworkException("cannot set the clock of " + node, e);
        }
    }

    /** Why no clock can be set here; empty if all is there. */
    static Optional<String> missing() {
        return library().isPresent()
                ? Optional.empty()
                : Optional.of(
                        "setting clocks needs libfaketime (Debian's package 'libfaketime';"
                                + " ./runnel doctor --install)");
    }

    /** Where Debian, and others, have it. */
    private static Optional<Path> library() {
        for (Path libraries : List.of(Path.of("/usr/lib"), Path.of("/usr/lib64"))) {
            if (Files.isReadable(libraries.resolve(LIBRARY))) {
                return Optional.of(libraries.resolve(LIBRARY));
            }
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(libraries)) {
                for (Path folder : folders) {
                    if (Files.isReadable(folder.resolve(LIBRARY))) {
                        return Optional.of(folder.resolve(LIBRARY));
                    }
                }
            } catch (IOException e) {
                // Then it is not there.
            }
        }
        return Optional.empty();
    }
}
