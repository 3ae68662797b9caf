package io.runnel.exec.microvm.machine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where this process stands in the cgroups of its machine, by what the kernel says of it. Pure.
 *
 * @param places for each controller that is there
 */
record CgroupMounts(Map<Controller, Place> places) {
    /** A controller of both versions. */
    enum Controller {
        MEMORY("memory", "memory", Fence.CGROUP_MEMORY),
        CPU("cpu", "cpu", Fence.CGROUP_CPU),
        PIDS("pids", "pids", Fence.CGROUP_PIDS),
        IO("blkio", "io", Fence.CGROUP_IO);

        private final String first;
        private final String second;
        private final Fence fence;

        Controller(String first, String second, Fence fence) {
            this.first = first;
            this.second = second;
            this.fence = fence;
        }

        String name(boolean unified) {
            return unified ? second : first;
        }

        Fence fence() {
            return fence;
        }
    }

    /**
     * A folder of cgroups.
     *
     * @param unified whether of version 2
     * @param mount the hierarchy's root
     * @param own the cgroup of this process in it
     */
    record Place(boolean unified, Path mount, Path own) {
        /**
         * Where cgroups of machines can be: in our own with version 1; beside it with version 2,
         * since one with processes in it has no children with limits, but for the root.
         */
        Path parent() {
            return unified && !own.equals(mount) ? own.getParent() : own;
        }
    }

    /** {@code mountinfo(5)}: root, mount point, after the dash: type, source, options. */
    private record Mount(String root, Path point, String type, List<String> options) {}

    /**
     * Reads both.
     *
     * @param mountinfo {@code /proc/self/mountinfo}
     * @param cgroup {@code /proc/self/cgroup}
     */
    static CgroupMounts of(List<String> mountinfo, List<String> cgroup) {
        List<Mount> mounts = mountinfo.stream().flatMap(line -> mount(line).stream()).toList();
        Map<Controller, Place> places = new EnumMap<>(Controller.class);
        for (Controller controller : Controller.values()) {
            place(controller, mounts, cgroup).ifPresent(place -> places.put(controller, place));
        }
        return new CgroupMounts(places);
    }

    private static Optional<Mount> mount(String line) {
        String[] words = line.split(" ", -1);
        int dash = Arrays.asList(words).indexOf("-");
        if (dash < 5 || words.length < dash + 4 || !words[dash + 1].startsWith("cgroup")) {
            return Optional.empty();
        }
        return Optional.of(
                new Mount(
                        words[3],
                        Path.of(words[4]),
                        words[dash + 1],
                        List.of(words[dash + 3].split(",", -1))));
    }

    private static Optional<Place> place(
            Controller controller, List<Mount> mounts, List<String> cgroup) {
        Optional<Mount> first =
                mounts.stream()
                        .filter(m -> m.type().equals("cgroup"))
                        .filter(m -> m.options().contains(controller.name(false)))
                        .findFirst();
        Optional<Mount> second =
                mounts.stream().filter(m -> m.type().equals("cgroup2")).findFirst();
        boolean unified = first.isEmpty();
        return first.or(() -> second)
                .flatMap(
                        mount ->
                                ownPath(cgroup, unified ? "" : controller.name(false))
                                        .map(own -> place(mount, own, unified)));
    }

    private static Place place(Mount mount, String own, boolean unified) {
        // In a container the mount may show only a part of the tree: its root is what we are in.
        String below = own.startsWith(mount.root()) ? own.substring(mount.root().length()) : "";
        List<String> names = new ArrayList<>(List.of(below.split("/", -1)));
        names.removeIf(name -> name.isEmpty() || name.equals(".."));
        Path path = mount.point();
        for (String name : names) {
            path = path.resolve(name);
        }
        return new Place(unified, mount.point(), path);
    }

    /** Lines are {@code number:controller,controller:path}; version 2 names none. */
    private static Optional<String> ownPath(List<String> cgroup, String controller) {
        return cgroup.stream()
                .map(line -> line.split(":", 3))
                .filter(parts -> parts.length == 3)
                .filter(parts -> List.of(parts[1].split(",", -1)).contains(controller))
                .map(parts -> parts[2])
                .findFirst();
    }
}
