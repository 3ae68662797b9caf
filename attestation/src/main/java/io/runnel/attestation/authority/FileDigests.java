package io.runnel.attestation.authority;

import io.runnel.attestation.document.Hashes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * SHA-256 of files, remembered as long as they are the same by their place, size and times. The
 * time of the last change of a file's entry counts too where the file system keeps one: who writes
 * to a file can set back the other, not this. Safe for any thread; blocks.
 */
public final class FileDigests {
    private static final int MOST_REMEMBERED = 1_000;
    private static final String SEEN = "unix:size,lastModifiedTime,ctime,fileKey";
    private static final String SEEN_ELSEWHERE = "size,lastModifiedTime,fileKey";

    /** Guarded by itself. */
    private final Map<Path, Known> known =
            new LinkedHashMap<>(16, 0.75F, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Path, Known> eldest) {
                    return size() > MOST_REMEMBERED;
                }
            };

    private record Known(Map<String, Object> seen, String digest) {}

    /** Knows no file yet. */
    public FileDigests() {}

    /**
     * Reads what it does not know of these, on all processors at once.
     *
     * @throws IOException if one cannot be read
     */
    void read(List<Path> all) throws IOException {
        try {
            all.parallelStream().forEach(this::readNow);
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void readNow(Path file) {
        try {
            String unused = of(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * In lower-case hexadecimal.
     *
     * @throws IOException if it cannot be read
     */
    String of(Path file) throws IOException {
        Path place = file.toAbsolutePath().normalize();
        Map<String, Object> before = seen(place);
        synchronized (known) {
            Known found = known.get(place);
            if (found != null && found.seen().equals(before)) {
                return found.digest();
            }
        }
        String digest = read(place);
        // What was changed meanwhile is read again next time.
        if (seen(place).equals(before)) {
            synchronized (known) {
                known.put(place, new Known(before, digest));
            }
        }
        return digest;
    }

    private static Map<String, Object> seen(Path file) throws IOException {
        boolean isUnix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
        return Files.readAttributes(file, isUnix ? SEEN : SEEN_ELSEWHERE);
    }

    private static String read(Path file) throws IOException {
        MessageDigest one = Hashes.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), one)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(one.digest());
    }
}
