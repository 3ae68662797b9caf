package io.runnel.exec.microvm.machine;

import io.runnel.exec.microvm.machine.CgroupMounts.Controller;
import io.runnel.exec.microvm.machine.CgroupMounts.Place;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The cgroups of one node's machines, of version 1 and 2: in each hierarchy a folder {@code
 * runnel-NAME}, and in it a folder a machine.
 *
 * <p>Safe for any thread.
 */
final class Cgroups {
    private static final int MOST_RECORD_BYTES = 64 << 10;

    private final String name;
    private final Map<Controller, Path> folders = new EnumMap<>(Controller.class);
    private final Map<Controller, Boolean> unified = new EnumMap<>(Controller.class);
    private final Map<Fence, String> missing = new EnumMap<>(Fence.class);

    private Cgroups(String name) {
        this.name = "runnel-" + name;
    }

    /**
     * Makes the node's folders where that is possible.
     *
     * @param name no other node of this machine has it
     */
    static Cgroups open(String name, CgroupMounts mounts) {
        Cgroups cgroups = new Cgroups(name);
        for (Controller controller : Controller.values()) {
            cgroups.open(controller, Optional.ofNullable(mounts.places().get(controller)));
        }
        return cgroups;
    }

    /** Of this process. */
    static Cgroups here(String name) {
        try {
            return open(
                    name,
                    CgroupMounts.of(
                            Files.readAllLines(Paths.get("/proc/self/mountinfo")),
                            Files.readAllLines(Paths.get("/proc/self/cgroup"))));
        } catch (IOException e) {
            return open(name, new CgroupMounts(Map.of()));
        }
    }

    private void open(Controller controller, Optional<Place> place) {
        if (place.isEmpty()) {
            lacks(controller, "no such controller is mounted");
            return;
        }
        Path folder = place.get().parent().resolve(name);
        try {
            makeFolder(folder);
            if (place.get().unified()) {
                delegate(controller, folder);
            }
            unified.put(controller, place.get().unified());
            folders.put(controller, folder);
        } catch (IOException e) {
            lacks(
                    controller,
                    "cannot make %s (%s)".formatted(folder, e.getClass().getSimpleName()));
        }
    }

    private static void makeFolder(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            // Of an earlier run.
        }
    }

    /** Version 2: children have a controller only where their parent says so. */
    private static void delegate(Controller controller, Path folder) throws IOException {
        Path list = folder.resolve("cgroup.controllers");
        String word = controller.name(true);
        if (!Set.of(Files.readString(list).strip().split(" ", -1)).contains(word)) {
            throw new NoSuchFileException(word);
        }
        Files.writeString(folder.resolve("cgroup.subtree_control"), "+" + word);
    }

    private void lacks(Controller controller, String why) {
        missing.put(controller.fence(), why);
    }

    /** Why fences are missing. */
    Map<Fence, String> missing() {
        return Map.copyOf(missing);
    }

    /**
     * Makes a machine's cgroup.
     *
     * @param disk what {@link CgroupLimits#diskBytesPerSecond} is for, {@code major:minor}
     * @throws IOException if a limit cannot be set; nothing is left then
     */
    Cgroup make(String machine, CgroupLimits limits, Optional<String> disk) throws IOException {
        Set<Path> made = new LinkedHashSet<>();
        Cgroup cgroup = new Cgroup(made, memoryEvents(machine));
        try {
            for (Map.Entry<Controller, Path> entry : folders.entrySet()) {
                Path folder = entry.getValue().resolve(machine);
                if (!made.contains(folder)) {
                    Files.createDirectory(folder);
                    made.add(folder);
                }
                boolean second = unified.get(entry.getKey());
                CgroupFiles.limit(entry.getKey(), second, folder, limits, disk);
            }
            return new Cgroup(Set.copyOf(made), memoryEvents(machine));
        } catch (IOException | RuntimeException e) {
            cgroup.remove();
            throw e;
        }
    }

    private Optional<Path> memoryEvents(String machine) {
        boolean second = unified.getOrDefault(Controller.MEMORY, false);
        return Optional.ofNullable(folders.get(Controller.MEMORY))
                .map(folder -> folder.resolve(machine))
                .map(own -> own.resolve(second ? "memory.events" : "memory.oom_control"));
    }

    /**
     * Ends all that runs in cgroups of an earlier run of this node, and removes them. That run may
     * have stood elsewhere in the tree, so it is written down where each one was.
     *
     * @param record the file for that, of this node
     * @return how many machines were there
     */
    int endLeftovers(Path record) throws IOException {
        Set<Path> all = new LinkedHashSet<>(recorded(record));
        Set<Path> old = Set.copyOf(all);
        all.addAll(folders.values());
        Files.write(record, all.stream().map(Path::toString).toList());
        Set<String> machines = new LinkedHashSet<>();
        for (Path folder : all) {
            for (Path child : children(folder)) {
                machines.add(child.getFileName().toString());
                new Cgroup(Set.of(child), Optional.empty()).endAll();
            }
        }
        for (Path folder : old) {
            if (!folders.containsValue(folder)) {
                Files.deleteIfExists(folder);
            }
        }
        Files.write(record, Set.copyOf(folders.values()).stream().map(Path::toString).toList());
        return machines.size();
    }

    /** Only folders of this node's name. */
    private Set<Path> recorded(Path record) throws IOException {
        Set<Path> recorded = new LinkedHashSet<>();
        if (Files.exists(record) && Files.size(record) <= MOST_RECORD_BYTES) {
            for (String line : Files.readAllLines(record)) {
                Path folder = Paths.get(line);
                if (folder.isAbsolute() && folder.endsWith(name) && Files.isDirectory(folder)) {
                    recorded.add(folder);
                }
            }
        }
        return recorded;
    }

    private static List<Path> children(Path folder) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, Files::isDirectory)) {
            found.forEach(children::add);
        }
        return children;
    }

    /** Removes the node's folders; those that still have machines in them stay. */
    void close() {
        for (Path folder : Set.copyOf(folders.values())) {
            try {
                Files.deleteIfExists(folder);
            } catch (IOException e) {
                // The next start finds it.
            }
        }
    }
}
