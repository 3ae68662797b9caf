package io.runnel.exec.microvm.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Gets the guests' kernel out of Debian's package, without installing it on the host. What is made
 * is a folder named by the kernel's release, of 15 MB, whole or not there at all.
 */
public final class KernelPackage {
    private static final String META = "linux-image-cloud-amd64";
    private static final Duration UNPACKING = Duration.ofMinutes(3);
    private static final Duration LOADING = Duration.ofMinutes(10);
    private static final int SETUP_MAGIC_AT = 0x202;
    private static final String XZ = ".xz";

    private final String aptGet;
    private final String aptCache;

    /** With the host's tools. */
    public KernelPackage() {
        this("apt-get", "apt-cache");
    }

    KernelPackage(String aptGet, String aptCache) {
        this.aptGet = aptGet;
        this.aptCache = aptCache;
    }

    /**
     * Downloads the newest kernel that apt knows, and unpacks it.
     *
     * @param folder gets the kernel's folder; made if missing
     * @throws IOException if there is no apt, no package list, no network or no room; says which
     */
    public KernelFiles install(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path work = Files.createTempDirectory(folder, ".kernel");
        try {
            return unpack(download(work), folder);
        } finally {
            delete(work);
        }
    }

    private Path download(Path work) throws IOException, InterruptedException {
        String name = newest(work);
        try {
            ToolRun.run(work, LOADING, List.of(aptGet, "download", name));
        } catch (IOException e) {
            throw new IOException(
                    "the kernel package %s cannot be downloaded; is there a network? %s"
                            .formatted(name, e.getMessage()),
                    e);
        }
        try (Stream<Path> files = Files.list(work)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".deb"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("apt-get downloaded no " + name));
        }
    }

    private String newest(Path work) throws IOException, InterruptedException {
        String said;
        try {
            said = ToolRun.run(work, UNPACKING, List.of(aptCache, "depends", META));
        } catch (IOException e) {
            throw new IOException(
                    "apt knows no package %s; try apt-get update: %s"
                            .formatted(META, e.getMessage()),
                    e);
        }
        return said.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("Depends: linux-image-"))
                .map(line -> line.substring("Depends: ".length()))
                .filter(KernelPackage::isName)
                .findFirst()
                .orElseThrow(
                        () -> new IOException("apt names no kernel that %s is".formatted(META)));
    }

    private static boolean isName(String text) {
        return !text.isEmpty()
                && text.charAt(0) != '.'
                && text.charAt(0) != '-'
                && text.chars()
                        .allMatch(
                                c ->
                                        (c >= 'a' && c <= 'z')
                                                || (c >= 'A' && c <= 'Z')
                                                || (c >= '0' && c <= '9')
                                                || "+-._~".indexOf(c) >= 0);
    }

    /**
     * Unpacks a kernel package.
     *
     * @param deb Debian's package of a kernel
     * @param folder gets the kernel's folder; made if missing
     * @throws IOException if it is no such package, or has no kernel or lacks a module
     */
    public static KernelFiles unpack(Path deb, Path folder)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path work = Files.createTempDirectory(folder, ".kernel");
        try {
            Path all = work.resolve("all");
            ToolRun.run(
                    work,
                    UNPACKING,
                    List.of("dpkg-deb", "-x", deb.toAbsolutePath().toString(), all.toString()));
            return keep(all, work, folder);
        } finally {
            delete(work);
        }
    }

    /**
     * Takes a kernel out of a tree of files that a package has been unpacked to.
     *
     * @param all has {@code boot} and {@code lib/modules}
     * @param work for what is not whole yet, on the file system of the folder
     */
    static KernelFiles keep(Path all, Path work, Path folder)
            throws IOException, InterruptedException {
        Path image = image(all);
        String release = image.getFileName().toString().substring("vmlinuz-".length());
        if (!isName(release)) {
            throw new IOException("a kernel has the strange release '%s'".formatted(release));
        }
        Path target = folder.resolve(release);
        if (!KernelFiles.isKernel(target)) {
            if (Files.exists(target)) {
                delete(target);
            }
            Path made = Files.createDirectories(work.resolve("made").resolve(release));
            Files.copy(image, made.resolve(KernelFiles.KERNEL));
            Path modules = Files.createDirectory(made.resolve(KernelFiles.MODULES));
            copyModules(all.resolve("lib/modules").resolve(release), modules, work);
            KernelFiles.read(made);
            Files.move(made, target, StandardCopyOption.ATOMIC_MOVE);
        }
        return KernelFiles.read(target);
    }

    private static Path image(Path all) throws IOException {
        Path boot = all.resolve("boot");
        Optional<Path> image = Optional.empty();
        if (Files.isDirectory(boot)) {
            try (Stream<Path> files = Files.list(boot)) {
                image =
                        files.filter(Files::isRegularFile)
                                .filter(f -> f.getFileName().toString().startsWith("vmlinuz-"))
                                .max(
                                        Comparator.comparing(
                                                f -> f.getFileName().toString(),
                                                KernelFiles::compareReleases));
            }
        }
        Path found = image.orElseThrow(() -> new IOException("the package has no boot/vmlinuz-*"));
        byte[] head;
        try (var in = Files.newInputStream(found)) {
            head = in.readNBytes(SETUP_MAGIC_AT + 4);
        }
        String magic =
                head.length < SETUP_MAGIC_AT + 4
                        ? ""
                        : new String(head, SETUP_MAGIC_AT, 4, StandardCharsets.US_ASCII);
        if (!magic.equals("HdrS")) {
            throw new IOException(found.getFileName() + " is no x86 kernel");
        }
        return found;
    }

    /** Those that a guest needs, with what they need. */
    private static void copyModules(Path from, Path to, Path work)
            throws IOException, InterruptedException {
        Map<String, Path> all = modules(from);
        Deque<String> wanted = new ArrayDeque<>(KernelFiles.WANTED);
        Set<String> seen = new HashSet<>(wanted);
        while (!wanted.isEmpty()) {
            String name = wanted.remove();
            Path file = all.get(name);
            if (file == null) {
                throw new IOException("the package has no module " + name);
            }
            Path copy = to.resolve(name + ".ko");
            copyModule(file, copy, work);
            KernelModule.read(copy).needs().stream().filter(seen::add).forEach(wanted::add);
        }
    }

    private static Map<String, Path> modules(Path from) throws IOException {
        Map<String, Path> all = new HashMap<>();
        if (Files.isDirectory(from)) {
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path bare = Path.of(withoutXz(file.getFileName().toString()));
                    if (KernelModule.isModule(bare)) {
                        all.put(KernelModule.nameOf(bare), file);
                    }
                }
            }
        }
        return all;
    }

    private static String withoutXz(String name) {
        return name.endsWith(XZ) ? name.substring(0, name.length() - XZ.length()) : name;
    }

    /** Debian 13 and later compress them. */
    private static void copyModule(Path file, Path copy, Path work)
            throws IOException, InterruptedException {
        Files.copy(file, copy);
        if (file.getFileName().toString().endsWith(XZ)) {
            Path packed = copy.resolveSibling(copy.getFileName() + XZ);
            Files.move(copy, packed);
            ToolRun.run(work, UNPACKING, List.of("xz", "-d", packed.toString()));
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
