package io.runnel.topology;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads topology files. Every problem of a file is told at once. Safe for any thread. */
public final class TopologyReader {
    /** The largest file: 1 MiB. */
    public static final int MOST_BYTES = 1 << 20;

    /** The most regions of a network. */
    public static final int MOST_REGIONS = 64;

    /** The most nodes of a region. */
    public static final int MOST_REGION_NODES = 64;

    /** The most POPs of a network. */
    public static final int MOST_POPS = 1000;

    /** The most links of a network. */
    public static final int MOST_LINKS = 5000;

    /** Supervisors that listen to tests: one for each machine. */
    public static final int MOST_SUPERVISORS = 1000;

    private TopologyReader() {}

    /**
     * Reads a file.
     *
     * @throws TopologyException with code {@code UNREADABLE}, or with {@code INVALID} and all that
     *     is wrong in it
     */
    public static Topology read(Path file) {
        byte[] bytes = bytes(file);
        try {
            return parse(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            throw unreadable(file, "it is not UTF-8 text", e);
        }
    }

    /**
     * Reads the text of a file.
     *
     * @throws TopologyException with code {@code INVALID} and all that is wrong in it
     */
    public static Topology parse(String text) {
        Problems problems = new Problems();
        if (text.length() > MOST_BYTES) {
            problems.add(Mark.WHOLE, "", "a topology must be at most 1 MiB: " + text.length());
            throw problems.exception();
        }
        ControlCharacters.tell(text, problems);
        Optional<YamlNode> root =
                problems.isEmpty() ? YamlTree.parse(text, problems) : Optional.empty();
        if (root.isEmpty() && problems.isEmpty()) {
            problems.add(Mark.WHOLE, "", "the file is empty: network and regions are missing");
        }
        return new TopologyDecoder(problems).topology(root.orElseThrow(problems::exception));
    }

    private static byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw unreadable(file, "it is larger than 1 MiB", null);
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw unreadable(file, "there is no such file", e);
        } catch (IOException e) {
            throw unreadable(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static TopologyException unreadable(Path file, String why, Throwable cause) {
        return new TopologyException(
                TopologyException.Code.UNREADABLE,
                "cannot read topology %s: %s".formatted(file, why),
                cause);
    }
}
