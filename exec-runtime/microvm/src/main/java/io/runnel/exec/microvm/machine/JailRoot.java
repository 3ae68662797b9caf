package io.runnel.exec.microvm.machine;

import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The files that QEMU sees in its jail: itself, the libraries it is linked with, its firmware, the
 * two tools that shut the door, and places where a machine's own files are bound. It is made once
 * for each version of all these (copies, so that one bind mount does for a machine instead of
 * hundreds), and every machine of the node has it, read-only.
 */
final class JailRoot {
    /** Names that a machine's files are bound to. */
    static final String KERNEL = "kernel";

    static final String INITRAMFS = "initramfs";
    static final String CODE = "code";
    static final String BASE = "base";
    static final String MEMORY = "memory";
    static final String RUN = "run";

    /** Where the machine's old root is for a moment. */
    static final String OLD = "old";

    /** Preloaded into a QEMU that would open a snapshot's memory for writing. */
    static final String PRELOAD = "template.so";

    private static final List<String> FILES = List.of(KERNEL, INITRAMFS, CODE, BASE, MEMORY);
    private static final List<String> TOOLS = List.of("setpriv", "umount");
    private static final List<String> FIRMWARE =
            List.of("bios-microvm.bin", "linuxboot_dma.bin", "pvh.bin", "qboot.rom");
    private static final String MODULES = "accel-*.so";
    private static final String PREFIX = "root-";
    private static final int MOST_FILES = 1000;

    private JailRoot() {}

    /**
     * Makes the folder, or finds it.
     *
     * @param cache of this node alone
     * @throws IOException if something is missing or cannot be copied
     */
    static Path make(Path cache, Path qemu) throws IOException {
        if (Tool.find("pivot_root").isEmpty()) {
            throw new MachineException("no pivot_root");
        }
        Set<Path> files = files(qemu);
        Path root = cache.resolve(PREFIX + key(files).brief());
        if (Files.isDirectory(root)) {
            return root;
        }
        deleteOthers(cache);
        Path made = Files.createTempDirectory(cache, PREFIX);
        try {
            fill(made, files);
            Files.move(made, root, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Trees.delete(made);
        }
        return root;
    }

    /** Of earlier versions, or half made; machines that run have theirs open. */
    private static void deleteOthers(Path cache) throws IOException {
        try (DirectoryStream<Path> others = Files.newDirectoryStream(cache, PREFIX + "*")) {
            for (Path other : others) {
                Trees.delete(other);
            }
        }
    }

    private static void fill(Path root, Set<Path> files) throws IOException {
        for (Path file : files) {
            Path copy = root.resolve(file.toString().substring(1));
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
            // Without a set-user-id bit.
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        try (InputStream in = preload()) {
            Files.copy(in, root.resolve(PRELOAD));
            Files.setPosixFilePermissions(
                    root.resolve(PRELOAD), PosixFilePermissions.fromString("r-xr-xr-x"));
        }
        for (String name : FILES) {
            Files.createFile(root.resolve(name));
        }
        Files.createDirectory(root.resolve(RUN));
        Files.createDirectory(root.resolve(OLD));
        Files.createDirectory(root.resolve("dev"));
        for (String device : JailCommand.DEVICES) {
            Files.createFile(root.resolve("dev").resolve(device));
        }
        // umount(8) reads the list of mounts; when it is done the link leads nowhere.
        Files.createSymbolicLink(root.resolve("proc"), Paths.get(OLD, "proc"));
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static InputStream preload() throws IOException {
        InputStream in = JailRoot.class.getResourceAsStream(PRELOAD);
        if (in == null) {
            throw new MachineException("%s is not in the program's jar".formatted(PRELOAD));
        }
        return in;
    }

    private static Set<Path> files(Path qemu) throws IOException {
        List<Path> programs = new ArrayList<>(List.of(qemu));
        for (String tool : TOOLS) {
            programs.add(
                    Tool.find(tool)
                            .orElseThrow(() -> new MachineException("no %s".formatted(tool))));
        }
        Set<Path> files = new LinkedHashSet<>(programs);
        for (Path program : programs) {
            files.addAll(libraries(program));
        }
        for (Path module : modules(files)) {
            files.add(module);
            files.addAll(libraries(module));
        }
        files.addAll(firmware(qemu));
        if (files.size() > MOST_FILES) {
            throw new MachineException("QEMU needs more than %d files".formatted(MOST_FILES));
        }
        return files;
    }

    /** What {@code ldd} says: lines like {@code libc.so.6 => /lib/libc.so.6 (0x7f)}. */
    private static Set<Path> libraries(Path program) throws IOException {
        Tool.Answer answer = Tool.run(List.of("ldd", program.toString()));
        Set<Path> libraries = new LinkedHashSet<>();
        for (String line : answer.said().lines().toList()) {
            for (String word : line.strip().split(" ", -1)) {
                if (word.startsWith("/")) {
                    libraries.add(Paths.get(word).normalize());
                }
            }
        }
        return libraries;
    }

    /** Accelerators are loaded when they are asked for; they lie beside the libraries. */
    private static List<Path> modules(Set<Path> files) throws IOException {
        Set<Path> folders = new LinkedHashSet<>();
        files.forEach(file -> folders.add(file.getParent().resolve("qemu")));
        List<Path> modules = new ArrayList<>();
        Set<Path> seen = new LinkedHashSet<>();
        for (Path folder : folders) {
            if (Files.isDirectory(folder) && seen.add(folder.toRealPath())) {
                // QEMU looks where its libraries really are.
                Path real = folder.toRealPath();
                try (DirectoryStream<Path> found = Files.newDirectoryStream(real, MODULES)) {
                    found.forEach(modules::add);
                }
            }
        }
        return modules;
    }

    private static List<Path> firmware(Path qemu) throws IOException {
        Tool.Answer answer = Tool.run(List.of(qemu.toString(), "-L", "help"));
        List<Path> found = new ArrayList<>();
        for (String name : FIRMWARE) {
            answer.said()
                    .lines()
                    .map(folder -> Paths.get(folder.strip()).normalize().resolve(name))
                    .filter(Files::isRegularFile)
                    .findFirst()
                    .ifPresent(found::add);
        }
        return found;
    }

    private static CodeDigest key(Set<Path> files) throws IOException {
        StringBuilder facts = new StringBuilder();
        try (InputStream in = preload()) {
            facts.append(CodeDigest.of(in.readAllBytes())).append('\n');
        }
        for (Path file : files) {
            facts.append(
                    "%s %d %s\n"
                            .formatted(
                                    file,
                                    Files.size(file),
                                    Files.getLastModifiedTime(file).toMillis()));
        }
        return CodeDigest.of(facts.toString().getBytes(StandardCharsets.UTF_8));
    }
}
