package io.runnel.region.cli.supervisor;

import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.topology.NodeStatus.Role;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Starts the processes of nodes and keeps what they say. A node's standard input is a pipe that
 * nobody writes to: it breaks when this process ends, however it ends, and the node ends with it.
 */
final class NodeProcesses {
    /** What a user's key opens is no business of a node's process. */
    private static final String KEY_VARIABLE = "RUNNEL_KEY";

    private final NodeCommand command;
    private final NodeVariables variables;
    private final JoinTokens joinTokens;
    private final Measurements measurements;
    private final Map<NodeName, LogFile> logs = new ConcurrentHashMap<>();

    NodeProcesses(NodeCommand command, NodeVariables variables) {
        this.command = command;
        this.variables = variables;
        SecureRandom random = new SecureRandom();
        InstantSource clock = InstantSource.system();
        this.joinTokens = new JoinTokens(command.data(), random, clock);
        this.measurements =
                new Measurements(
                        command.data(),
                        new SupervisorIdentity(command.data(), MachineName.ofThis(), random),
                        clock);
    }

    /**
     * Starts a node.
     *
     * @throws UncheckedIOException if no process can be made
     */
    RunningNode start(LocalNode node) {
        return start(node, Seat.FIRST, false);
    }

    /**
     * Starts a process of a node in this seat.
     *
     * @param takesOver whether there is one in the other seat, which it takes over from
     * @throws UncheckedIOException if no process can be made
     */
    RunningNode start(LocalNode node, Seat seat, boolean takesOver) {
        DataFolder data = command.data();
        try {
            Files.createDirectories(data.node(node.name()));
            emptyFolder(data.nodeTemp(node.name(), seat));
            if (node.role() == Role.POP) {
                joinTokens.ensure(new PopId(node.name().value()));
            }
            measurements.begin(node.name(), seat, command.classPath(node));
            ProcessBuilder builder =
                    new ProcessBuilder(command.of(node, seat, takesOver))
                            .directory(data.root().toFile())
                            .redirectErrorStream(true);
            Map<String, String> environment = builder.environment();
            environment.remove(KEY_VARIABLE);
            environment.putAll(variables.of(node.name()));
            Process process = builder.start();
            remember(process, data.nodePid(node.name(), seat));
            LastLines last = new LastLines();
            Thread pump =
                    Thread.ofPlatform()
                            .name("log-" + node.name())
                            .daemon()
                            .stackSize(128 << 10)
                            .start(() -> pump(process, log(node), last));
            return new RunningNode(process, seat, pump, last);
        } catch (IOException e) {
            measurements.end(node.name(), seat);
            throw new UncheckedIOException("cannot start " + node.name(), e);
        }
    }

    /** Somebody wants the node to take calls: it does not come up drained. */
    void undrain(LocalNode node) {
        try {
            Files.deleteIfExists(command.data().nodeDrained(node.name()));
        } catch (IOException e) {
            // It comes up drained then, and status says so.
        }
    }

    private static void remember(Process process, Path file) throws IOException {
        Optional<ProcessMark> mark = ProcessMark.of(process.toHandle());
        if (mark.isPresent()) {
            mark.get().write(file);
        }
    }

    /** Signs anew what was measured of all that run; to be called every other minute. */
    void measureAnew() {
        measurements.renew();
    }

    /** Both processes of a node write to the same. */
    private LogFile log(LocalNode node) {
        return logs.computeIfAbsent(node.name(), name -> new LogFile(command.data().nodeLog(name)));
    }

    /** Its process has ended: there is none to look for after a crash. */
    void forget(LocalNode node, Seat seat) {
        measurements.end(node.name(), seat);
        try {
            Files.deleteIfExists(command.data().nodePid(node.name(), seat));
        } catch (IOException e) {
            // A file with the number of a process that is gone misleads nobody: it is checked.
        }
    }

    private static void pump(Process process, LogFile log, LastLines last) {
        byte[] buffer = new byte[8192];
        // Whoever writes to it after it was closed opens it again.
        try (log;
                InputStream said = process.getInputStream()) {
            for (int count = said.read(buffer); count >= 0; count = said.read(buffer)) {
                log.write(buffer, count);
                last.add(new String(buffer, 0, count, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // The pipe closes when the process is reaped: there is nothing more to keep.
        }
    }

    private static void emptyFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            Files.walkFileTree(
                    folder,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Files.delete(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path visited, IOException e)
                                throws IOException {
                            if (!visited.equals(folder)) {
                                Files.delete(visited);
                            }
                            return FileVisitResult.CONTINUE;
                        }
                    });
        }
        Files.createDirectories(folder);
    }
}
