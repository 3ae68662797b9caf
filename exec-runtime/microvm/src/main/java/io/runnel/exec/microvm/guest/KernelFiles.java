package io.runnel.exec.microvm.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A kernel for microVMs in a folder: {@code vmlinuz} and {@code modules/*.ko}, as {@link
 * KernelPackage} leaves them. The folder is named by the kernel's release.
 *
 * <p>Debian's cloud kernel (6.1.0-57-cloud-amd64) boots under QEMU 7.2's TCG in machine {@code
 * microvm,pit=off,pic=off,rtc=off} with ACPI on (its virtio-mmio devices are told by ACPI; the
 * kernel has no {@code virtio_mmio.device} parameter), with 128 MiB, to process 1 in 1.5 to 2.5 s
 * of guest time on an idle machine: 20 boots of 20. Its command line needs {@code no_timer_check
 * tsc_early_khz=2800000 lpj=5600000}, with the speed of the computer's own counter; {@code panic=-1
 * reboot=t} with {@code -no-reboot} end QEMU with the guest. {@code rcutree.qhimark=200
 * rcutree.blimit=10000} make it free what failed forks leave: without, 256 processes that fork in
 * vain fill 128 MiB with dead task structures. Virtio and squashfs are modules; 0.4 MB of them are
 * in the initramfs.
 *
 * @param release as {@code 6.1.0-57-cloud-amd64}
 * @param kernel the compressed image that QEMU loads
 * @param modules all that a guest may need, in the order in which they are to be loaded
 */
public record KernelFiles(String release, Path kernel, List<Path> modules) {
    /** What a guest needs; with what those need. */
    static final List<String> WANTED =
            List.of("virtio_mmio", "virtio_console", "virtio_blk", "virtio_net", "squashfs");

    static final String KERNEL = "vmlinuz";
    static final String MODULES = "modules";

    /** Copies. */
    public KernelFiles {
        modules = List.copyOf(modules);
    }

    /**
     * The newest kernel among a folder's folders, or in the folder itself. One that lacks a module
     * was kept for guests that needed less, and is none.
     *
     * @param folder may be missing
     * @throws IOException if there is one that cannot be read
     */
    public static Optional<KernelFiles> find(Path folder) throws IOException {
        if (isKernel(folder)) {
            return Optional.of(read(folder));
        }
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        Optional<Path> newest;
        try (Stream<Path> inside = Files.list(folder)) {
            newest =
                    inside.filter(KernelFiles::isKernel)
                            .max(
                                    Comparator.comparing(
                                            path -> path.getFileName().toString(),
                                            KernelFiles::compareReleases));
        }
        return newest.isEmpty() ? Optional.empty() : Optional.of(read(newest.get()));
    }

    /** Whether a folder has a kernel and all that guests need of it. */
    static boolean isKernel(Path folder) {
        Path modules = folder.resolve(MODULES);
        return Files.isRegularFile(folder.resolve(KERNEL))
                && WANTED.stream().allMatch(name -> Files.exists(modules.resolve(name + ".ko")));
    }

    /** Reads a folder that has a kernel. */
    static KernelFiles read(Path folder) throws IOException {
        Map<String, KernelModule> all = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(folder.resolve(MODULES))) {
            for (Path file : files.filter(KernelModule::isModule).sorted().toList()) {
                KernelModule module = KernelModule.read(file);
                all.put(module.name(), module);
            }
        }
        List<Path> ordered = new ArrayList<>();
        for (String name : order(all, WANTED)) {
            ordered.add(all.get(name).file());
        }
        return new KernelFiles(folder.getFileName().toString(), folder.resolve(KERNEL), ordered);
    }

    /**
     * What is to be loaded for these, each after what it needs.
     *
     * @throws IOException if one is missing
     */
    static List<String> order(Map<String, KernelModule> all, List<String> wanted)
            throws IOException {
        Set<String> loaded = new LinkedHashSet<>();
        for (String name : wanted) {
            load(all, name, loaded, all.size());
        }
        return List.copyOf(loaded);
    }

    private static void load(
            Map<String, KernelModule> all, String name, Set<String> loaded, int deepest)
            throws IOException {
        KernelModule module = all.get(name);
        if (module == null || deepest < 0) {
            throw new IOException(
                    module == null
                            ? "the kernel's module %s is missing".formatted(name)
                            : "the kernel's modules need each other in a ring: " + name);
        }
        if (!loaded.contains(name)) {
            for (String need : module.needs()) {
                load(all, need, loaded, deepest - 1);
            }
            loaded.add(name);
        }
    }

    /** Compares as people do: numbers by their size. */
    static int compareReleases(String left, String right) {
        String[] lefts = left.split("[^0-9]+", -1);
        String[] rights = right.split("[^0-9]+", -1);
        for (int i = 0; i < Math.min(lefts.length, rights.length); i++) {
            int order =
                    Comparator.comparingInt(String::length)
                            .thenComparing(Comparator.naturalOrder())
                            .compare(bare(lefts[i]), bare(rights[i]));
            if (order != 0) {
                return order;
            }
        }
        return left.compareTo(right);
    }

    private static String bare(String digits) {
        int zeros = 0;
        while (zeros < digits.length() && digits.charAt(zeros) == '0') {
            zeros++;
        }
        return digits.substring(zeros);
    }
}
