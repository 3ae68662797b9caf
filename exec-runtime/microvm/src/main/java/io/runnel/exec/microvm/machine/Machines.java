package io.runnel.exec.microvm.machine;

import io.runnel.exec.task.CodeDigest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The machines of one node. Opened, it ends what machines an earlier run of the node left, and
 * removes their files; closed, it ends its own.
 *
 * <p>Safe for any thread.
 */
public final class Machines implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Machines.class.getName());
    private static final String LOCK = "lock";
    private static final String CGROUPS = "cgroups";
    private static final String PREFIX = "m";

    private final MachineSettings settings;
    private final FileChannel lock;
    private final Qemu qemu;
    private final Jail jail;
    private final AtomicLong numbers = new AtomicLong();
    private final Set<Machine> running = ConcurrentHashMap.newKeySet();

    private Machines(MachineSettings settings, FileChannel lock, Qemu qemu, Jail jail) {
        this.settings = settings;
        this.lock = lock;
        this.qemu = qemu;
        this.jail = jail;
    }

    /**
     * Opens the folder.
     *
     * @throws IOException if QEMU or a tool is missing (the message says what to install), another
     *     process has the folder, or what an earlier run left cannot be ended
     */
    public static Machines open(MachineSettings settings) throws IOException {
        Qemu qemu = Qemu.find();
        Spawner.open();
        makeFolder(settings.folder(), "rwx--x--x");
        makeFolder(settings.cache(), "rwx--x--x");
        FileChannel lock = lock(settings.folder().resolve(LOCK));
        try {
            Cgroups cgroups = Cgroups.here(nameOf(settings.folder()));
            endLeftovers(settings.folder(), cgroups);
            Jail jail = Jail.open(settings.jail(), qemu, settings.cache(), cgroups);
            return new Machines(settings, lock, qemu, jail);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static void makeFolder(Path folder, String permissions) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // This process has it itself.
        }
        channel.close();
        throw new MachineException("another node runs its machines in %s".formatted(file));
    }

    /** The same at each start of the node, and no other node's. */
    static String nameOf(Path folder) throws IOException {
        byte[] path = folder.toRealPath().toString().getBytes(StandardCharsets.UTF_8);
        return CodeDigest.of(path).brief();
    }

    private static void endLeftovers(Path folder, Cgroups cgroups) throws IOException {
        int ended = cgroups.endLeftovers(folder.resolve(CGROUPS));
        int removed = 0;
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path left : folders) {
                MachineMark.endIfThere(left);
                Trees.delete(left);
                removed++;
            }
        }
        if (ended + removed > 0) {
            LOG.log(
                    Level.INFO,
                    "machines of an earlier run removed: {0}",
                    Math.max(ended, removed));
        }
    }

    /** Which fences the machines have. */
    public JailReport jail() {
        return jail.report();
    }

    /** QEMU's version, as it says it. */
    public String qemuVersion() {
        return qemu.version().text();
    }

    /** How many run. */
    public int running() {
        return running.size();
    }

    /**
     * Starts a machine whose kernel boots. It runs when this returns; its agent says so later.
     * Blocks for some 100 ms; an interrupt ends it.
     *
     * @throws IOException if it does not start; nothing is left of it then
     */
    public Machine boot(MachineSpec spec, Accelerator accelerator) throws IOException {
        return boot(spec, accelerator, Plug.NONE);
    }

    /** The same, on a network. */
    public Machine boot(MachineSpec spec, Accelerator accelerator, Plug plug) throws IOException {
        return start(spec, accelerator, new Beginning.Kernel(true), plug);
    }

    /** As {@link #boot}, but it cannot be saved, and what is in its memory gets into no file. */
    public Machine bootAlone(MachineSpec spec, Accelerator accelerator, Plug plug)
            throws IOException {
        return start(spec, accelerator, new Beginning.Kernel(false), plug);
    }

    /**
     * Starts a machine that goes on where a snapshot stands. It runs when this returns; the first
     * thing that the agent has to hear is that it is another machine now. Blocks for some 100 ms;
     * an interrupt ends it.
     *
     * @param snapshot one that {@link #snapshot} gave for the same specification and accelerator
     * @throws IOException if it does not start; nothing is left of it then
     */
    public Machine restore(MachineSpec spec, Accelerator accelerator, Snapshot snapshot)
            throws IOException {
        return restore(spec, accelerator, snapshot, Plug.NONE);
    }

    /** The same, on a network. */
    public Machine restore(MachineSpec spec, Accelerator accelerator, Snapshot snapshot, Plug plug)
            throws IOException {
        Optional<String> difference =
                snapshot.traits()
                        .differenceTo(SnapshotTraits.of(spec, accelerator, qemu.version()));
        if (difference.isPresent()) {
            throw new MachineException("snapshot of another machine: " + difference.get());
        }
        // Read before anything is started: a damaged one costs nothing then.
        Beginning restored =
                new Beginning.Restored(snapshot, new ByteArrayInputStream(snapshot.readState()));
        return start(spec, accelerator, restored, plug);
    }

    /**
     * Starts a machine with all of another, which {@link Machine#send} sends. Blocks until it has
     * come whole; an interrupt ends it. The machine stands still then, and is on no network, until
     * {@link Machine#resume}.
     *
     * @param stream read to its end; whoever has it may be hostile, and so may what comes
     * @throws IOException if it does not come whole, or is no such machine; nothing is left then
     */
    public Machine receive(MachineSpec spec, Accelerator accelerator, InputStream stream)
            throws IOException {
        return start(spec, accelerator, new Beginning.Sent(stream), Plug.NONE);
    }

    /**
     * What a machine must have in common with one that goes on with all of it, to the letter: of
     * this computer and such a machine.
     */
    public Map<String, String> traits(MachineSpec spec, Accelerator accelerator)
            throws IOException {
        return SnapshotTraits.of(spec, accelerator, qemu.version()).values();
    }

    /** The first difference to what another computer says of such a machine, for people. */
    public Optional<String> differenceTo(
            MachineSpec spec, Accelerator accelerator, Map<String, String> others)
            throws IOException {
        return new SnapshotTraits(others)
                .differenceTo(SnapshotTraits.of(spec, accelerator, qemu.version()));
    }

    /**
     * The snapshot in a folder, if machines like this can begin with it; one of no use (of another
     * version of anything, damaged, cut short) is deleted.
     *
     * @throws IOException if it cannot be deleted
     */
    public Optional<Snapshot> snapshot(
            Path folder, MachineSpec spec, Accelerator accelerator, Snapshot.Check check)
            throws IOException {
        return Snapshot.openOrDelete(
                folder, check, SnapshotTraits.of(spec, accelerator, qemu.version()));
    }

    private Machine start(MachineSpec spec, Accelerator accelerator, Beginning beginning, Plug plug)
            throws IOException {
        if (!lock.isOpen()) {
            throw new MachineException("the node's machines are closed");
        }
        Path folder = settings.folder().resolve(PREFIX + numbers.incrementAndGet());
        MachineStart start =
                new MachineStart(spec, accelerator, beginning, plug, qemu, jail, settings, folder);
        Machine machine = start.start();
        running.add(machine);
        var unused = machine.onExit().thenRun(() -> running.remove(machine));
        return machine;
    }

    /** The machines that run now. */
    List<Machine> all() {
        return List.copyOf(running);
    }

    @Override
    public void close() throws IOException {
        all().forEach(Machine::close);
        jail.close();
        lock.close();
    }
}
