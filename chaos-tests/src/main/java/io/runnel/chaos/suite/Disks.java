package io.runnel.chaos.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Small disks under the data folders of nodes, which can be filled: file systems in memory ({@code
 * tmpfs}). They are mounted in a namespace of the run's own, with which they go, however it ends:
 * {@link OwnNamespace}. One thread at a time; only {@link #close} may be called by another.
 */
final class Disks implements AutoCloseable {
    /** A node needs a tenth of it. */
    private static final String SIZE = "size=64m";

    private static final String BALLAST = "chaos-ballast";
    private static final int MOST_FILLS = 10;
    private static final int BLOCK_BYTES = 1 << 16;

    private final Map<String, Path> folders = new ConcurrentHashMap<>();

    private Disks() {}

    /** None: nothing can be filled. */
    static Disks none() {
        return new Disks();
    }

    /**
     * Makes them.
     *
     * @param nodes the folder of the nodes' data folders, before it is used
     * @param names the nodes
     * @throws NetworkException if one cannot be made; then there are none
     */
    static Disks under(Path nodes, Set<String> names) {
        Disks disks = new Disks();
        try {
            for (String name : names) {
                Path folder = nodes.resolve(name);
                Files.createDirectories(folder);
                run(List.of("mount", "-t", "tmpfs", "-o", SIZE, "runnel-chaos", folder.toString()));
                disks.folders.put(name, folder);
            }
            return disks;
        } catch (IOException e) {
            disks.close();
            throw new NetworkException("no disk under " + nodes, e);
        } catch (RuntimeException e) {
            disks.close();
            throw e;
        }
    }

    /** Whether this node has one. */
    boolean has(String node) {
        return folders.containsKey(node);
    }

    void apply(Action.OnDisk action) {
        Path folder = folders.get(action.node());
        switch (action.kind()) {
            case FILL -> fill(folder);
            case FREE -> free(folder);
        }
    }

    /** Until nothing is left, though the node may delete a file meanwhile. */
    private static void fill(Path folder) {
        try {
            for (int i = 0; i < MOST_FILLS; i++) {
                write(folder.resolve(BALLAST));
                if (Files.getFileStore(folder).getUsableSpace() == 0) {
                    return;
                }
            }
        } catch (IOException e) {
            throw new NetworkException("cannot fill " + folder, e);
        }
        throw new NetworkException("does not get full: " + folder);
    }

    /** Blocks as long as these fit, then smaller ones, down to a byte. */
    private static void write(Path ballast) {
        for (int size = BLOCK_BYTES; size > 0; size /= 2) {
            byte[] block = new byte[size];
            try (OutputStream out =
                    Files.newOutputStream(
                            ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(block);
                }
            } catch (IOException e) {
                // So much does not fit any more.
            }
        }
    }

    private static void free(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(BALLAST));
        } catch (IOException e) {
            throw new NetworkException("cannot empty " + folder, e);
        }
    }

    /** Gives back what is taken. */
    void heal() {
        folders.values().forEach(Disks::free);
    }

    private static void run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new NetworkException("%s: %s".formatted(String.join(" ", command), said));
            }
        } catch (IOException e) {
            throw new NetworkException("%s cannot be run".formatted(command.getFirst()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted", e);
        }
    }

    @Override
    public void close() {
        for (String name : Set.copyOf(folders.keySet())) {
            run(List.of("umount", folders.remove(name).toString()));
        }
    }
}
