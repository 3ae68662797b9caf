package io.runnel.region.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.cluster.store.StoreRows;
import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** A backup that was read as a whole and is what was written. For one thread. */
final class BackupFile implements AutoCloseable {
    static final String MANIFEST = "manifest.json";
    static final String ROWS = "store.ndjson";
    static final String KEY = "store.key";
    static final String CODE = "code/";

    /** Of what is read at once: sums and the manifest; keys are shorter still. */
    private static final int MOST_SMALL_BYTES = 64 << 20;

    private final Path file;
    private final ZipFile zip;
    private final BackupManifest manifest;

    private BackupFile(Path file, ZipFile zip) throws IOException {
        this.file = file;
        this.zip = zip;
        verify();
        this.manifest = BackupManifest.read(new String(small(MANIFEST), UTF_8));
    }

    /**
     * Opens it, and reads all of it against its sums.
     *
     * @throws BackupException if it is damaged or no backup
     */
    static BackupFile verified(Path file) throws IOException {
        ZipFile zip = open(file);
        try {
            return new BackupFile(file, zip);
        } catch (BackupException e) {
            zip.close();
            throw new BackupException(e.code(), file + ": " + e.getMessage(), e);
        } catch (ZipException | IllegalArgumentException e) {
            zip.close();
            throw damaged(file, e);
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    private static ZipFile open(Path file) throws IOException {
        try {
            return new ZipFile(file.toFile());
        } catch (NoSuchFileException e) {
            throw new BackupException(BackupException.Code.DAMAGED, file + ": is not there", e);
        } catch (ZipException e) {
            throw damaged(file, e);
        }
    }

    private static BackupException damaged(Path file, Exception cause) {
        return new BackupException(
                BackupException.Code.DAMAGED,
                "%s: is no backup, or was cut off or changed: %s"
                        .formatted(file, cause.getMessage()),
                cause);
    }

    private void verify() throws IOException {
        Map<String, String> sums = sums();
        List<String> names =
                zip.stream()
                        .map(ZipEntry::getName)
                        .filter(name -> !name.equals(BackupWriter.SUMS))
                        .toList();
        if (names.size() != sums.size()) {
            throw wrong("has %d parts, of which %d are known".formatted(names.size(), sums.size()));
        }
        for (String name : names) {
            if (!sum(name).equals(sums.get(name))) {
                throw wrong(name + " is not what was written: the file is damaged");
            }
        }
        if (!sums.containsKey(MANIFEST) || !sums.containsKey(ROWS)) {
            throw wrong("lacks %s or %s".formatted(MANIFEST, ROWS));
        }
    }

    private static BackupException wrong(String text) {
        return new BackupException(BackupException.Code.DAMAGED, text);
    }

    private Map<String, String> sums() throws IOException {
        Map<String, String> sums = new HashMap<>();
        for (String line : new String(small(BackupWriter.SUMS), UTF_8).lines().toList()) {
            String[] parts = line.split("  ", 2);
            if (parts.length == 2) {
                sums.put(parts[1], parts[0]);
            }
        }
        return sums;
    }

    private String sum(String name) throws IOException {
        MessageDigest digest = BackupWriter.sha256();
        try (InputStream content = new DigestInputStream(entry(name), digest)) {
            long unused = content.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private InputStream entry(String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw wrong("is no backup: it has no " + name);
        }
        return zip.getInputStream(entry);
    }

    private byte[] small(String name) throws IOException {
        try (InputStream content = entry(name)) {
            byte[] bytes = content.readNBytes(MOST_SMALL_BYTES + 1);
            if (bytes.length > MOST_SMALL_BYTES) {
                throw wrong(name + " is longer than it can be");
            }
            return bytes;
        }
    }

    BackupManifest manifest() {
        return manifest;
    }

    /** Hands over all rows of the store. */
    void rows(StoreRows rows) {
        try (InputStream content = entry(ROWS)) {
            BackupRows.read(content, rows);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), e);
        }
    }

    /** The key that secrets are sealed by, if the region keeps one of its own. */
    Optional<byte[]> key() throws IOException {
        return zip.getEntry(KEY) == null ? Optional.empty() : Optional.of(small(KEY));
    }

    /** Which code is in it. */
    List<CodeDigest> codes() {
        return zip.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.startsWith(CODE))
                .map(name -> name.substring(CODE.length()))
                .filter(CodeDigest::isValid)
                .map(CodeDigest::new)
                .collect(Collectors.toList());
    }

    byte[] code(CodeDigest digest) throws IOException {
        return small(CODE + digest.value());
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
