package io.runnel.attestation.authority;

import io.runnel.attestation.document.Hashes;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** What this process really runs: the jars of its class path. */
public final class Software {
    private Software() {}

    /**
     * SHA-256 over a line {@code SHA-256 NAME} for each jar of the class path, in the order of
     * their names, as {@code sha256sum} writes it; lower-case hexadecimal.
     *
     * @throws IOException if one cannot be read
     */
    public static String digest() throws IOException {
        List<Path> jars = new ArrayList<>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(part);
            if (Files.isRegularFile(path)) {
                jars.add(path);
                jars.addAll(named(path));
            }
        }
        return digest(jars.stream().distinct().toList());
    }

    static String digest(List<Path> jars) throws IOException {
        MessageDigest all = Hashes.sha256();
        List<Path> sorted =
                jars.stream()
                        .sorted(Comparator.comparing(j -> j.getFileName().toString()))
                        .toList();
        for (Path jar : sorted) {
            String line = "%s  %s%n".formatted(hash(jar), jar.getFileName());
            all.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(all.digest());
    }

    private static String hash(Path jar) throws IOException {
        MessageDigest one = Hashes.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(jar), one)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(one.digest());
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
