package io.runnel.region.cli;

import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.Limits;
import io.runnel.exec.wasi.AssetsRejectedException;
import io.runnel.exec.wasi.TaskPackage;

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

    /**
     * A module with the files of a folder: a package.
     *
     * @throws CliException if there is something in the folder that cannot be deployed, or both are
     *     too large together
     */
    static Code packaged(Path module, Path assets) {
        Code alone = read(module);
        if (TaskPackage.isPackage(alone.bytes)) {
            throw CliException.usage(
                    "%s is a package already; --assets goes with a module".formatted(module));
        }
        if (!Files.isDirectory(assets)) {
            throw CliException.failed("--assets: %s is not a folder".formatted(assets));
        }
        try {
            return new Code(TaskPackage.of(alone.bytes, assets));
        } catch (AssetsRejectedException e) {
            throw CliException.failed("--assets %s: %s".formatted(assets, e.getMessage()));
        } catch (IOException e) {
            throw CliException.failed(
                    "--assets %s cannot be read: %s".formatted(assets, Reason.of(e)));
        }
    }

    /**
     * A folder with a {@code bootstrap}, an archive of one, or one program alone.
     *
     * @throws CliException as {@link LinuxCode#read}
     */
    static Code linux(Path path) {
        return new Code(LinuxCode.read(path));
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
