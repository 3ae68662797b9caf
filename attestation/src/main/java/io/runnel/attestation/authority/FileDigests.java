package io.runnel.attestation.authority;

import io.runnel.attestation.AttestationException;
import io.runnel.attestation.SecretFile;
import io.runnel.attestation.document.Hashes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SHA-256 of files, remembered as long as they are the same by their place, size and times. The
 * time of the last change of a file's entry counts too where the file system keeps one: who writes
 * to a file can set back the other, not this. What is remembered may be kept in a file of its own,
 * which is believed as the owner's other secret files are. Safe for any thread; blocks.
 */
public final class FileDigests {
    private static final Logger LOG = System.getLogger(FileDigests.class.getName());
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

    private final Optional<SecretFile> kept;

    /** Whether something is known that is not kept. Guarded by {@link #known}. */
    private boolean isNew;

    /** What is known of one: how it looked when it was read. */
    private record Known(String seen, String digest) {
        private static final Pattern LINE =
                Pattern.compile("([0-9a-f]{64})  ([^\\t]+)\\t([^\\t\\x00]+)");

        String line(Path file) {
            return "%s  %s\t%s%n".formatted(digest, seen, file);
        }
    }

    /** Knows no file yet, and forgets all when the process ends. */
    public FileDigests() {
        this.kept = Optional.empty();
    }

    /** Knows what was kept there; one that cannot be read is as good as none. */
    public FileDigests(SecretFile kept) {
        this.kept = Optional.of(kept);
        try {
            kept.read().stream().flatMap(String::lines).forEach(this::learn);
        } catch (AttestationException e) {
            LOG.log(Level.DEBUG, "all files are read anew", e);
        }
    }

    private void learn(String line) {
        Matcher its = Known.LINE.matcher(line);
        if (its.matches()) {
            synchronized (known) {
                known.put(Path.of(its.group(3)), new Known(its.group(2), its.group(1)));
            }
        }
    }

    /** Writes down what was learned since it was last written. */
    private void keep() {
        StringBuilder lines = new StringBuilder();
        synchronized (known) {
            if (!isNew || kept.isEmpty()) {
                return;
            }
            isNew = false;
            known.forEach((file, its) -> lines.append(its.line(file)));
        }
        try {
            kept.get().write(lines.toString());
        } catch (AttestationException e) {
            LOG.log(Level.DEBUG, "all files are read anew next time", e);
        }
    }

    /**
     * Reads what it does not know of these, on all processors at once.
     *
     * @throws IOException if one cannot be read
     */
    void read(List<Path> all) throws IOException {
        try {
            all.parallelStream().forEach(this::readNow);
            keep();
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
        String before = seen(place);
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
                isNew = true;
            }
        }
        return digest;
    }

    private static String seen(Path file) throws IOException {
        boolean isUnix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
        return new TreeMap<>(Files.readAttributes(file, isUnix ? SEEN : SEEN_ELSEWHERE)).toString();
    }

    private static String read(Path file) throws IOException {
        MessageDigest one = Hashes.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), one)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(one.digest());
    }
}
