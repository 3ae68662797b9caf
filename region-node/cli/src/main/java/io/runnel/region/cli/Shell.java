package io.runnel.region.cli;

import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.region.cli.supervisor.Installation;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a command runs in: its streams, its environment, and what is installed.
 *
 * @param out for results
 * @param err for progress and errors
 */
record Shell(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Installation installation) {

    static Shell ofThisProcess() {
        return new Shell(
                System.in, System.out, System.err, System.getenv(), Installation.ofThisProcess());
    }

    /** A variable that is set to something. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(v -> !v.isBlank());
    }

    /** A line of progress. */
    void say(String text) {
        err.println(text);
        err.flush();
    }

    /** A line of the result. */
    void print(String text) {
        out.println(text);
        flush();
    }

    /**
     * Writes a file of the result; makes its folder.
     *
     * @throws CliException if it cannot be written
     */
    void write(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, bytes);
        } catch (IOException e) {
            throw CliException.failed("%s cannot be written: %s".formatted(file, Reason.of(e)));
        }
    }

    /**
     * Returns when all of the result so far has come through.
     *
     * @throws CliException if it did not: its reader has gone, or its disk is full
     */
    void flush() {
        if (out.checkError()) {
            throw CliException.failed("standard output takes no more: it is closed or full");
        }
    }

    /** Whether a person looks on: both standard input and output are a terminal. */
    boolean isOnTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    Path defaultData() {
        return installation.top().resolve(".runnel");
    }

    /** How a person would call a command for this data folder. */
    String command(DataFolder data, String words) {
        boolean isDefault = data.equals(new DataFolder(defaultData()));
        return "./runnel " + words + (isDefault ? "" : " --data " + data.root());
    }
}
