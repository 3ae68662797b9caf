package io.runnel.routing.usage;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.runnel.exec.task.RegionId;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * How far each region has one boot, and the file that says so: a region and a place in each line,
 * and the CRC-32C of these lines in the last one. For one thread.
 */
final class Acknowledgements {
    private static final int MOST_BYTES = 1 << 20;

    private final Path file;
    private final Map<RegionId, Long> places;

    private Acknowledgements(Path file, Map<RegionId, Long> places) {
        this.file = file;
        this.places = places;
    }

    /** What is known of a boot. A damaged file says nothing. */
    static Acknowledgements of(Path boot) {
        Path file = boot.resolve(SpoolFiles.ACKNOWLEDGED);
        try {
            boolean readable = Files.isRegularFile(file) && Files.size(file) <= MOST_BYTES;
            String text = readable ? Files.readString(file, ISO_8859_1) : "";
            return new Acknowledgements(file, parse(text));
        } catch (IOException | IllegalArgumentException _) {
            return new Acknowledgements(file, new TreeMap<>());
        }
    }

    private static Map<RegionId, Long> parse(String text) {
        Map<RegionId, Long> places = new TreeMap<>();
        int last = text.lastIndexOf('\n', text.length() - 2) + 1;
        String lines = text.substring(0, last);
        if (!text.substring(last).equals(checksum(lines))) {
            return places;
        }
        for (String line : lines.lines().toList()) {
            int space = line.indexOf(' ');
            String region = line.substring(0, Math.max(0, space));
            places.put(new RegionId(region), Long.parseLong(line.substring(space + 1)));
        }
        return places;
    }

    private static String checksum(String lines) {
        var crc = new CRC32C();
        crc.update(lines.getBytes(ISO_8859_1));
        return "%08x\n".formatted(crc.getValue());
    }

    /** Behind what the region has; 0 if nothing is known. */
    long of(RegionId region) {
        return places.getOrDefault(region, 0L);
    }

    /** Known regions. */
    Iterable<RegionId> regions() {
        return List.copyOf(places.keySet());
    }

    void set(RegionId region, long place) {
        places.put(region, place);
    }

    /** Writes the file, all of it or nothing. */
    void save() throws IOException {
        var lines = new StringBuilder();
        places.forEach(
                (region, place) -> lines.append(region).append(' ').append(place).append('\n'));
        Path written = file.resolveSibling(SpoolFiles.ACKNOWLEDGED + ".new");
        Files.writeString(written, lines + checksum(lines.toString()), ISO_8859_1);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
