package io.runnel.attestation.authority;

import io.runnel.attestation.document.Hashes;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** What a process really runs: the jars of its class path. */
public final class Software {
    private Software() {}

    /**
     * That of this process: {@link #digest(List, FileDigests)} of its class path.
     *
     * @throws IOException if a jar cannot be read
     */
    public static String digest() throws IOException {
        String classPath = System.getProperty("java.class.path");
        List<Path> parts =
                Stream.of(classPath.split(File.pathSeparator, -1)).map(Path::of).toList();
        return lines(jars(parts), new FileDigests());
    }

    /**
     * SHA-256 over a line {@code SHA-256 NAME} for each jar of a class path, in the order of their
     * names, as {@code sha256sum} writes it; lower-case hexadecimal. Reads on all processors at
     * once.
     *
     * @param classPath as a process is given it: what a jar's manifest names belongs to it
     * @param files what is known of files already
     * @throws IOException if a jar cannot be read
     */
    public static String digest(List<Path> classPath, FileDigests files) throws IOException {
        List<Path> jars = jars(classPath);
        files.read(jars);
        return lines(jars, files);
    }

    private static List<Path> jars(List<Path> classPath) throws IOException {
        List<Path> jars = new ArrayList<>();
        for (Path path : classPath) {
            if (Files.isRegularFile(path)) {
                jars.add(path);
                jars.addAll(named(path));
            }
        }
        return jars.stream()
                .distinct()
                .sorted(Comparator.comparing(jar -> jar.getFileName().toString()))
                .toList();
    }

    private static String lines(List<Path> jars, FileDigests files) throws IOException {
        MessageDigest all = Hashes.sha256();
        for (Path jar : jars) {
            String line = "%s  %s%n".formatted(files.of(jar), jar.getFileName());
            all.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(all.digest());
    }

    /** The jars that a jar's manifest names. */
    private static List<Path> named(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String names =
                    manifest == null
                            ? null
                            : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return names == null
                    ? List.of()
                    : Stream.of(names.split(" ", -1))
                            .map(jar::resolveSibling)
                            .filter(Files::isRegularFile)
                            .toList();
        }
    }
}
