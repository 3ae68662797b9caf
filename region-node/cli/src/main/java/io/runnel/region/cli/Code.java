package io.runnel.region.cli;

import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.Limits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** A task's code in memory, with the name that its content gives it. Immutable by use. */
final class Code {
    private final byte[] bytes;
    private final CodeDigest digest;

    private Code(byte[] bytes) {
        this.bytes = bytes;
        this.digest = CodeDigest.of(bytes);
    }

    /**
     * Reads a file, unless it is larger than any module may be.
     *
     * @throws CliException if it cannot be read or is too large
     */
    static Code read(Path file) {
        try {
            long size = Files.size(file);
            if (size > Limits.MODULE.bytes()) {
                throw CliException.failed(
                        String.format(
                                Locale.ROOT,
                                "%s has %,d bytes; a module may have %,d (%s; this limit is fixed)",
                                file,
                                size,
                                Limits.MODULE.bytes(),
                                Limits.MODULE));
            }
            return new Code(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw CliException.failed("%s is not there".formatted(file));
        } catch (IOException e) {
            throw CliException.failed("%s cannot be read: %s".formatted(file, Reason.of(e)));
        }
    }

    /** The bytes themselves, for sending: not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    CodeDigest digest() {
        return digest;
    }

    int size() {
        return bytes.length;
    }
}
