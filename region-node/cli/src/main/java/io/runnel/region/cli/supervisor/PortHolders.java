package io.runnel.region.cli.supervisor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds out which process listens on a TCP port, from {@code /proc}: {@code net/tcp} tells the
 * inode of the socket, the descriptors of the processes tell who has it open. Processes of other
 * users do not show theirs.
 */
final class PortHolders {
    private static final String LISTENING = "0A";

    private final Path proc;

    PortHolders(Path proc) {
        this.proc = proc;
    }

    /** A process that has a port open. */
    record Holder(long pid, String program, List<String> commandLine) {
        /** {@code pid 123 (java)}, or which node of which other network it is. */
        @Override
        public String toString() {
            return "pid %d (%s%s)".formatted(pid, program, node());
        }

        private String node() {
            Optional<String> node = valueOf("--node");
            Optional<String> data = valueOf("--data");
            return node.isEmpty() || data.isEmpty()
                    ? ""
                    : ", node %s of the network in %s".formatted(node.get(), data.get());
        }

        private Optional<String> valueOf(String option) {
            int at = commandLine.indexOf(option);
            return at >= 0 && at + 1 < commandLine.size()
                    ? Optional.of(commandLine.get(at + 1))
                    : Optional.empty();
        }
    }

    /** Who listens on this port, on whatever address; empty if that cannot be seen. */
    Optional<Holder> of(int port) {
        Set<Long> inodes =
                Stream.of("net/tcp", "net/tcp6")
                        .flatMap(file -> lines(proc.resolve(file)).stream())
                        .flatMap(line -> listeningInode(line, port).stream().boxed())
                        .collect(Collectors.toSet());
        return inodes.isEmpty() ? Optional.empty() : holderOf(inodes);
    }

    /** The inode in a line of {@code /proc/net/tcp} if it is a listener on the port. */
    static OptionalLong listeningInode(String line, int port) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields.length < 10 || !fields[3].equals(LISTENING)) {
            return OptionalLong.empty();
        }
        String portDigits = fields[1].substring(fields[1].lastIndexOf(':') + 1);
        return HexFormat.fromHexDigits(portDigits) == port
                ? OptionalLong.of(Long.parseLong(fields[9]))
                : OptionalLong.empty();
    }

    private Optional<Holder> holderOf(Set<Long> inodes) {
        Set<String> names =
                inodes.stream().map(i -> "socket:[" + i + "]").collect(Collectors.toSet());
        for (Path process : entries(proc, "[0-9]*")) {
            for (Path descriptor : entries(process.resolve("fd"), "*")) {
                if (names.contains(link(descriptor))) {
                    return Optional.of(holder(process));
                }
            }
        }
        return Optional.empty();
    }

    private static Holder holder(Path process) {
        long pid = Long.parseLong(process.getFileName().toString());
        String program = lines(process.resolve("comm")).stream().findFirst().orElse("?");
        return new Holder(pid, program, CommandLines.read(process.resolve("cmdline")));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<Path> entries(Path folder, String glob) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
            entries.forEach(found::add);
        } catch (IOException e) {
            // A process that has ended meanwhile, or another user's.
        }
        return found;
    }

    private static String link(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
