package io.runnel.region.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a backup: a ZIP file whose last entry, {@value #SUMS}, has the SHA-256 of every other one,
 * in the form that {@code sha256sum -c} reads. The file is for its owner only, and has its name
 * only once it is whole and on disk; until then, or for ever if that fails, there is none.
 */
final class BackupWriter implements AutoCloseable {
    static final String SUMS = "SHA256SUMS";

    private final Path file;
    private final boolean force;
    private final Path made;
    private final FileChannel channel;
    private final ZipOutputStream zip;
    private final Map<String, String> sums = new TreeMap<>();

    /**
     * Begins a file.
     *
     * @param force whether it may take another one's place
     * @throws BackupException if it is there and may not be replaced
     */
    BackupWriter(Path file, boolean force) throws IOException {
        this.file = file.toAbsolutePath();
        this.force = force;
        requireFree();
        this.made =
                this.file.resolveSibling(
                        ".%s.%d.part".formatted(file.getFileName(), ProcessHandle.current().pid()));
        Files.deleteIfExists(made);
        this.channel =
                FileChannel.open(
                        made,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        this.zip = new ZipOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)));
    }

    private void requireFree() {
        if (Files.isDirectory(file) || (!force && Files.exists(file))) {
            throw exists();
        }
    }

    private BackupException exists() {
        return new BackupException(
                BackupException.Code.EXISTS,
                Files.isDirectory(file)
                        ? file + " is a folder: name a file"
                        : file + " is there already: another name, or --force");
    }

    /** Something that writes one entry. */
    @FunctionalInterface
    interface Content {
        /** Writes it, and leaves the stream open. */
        void writeTo(OutputStream to) throws IOException;
    }

    /** Adds an entry. */
    void add(String name, Content content) throws IOException {
        MessageDigest digest = sha256();
        zip.putNextEntry(new ZipEntry(name));
        content.writeTo(
                new FilterOutputStream(zip) {
                    @Override
                    public void write(byte[] bytes, int from, int length) throws IOException {
                        digest.update(bytes, from, length);
                        zip.write(bytes, from, length);
                    }

                    @Override
                    public void write(int one) throws IOException {
                        write(new byte[] {(byte) one}, 0, 1);
                    }

                    @Override
                    public void close() {
                        // The file goes on.
                    }
                });
        zip.closeEntry();
        sums.put(name, HexFormat.of().formatHex(digest.digest()));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Ends it and gives it its name; its size in bytes. */
    long finish() throws IOException {
        StringBuilder lines = new StringBuilder();
        sums.forEach((name, sum) -> lines.append("%s  %s%n".formatted(sum, name)));
        zip.putNextEntry(new ZipEntry(SUMS));
        zip.write(lines.toString().getBytes(UTF_8));
        zip.closeEntry();
        zip.finish();
        zip.flush();
        channel.force(true);
        long bytes = channel.size();
        zip.close();
        if (force) {
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        } else {
            moveBeside();
        }
        try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
        return bytes;
    }

    private void moveBeside() throws IOException {
        try {
            Files.move(made, file);
        } catch (FileAlreadyExistsException e) {
            throw exists();
        }
    }

    /** Leaves nothing behind of what was not finished. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(made);
    }
}
