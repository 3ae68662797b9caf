package io.runnel.routing.usage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What lies in a spool's folder, and how it is called. What has another name is left alone. */
final class SpoolFiles {
    static final String ACKNOWLEDGED = "acknowledged";

    private static final String SPARE = "spare.new";
    private static final Pattern BOOT = Pattern.compile("[0-9a-f]{16}");
    private static final Pattern SEGMENT = Pattern.compile("[0-9]{8}\\.usage");
    private static final Pattern UNFINISHED =
            Pattern.compile("([0-9]{8}|acknowledged|spare)\\.new");

    private SpoolFiles() {}

    static String segmentName(int index) {
        return "%08d.usage".formatted(index);
    }

    static String unfinishedName(int index) {
        return "%08d.new".formatted(index);
    }

    private static int index(Path segment) {
        return Integer.parseInt(segment.getFileName().toString(), 0, 8, 10);
    }

    /** The folders of boots. */
    static List<Path> boots(Path folder) throws IOException {
        List<Path> boots = matching(folder, BOOT);
        boots.removeIf(boot -> !Files.isDirectory(boot));
        return boots;
    }

    /** The segments of a boot, in order. */
    static List<Path> segments(Path boot) throws IOException {
        return matching(boot, SEGMENT);
    }

    private static List<Path> matching(Path folder, Pattern name) throws IOException {
        List<Path> found = new ArrayList<>();
        try (var all = Files.newDirectoryStream(folder)) {
            for (Path path : all) {
                if (name.matcher(path.getFileName().toString()).matches()) {
                    found.add(path);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        found.sort(null);
        return found;
    }

    /** The header of a segment, if it has one, and is the one that its name says. */
    static Optional<SpoolHeader> header(Path segment) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SpoolHeader.BYTES);
        try (var channel = FileChannel.open(segment, StandardOpenOption.READ)) {
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
        }
        return SpoolHeader.decode(bytes.flip()).filter(header -> header.index() == index(segment));
    }

    /** Ends a segment there, so that it takes no more space than it needs. */
    static void cut(Path segment, long at) throws IOException {
        try (var channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            var unused = channel.truncate(at);
        }
    }

    /** Keeps the file of a segment that nobody needs, for a later one. */
    static void spare(Path segment) throws IOException {
        Files.move(segment, segment.resolveSibling(SPARE), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Gives the spare file another name, if there is one. */
    static void takeSpare(Path boot, Path name) throws IOException {
        try {
            Files.move(boot.resolve(SPARE), name, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException _) {
            // Then the new one is made.
        }
    }

    /** Gives a segment that cannot be read to its end a name under which nobody looks again. */
    static void setAside(Path segment) throws IOException {
        Files.move(
                segment,
                segment.resolveSibling(segment.getFileName() + ".damaged"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes a boot of which nothing is left, unless there is what a spool has not put there. */
    static void deleteBoot(Path boot) throws IOException {
        for (Path unfinished : matching(boot, UNFINISHED)) {
            Files.delete(unfinished);
        }
        Files.deleteIfExists(boot.resolve(ACKNOWLEDGED));
        boolean empty;
        try (var all = Files.newDirectoryStream(boot)) {
            empty = !all.iterator().hasNext();
        }
        if (empty) {
            Files.delete(boot);
        }
    }
}
