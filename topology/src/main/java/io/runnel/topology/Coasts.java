package io.runnel.topology;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/** The coarse outlines of land that a map is drawn on. */
final class Coasts {
    private static final String FILE = "coasts.txt";

    private Coasts() {}

    /** Each closed. */
    static List<List<Location>> outlines() {
        try (InputStream file = Coasts.class.getResourceAsStream(FILE)) {
            return new String(file.readAllBytes(), US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> Arrays.stream(line.split(" ")).map(Coasts::corner).toList())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(FILE, e);
        }
    }

    private static Location corner(String pair) {
        int comma = pair.indexOf(',');
        return new Location(
                Double.parseDouble(pair.substring(comma + 1)),
                Double.parseDouble(pair.substring(0, comma)));
    }
}
