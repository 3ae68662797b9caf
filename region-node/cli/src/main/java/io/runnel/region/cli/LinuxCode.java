package io.runnel.region.cli;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.microvm.image.CodePacker;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What a task of the kind {@code linux} is deployed from: a folder, an archive, or a program. */
final class LinuxCode {
    private LinuxCode() {}

    /**
     * The archive of it.
     *
     * @throws CliException if it cannot be read, or no node would take it, for the reason that
     *     nodes would give
     */
    static byte[] read(Path path) {
        try {
            return CodePacker.pack(path);
        } catch (CodeRejectedException e) {
            throw CliException.failed("%s: %s".formatted(path, e.getMessage()));
        } catch (NoSuchFileException e) {
            throw CliException.failed("%s is not there".formatted(e.getFile()));
        } catch (IOException e) {
            throw CliException.failed("%s cannot be read: %s".formatted(path, Reason.of(e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliException.failed("packing %s was interrupted".formatted(path));
        }
    }
}
