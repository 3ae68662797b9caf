package io.runnel.region.cli.supervisor;

import io.runnel.attestation.NetworkToken;
import io.runnel.region.cli.supervisor.SupervisorException.Code;
import io.runnel.topology.Address;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The supervisor as a process: holds the data folder's lock, runs the nodes of its topology,
 * answers on the socket, and ends with the nodes.
 *
 * <p>Its standard input is its own lifeline to the command that started it: when that pipe breaks,
 * everything is stopped, unless {@link #RELEASE} was read before, which leaves the supervisor
 * alone.
 */
public final class SupervisorProcess {
    /** What the starting command says on the pipe to let the supervisor live on by itself. */
    static final int RELEASE = 'r';

    private static final long MOST_SECONDS_TO_END = 45;

    private final DataFolder data;
    private final InstantSource clock = Clock.systemUTC();
    private final LogFile log;
    private final Supervisor supervisor;

    private SupervisorProcess(NodeCommand command, boolean restarts, Patience patience) {
        this.data = command.data();
        this.log = new LogFile(data.log());
        this.supervisor =
                new Supervisor(
                        localNodes(),
                        new NodeProcesses(command, NodeVariables.said(System.getenv())),
                        restarts,
                        patience,
                        () -> token().text(),
                        clock,
                        System::nanoTime);
    }

    /**
     * Runs until all nodes have ended for good; the body of the supervisor's {@code main}.
     *
     * @param command how nodes are started, and of which data folder
     * @param restarts whether a node that dies is started again
     * @param lifeline the pipe to the command that started this
     * @return whether all nodes were ready once
     * @throws SupervisorException if the data folder is another supervisor's or cannot be used
     */
    public static boolean run(
            NodeCommand command, boolean restarts, Patience patience, InputStream lifeline) {
        DataFolder data = command.data();
        try (FileChannel file = openLock(data);
                FileLock _ = lock(file, data)) {
            return new SupervisorProcess(command, restarts, patience).run(lifeline);
        } catch (IOException e) {
            throw new SupervisorException(
                    Code.DATA_FOLDER, "%s: %s".formatted(data.root(), e.getMessage()), e);
        }
    }

    private static FileChannel openLock(DataFolder data) throws IOException {
        return FileChannel.open(data.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static FileLock lock(FileChannel file, DataFolder data) throws IOException {
        return Optional.ofNullable(file.tryLock())
                .orElseThrow(
                        () ->
                                new SupervisorException(
                                        Code.DATA_FOLDER,
                                        data.root() + " has a running supervisor already"));
    }

    /** Whether a supervisor holds the folder now, be it that it answers or not. */
    public static boolean isHeld(DataFolder data) {
        try (FileChannel file = openLock(data);
                FileLock lock = file.tryLock()) {
            return lock == null;
        } catch (IOException | OverlappingFileLockException e) {
            return true;
        }
    }

    /**
     * Returns when no supervisor holds the folder any more.
     *
     * @throws SupervisorException if the folder cannot be used
     */
    public static void awaitFree(DataFolder data) {
        try (FileChannel file = openLock(data);
                FileLock _ = file.lock()) {
            // Having had it is all that was wanted.
        } catch (IOException e) {
            throw new SupervisorException(
                    Code.DATA_FOLDER, "%s: %s".formatted(data.root(), e.getMessage()), e);
        }
    }

    private boolean run(InputStream lifeline) throws IOException {
        supervisor.watch(event -> log.line(event.toString()));
        say("supervisor started as pid " + ProcessHandle.current().pid());
        try (supervisor;
                SupervisorServer server =
                        SupervisorServer.open(data.socket(), supervisor, this::localNodes);
                Listeners _ = listen()) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::stopNodes, "end"));
            Thread.ofPlatform().name("lifeline").daemon().start(() -> follow(lifeline));
            supervisor.startAll();
            server.answerAll();
            boolean wasReady = awaitReady();
            supervisor.ended().join();
            say("supervisor ended");
            return wasReady;
        } finally {
            log.close();
        }
    }

    /** Where tests reach it, as its topology says. */
    private record Listeners(List<SupervisorHttp> open) implements AutoCloseable {
        @Override
        public void close() {
            open.forEach(SupervisorHttp::close);
        }
    }

    private Listeners listen() throws IOException {
        Listeners listeners = new Listeners(new ArrayList<>());
        try {
            for (Address address : TopologyReader.read(data.topology()).supervisors()) {
                if (LocalAddresses.contain(address)) {
                    listeners.open.add(SupervisorHttp.open(address, supervisor, this::token));
                    say("tests are listened to at " + address);
                }
            }
            return listeners;
        } catch (IOException e) {
            listeners.close();
            throw e;
        }
    }

    private NetworkToken token() {
        return NetworkToken.read(data.networkToken());
    }

    private List<LocalNode> localNodes() {
        Topology topology = TopologyReader.read(data.topology());
        return LocalNode.of(topology, LocalAddresses::contain);
    }

    private boolean awaitReady() {
        try {
            supervisor.allReady().join();
            say("network ready");
            return true;
        } catch (CompletionException e) {
            say("start failed: " + e.getCause().getMessage());
            return false;
        }
    }

    private void follow(InputStream lifeline) {
        try {
            for (int said = lifeline.read(); said != RELEASE; said = lifeline.read()) {
                if (said < 0) {
                    say("the command that started this network is gone: ending");
                    stopNodes();
                    return;
                }
            }
        } catch (IOException e) {
            stopNodes();
        }
    }

    private void stopNodes() {
        if (supervisor.ended().isDone()) {
            return;
        }
        try {
            supervisor.stopAll().get(MOST_SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            say(
                    "nodes did not end in %d s; they end with this process"
                            .formatted(MOST_SECONDS_TO_END));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            say("ending failed: " + e);
        }
    }

    private void say(String text) {
        log.line(clock.instant() + " " + text);
    }
}
