package io.runnel.exec.microvm;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.microvm.guest.GuestConfig;
import io.runnel.exec.microvm.machine.MachineFile;
import io.runnel.exec.microvm.machine.MachineSpec;
import io.runnel.exec.microvm.machine.Trees;
import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A node's snapshots of functions on its disk, also those of earlier runs: folders, each named by
 * what is started and how, with a file that says where the agent stood. A folder without that file
 * is not whole. Safe for any thread.
 */
final class TemplateShelf {
    private static final String POINT = "point.json";
    private static final int MOST_POINT_BYTES = 2 << 20;
    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;
    private final int most;
    private final InstantSource clock;

    private TemplateShelf(Path folder, int most, InstantSource clock) {
        this.folder = folder;
        this.most = most;
        this.clock = clock;
    }

    /** The shelf in a folder, which is made if it is missing; what is not whole is removed. */
    static TemplateShelf open(Path folder, int most, InstantSource clock) throws IOException {
        Files.createDirectories(folder);
        TemplateShelf shelf = new TemplateShelf(folder, most, clock);
        for (Path path : shelf.all()) {
            if (!Files.exists(path.resolve(POINT))) {
                Trees.delete(path);
            }
        }
        shelf.shrink(Set.of());
        return shelf;
    }

    private List<Path> all() throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.toList();
        }
    }

    /** What a snapshot of a function is called that is started so. Pure. */
    static String name(MachineSpec spec, GuestConfig config) {
        ObjectNode json = JSON.createObjectNode();
        json.put("kernel", spec.kernel().digest().value())
                .put("initramfs", spec.initramfs().digest().value())
                .put("code", spec.codeImage().digest().value())
                .put(
                        "base",
                        spec.baseImage().map(MachineFile::digest).map(CodeDigest::value).orElse(""))
                .put("memory", spec.memoryBytes())
                .put("version", spec.version())
                .put("handler", config.handler())
                .put("tmp", config.tmpMiB())
                .put("function", config.functionName())
                .put("functionVersion", config.functionVersion())
                .put("initialization", config.initializationType())
                .put("mostResponse", config.mostResponseBytes());
        ObjectNode variables = json.putObject("environment");
        new TreeMap<>(config.environment()).forEach(variables::put);
        try {
            return CodeDigest.of(JSON.writeValueAsBytes(json)).value();
        } catch (IOException e) {
            throw new UncheckedIOException("text is always JSON", e);
        }
    }

    /** Where the snapshot of this name is, or may be written. */
    Path place(String name) {
        return folder.resolve(name);
    }

    /**
     * Where the guest stood in the snapshot of this name, which counts as used now.
     *
     * @return empty if there is none, or none that can be read
     */
    Optional<TemplatePoint> point(String name) {
        Path file = place(name).resolve(POINT);
        try {
            if (!Files.exists(file) || Files.size(file) > MOST_POINT_BYTES) {
                return Optional.empty();
            }
            TemplatePoint point = TemplatePoint.ofJson(Files.readAllBytes(file));
            use(name);
            return Optional.of(point);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void use(String name) throws IOException {
        Files.setLastModifiedTime(place(name), FileTime.from(clock.instant()));
    }

    /**
     * Keeps the snapshot that was written at its place, and removes those that were used longest
     * ago.
     *
     * @param inUse names of others that stay
     */
    void keep(String name, TemplatePoint point, Set<String> inUse) throws IOException {
        Path made = place(name).resolve(POINT + ".tmp");
        Files.write(made, point.toJson());
        Files.move(made, made.resolveSibling(POINT), StandardCopyOption.ATOMIC_MOVE);
        use(name);
        shrink(inUse);
    }

    private synchronized void shrink(Set<String> inUse) throws IOException {
        List<Path> all = new ArrayList<>(all());
        all.removeIf(path -> !Files.exists(path.resolve(POINT)));
        all.sort(Comparator.comparing(path -> path.toFile().lastModified()));
        int spare = all.size() - most;
        for (Path path : all) {
            if (spare > 0 && !inUse.contains(path.getFileName().toString())) {
                Trees.delete(path);
                spare--;
            }
        }
    }

    /** Removes the snapshot of this name; machines that began with it go on. */
    void remove(String name) throws IOException {
        Trees.delete(place(name));
    }
}
