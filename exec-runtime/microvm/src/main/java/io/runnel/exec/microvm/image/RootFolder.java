package io.runnel.exec.microvm.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A folder that becomes the root of guests: made of unpacked packages by what installing them would
 * have done, without what only installed systems need. Not thread-safe.
 */
final class RootFolder {
    private static final List<String> MERGED = List.of("bin", "sbin", "lib", "lib64");

    private static final List<String> LEFT =
            List.of(
                    "usr/share/doc",
                    "usr/share/man",
                    "usr/share/info",
                    "usr/share/locale",
                    "usr/share/lintian",
                    "usr/share/bug",
                    "usr/share/menu",
                    "usr/share/pixmaps",
                    "usr/share/applications",
                    "usr/share/icons",
                    "usr/share/gdb",
                    "usr/share/systemd",
                    "usr/lib/systemd",
                    "etc/init.d",
                    "etc/cron.d",
                    "etc/cron.daily",
                    "etc/logrotate.d",
                    "etc/default",
                    "etc/apt",
                    "etc/machine-id",
                    "var/lib",
                    "var/cache",
                    "var/log",
                    "var/backups");

    /** Where a guest mounts what it has of its own. */
    private static final List<String> EMPTY =
            List.of(
                    "dev",
                    "proc",
                    "sys",
                    "run",
                    "tmp",
                    "mnt",
                    "opt",
                    "root",
                    "home",
                    "etc",
                    "var/lib",
                    "var/log",
                    "var/tmp",
                    "var/cache",
                    "var/task");

    private static final Map<String, String> FILES =
            Map.of(
                    "etc/passwd",
                    """
                    root:x:0:0:root:/root:/bin/sh
                    task:x:1000:1000:task:/tmp:/bin/sh
                    nobody:x:65534:65534:nobody:/nonexistent:/bin/false
                    """,
                    "etc/group",
                    "root:x:0:\ntask:x:1000:\nnogroup:x:65534:\n",
                    "etc/hosts",
                    "127.0.0.1 localhost\n::1 localhost\n",
                    "etc/hostname",
                    "localhost\n",
                    "etc/nsswitch.conf",
                    "passwd: files\ngroup: files\nhosts: files dns\n",
                    "etc/resolv.conf",
                    "");

    private static final Path CERTIFICATES = Path.of("usr/share/ca-certificates/mozilla");
    private static final String BUNDLE = "/etc/ssl/certs/ca-certificates.crt";
    private static final Set<PosixFilePermission> FOR_ALL = permissions("rw-r--r--");
    private static final Set<PosixFilePermission> RUNNABLE = permissions("rwxr-xr-x");

    private final Path root;

    RootFolder(Path root) {
        this.root = root;
    }

    private static Set<PosixFilePermission> permissions(String text) {
        return PosixFilePermissions.fromString(text);
    }

    /** Puts {@code /bin} and its like into {@code /usr}, as all of Debian has them. */
    void merge() throws IOException {
        for (String name : MERGED) {
            Path merged = root.resolve("usr").resolve(name);
            Files.createDirectories(merged);
            Path apart = root.resolve(name);
            if (Files.isDirectory(apart, LinkOption.NOFOLLOW_LINKS)) {
                move(apart, merged);
            }
            Files.createSymbolicLink(apart, Path.of("usr", name));
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (DirectoryStream<Path> inside = Files.newDirectoryStream(from)) {
            for (Path path : inside) {
                Path there = to.resolve(path.getFileName());
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    move(path, there);
                } else if (!Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
                    Files.move(path, there);
                } else {
                    Files.delete(path);
                }
            }
        }
        Files.delete(from);
    }

    /** Adds what scripts of packages would have made, and what a guest expects. */
    void complete(List<String> tools) throws IOException {
        for (String name : LEFT) {
            delete(root.resolve(name));
        }
        for (String name : EMPTY) {
            Files.createDirectories(root.resolve(name));
        }
        for (Map.Entry<String, String> file : FILES.entrySet()) {
            Files.writeString(root.resolve(file.getKey()), file.getValue());
        }
        for (String tool : tools) {
            Path link = root.resolve("usr/bin").resolve(tool);
            boolean there =
                    Files.exists(link, LinkOption.NOFOLLOW_LINKS)
                            || Files.exists(root.resolve("usr/sbin").resolve(tool));
            if (!there) {
                Files.createSymbolicLink(link, Path.of("busybox"));
            }
        }
        bundleCertificates();
    }

    private void bundleCertificates() throws IOException {
        Path folder = root.resolve(CERTIFICATES);
        if (!Files.isDirectory(folder)) {
            return;
        }
        StringBuilder bundle = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                bundle.append(Files.readString(file, StandardCharsets.US_ASCII).strip())
                        .append('\n');
            }
        }
        Files.createDirectories(root.resolve("etc/ssl/certs"));
        Files.writeString(root.resolve(BUNDLE.substring(1)), bundle);
        delete(root.resolve("usr/share/ca-certificates"));
        delete(root.resolve("usr/lib/ssl"));
        Files.createDirectories(root.resolve("usr/lib/ssl"));
        Files.createSymbolicLink(root.resolve("usr/lib/ssl/cert.pem"), Path.of(BUNDLE));
        Files.createSymbolicLink(root.resolve("usr/lib/ssl/certs"), Path.of("/etc/ssl/certs"));
    }

    /** Leaves files, folders and links only; to be read, and run if so, by all: no set bits. */
    void settle() throws IOException {
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes is)
                            throws IOException {
                        Files.setPosixFilePermissions(path, RUNNABLE);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path path, BasicFileAttributes is)
                            throws IOException {
                        if (is.isRegularFile()) {
                            boolean runs =
                                    Files.getPosixFilePermissions(path)
                                            .contains(PosixFilePermission.OWNER_EXECUTE);
                            Files.setPosixFilePermissions(path, runs ? RUNNABLE : FOR_ALL);
                        } else if (!is.isSymbolicLink()) {
                            Files.delete(path);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /** What a {@code bootstrap} may need of it: see {@link BaseImage#programs}. */
    Set<String> programs() throws IOException {
        Set<String> programs = new TreeSet<>();
        for (String folder : List.of("usr/bin", "usr/sbin", "usr/lib64")) {
            try (Stream<Path> files = Files.list(root.resolve(folder))) {
                files.filter(this::runs)
                        .map(file -> "/" + folder + "/" + file.getFileName())
                        .forEach(programs::add);
            }
        }
        return programs;
    }

    /** Follows links as a guest would, whose root this is. */
    private boolean runs(Path file) {
        Path at = file;
        for (int hop = 0; hop < 8 && Files.isSymbolicLink(at); hop++) {
            try {
                Path target = Files.readSymbolicLink(at);
                at =
                        target.isAbsolute()
                                ? root.resolve(target.toString().substring(1))
                                : at.resolveSibling(target);
            } catch (IOException e) {
                return false;
            }
        }
        return Files.isExecutable(at) && Files.isRegularFile(at);
    }

    /** Deletes a folder and all in it; what is not there is gone already. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        List<Path> all = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.forEach(all::add);
        }
        for (Path path : all.reversed()) {
            Files.delete(path);
        }
    }
}
