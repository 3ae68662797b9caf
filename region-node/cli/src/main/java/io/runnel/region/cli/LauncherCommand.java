package io.runnel.region.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * {@code doctor} and {@code verify}, which must work where nothing is built and no JDK is found,
 * and {@code chaos}, which is a program of its own: the launcher does them; here they are named for
 * the help and for whoever came another way.
 */
final class LauncherCommand {
    private LauncherCommand() {}

    /** Says where it is done. */
    private static int refuse(String name, List<String> words) {
        throw CliException.usage(
                "%s is the launcher's, and comes first: ./runnel %s %s"
                        .formatted(name, name, String.join(" ", words))
                        .strip());
    }

    @Command(
            name = "doctor",
            description = "Says what this machine lacks, and with --install installs it.")
    static final class Doctor implements Callable<Integer> {
        @Unmatched private List<String> words = new ArrayList<>();

        @Override
        public Integer call() {
            return refuse("doctor", words);
        }
    }

    @Command(name = "verify", description = "Builds everything and runs every test.")
    static final class Verify implements Callable<Integer> {
        @Unmatched private List<String> words = new ArrayList<>();

        @Override
        public Integer call() {
            return refuse("verify", words);
        }
    }

    @Command(
            name = "chaos",
            description = "Breaks a network on purpose, and says which promises it kept.")
    static final class Chaos implements Callable<Integer> {
        @Unmatched private List<String> words = new ArrayList<>();

        @Override
        public Integer call() {
            return refuse("chaos", words);
        }
    }
}
