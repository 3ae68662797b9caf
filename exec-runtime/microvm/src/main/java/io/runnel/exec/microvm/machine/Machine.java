package io.runnel.exec.microvm.machine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A machine that runs: QEMU in its jail. It ends by {@link #halt}, when the guest ends it, when a
 * limit kills it, or with this process; {@link #onExit} tells, and then nothing of it is left.
 *
 * <p>Safe for any thread; {@link #agent} and {@link #frames} are the caller's to read and write.
 */
public final class Machine implements AutoCloseable {
    /** The address of the guest's network card. */
    public static final String CARD = "02:52:4e:00:00:0f";

    private static final System.Logger LOG = System.getLogger(Machine.class.getName());
    private static final Duration SAVE_LIMIT = Duration.ofSeconds(30);
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int READ_BYTES = 64 << 10;

    /** Of a machine that can be saved: its memory is a file that it alone maps. */
    private static final String PRIVATE = "Private_";

    /**
     * Of others. What they have only read of files is the page cache's, even if no other has them
     * mapped.
     */
    private static final String ANONYMOUS = "Anonymous:";

    private final MachineSpec spec;
    private final SnapshotTraits traits;
    private final boolean savable;
    private final MachineEnd end;
    private final Path sockets;
    private final Path socketsOfQemu;

    Machine(
            MachineSpec spec,
            SnapshotTraits traits,
            boolean savable,
            MachineEnd end,
            Path sockets,
            Path socketsOfQemu) {
        this.spec = spec;
        this.traits = traits;
        this.savable = savable;
        this.end = end;
        this.sockets = sockets;
        this.socketsOfQemu = socketsOfQemu;
    }

    /** What it is made of. */
    public MachineSpec spec() {
        return spec;
    }

    /**
     * The port {@code runnel.agent}: bytes from and to the guest, all of them hostile. In blocking
     * mode; ends when the machine does. Written bytes wait in the socket until the guest reads.
     */
    public SocketChannel agent() {
        return end.agent();
    }

    /**
     * The wire of the guest's network card: frames of Ethernet from and to the guest, each behind
     * its length in four bytes, all of them hostile. In blocking mode; ends when the machine does.
     */
    public SocketChannel frames() {
        return end.frames();
    }

    /**
     * Stops the guest's processor; nothing happens if it stands.
     *
     * @throws IOException if the machine has ended or does not answer
     */
    public void pause() throws IOException {
        end.control().stop();
    }

    /**
     * Lets the guest's processor go on.
     *
     * @throws IOException if the machine has ended or does not answer
     */
    public void resume() throws IOException {
        end.control().cont();
    }

    /**
     * Pauses the machine and writes a snapshot, in place of what is there. The machine may go on
     * afterwards ({@link #resume}) or be halted: the snapshot has nothing to do with it any more.
     * Blocks for some 300 ms for 128 MiB.
     *
     * @param folder of the snapshot; its parent is there
     * @throws IllegalStateException if the machine itself began with a snapshot, or was not to be
     *     saved: its memory is its own and in no file
     * @throws IOException if it cannot be written; nothing is left of it then
     */
    public Snapshot save(Path folder) throws IOException {
        if (!savable) {
            throw new IllegalStateException("a machine whose memory is in no file is not saved");
        }
        pause();
        byte[] state = readState();
        Path memory = sockets.resolveSibling(JailRoot.MEMORY);
        return Snapshot.write(folder, traits, state, memory, spec.memoryBytes());
    }

    private byte[] readState() throws IOException {
        long deadlineNanos = System.nanoTime() + SAVE_LIMIT.toNanos();
        Path socket = sockets.resolve(QemuPaths.STATE);
        Files.deleteIfExists(socket);
        try (ServerSocketChannel server = TimedChannel.listen(socket)) {
            end.control().ignoreSharedMemory(true);
            end.control().migrate("unix:" + socketsOfQemu.resolve(QemuPaths.STATE));
            try (SocketChannel channel =
                    TimedChannel.accept(server, deadlineNanos, end::checkThatItRuns)) {
                byte[] state = readAll(channel, deadlineNanos);
                awaitCompletion(deadlineNanos);
                return state;
            }
        } finally {
            Files.deleteIfExists(socket);
        }
    }

    private byte[] readAll(SocketChannel channel, long deadlineNanos) throws IOException {
        channel.configureBlocking(false);
        ByteArrayOutputStream state = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
        while (TimedChannel.read(channel, buffer, deadlineNanos, end::checkThatItRuns) >= 0) {
            state.write(buffer.array(), 0, buffer.position());
            buffer.clear();
            if (state.size() > Snapshot.MOST_STATE_BYTES) {
                throw new MachineException(
                        "state of more than %d bytes".formatted(Snapshot.MOST_STATE_BYTES));
            }
        }
        return state.toByteArray();
    }

    private void awaitCompletion(long deadlineNanos) throws IOException {
        String status = end.control().migration();
        while (!status.equals("completed")) {
            if (status.startsWith("failed") || System.nanoTime() - deadlineNanos > 0) {
                throw new MachineException("state is not saved: " + status);
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
            status = end.control().migration();
        }
    }

    /**
     * Sends all of the machine to another ({@link Machines#receive}). The guest runs on meanwhile,
     * but for the end; it stands still when this returns, so that only one of the two can go on
     * with it: this one after {@link #resume}. One that changes its memory faster than it is sent
     * is stopped before. Blocks.
     *
     * @param to gets it; its exceptions are thrown on
     * @return for how long it has stood still, as QEMU says
     * @throws IOException if not all of it was sent; the guest runs on then, if the machine does
     */
    public Duration send(OutputStream to) throws IOException {
        boolean whole = false;
        try {
            Duration stood = new MachineSending(end, sockets, socketsOfQemu).send(to);
            whole = true;
            return stood;
        } finally {
            if (!whole) {
                goOnHere();
            }
        }
    }

    private void goOnHere() {
        try {
            end.control().cancelMigration();
            end.control().cont();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a machine that was not moved does not go on", e);
        }
    }

    /** QEMU's word for what it does: {@code running}, {@code paused}, … */
    String status() throws IOException {
        return end.control().status();
    }

    /** QEMU's process. */
    ProcessHandle process() {
        return end.qemu().orElseThrow();
    }

    /**
     * Memory that this machine has for itself, guest and QEMU, in bytes: not what it has only read
     * of its snapshot, or of QEMU.
     *
     * @throws IOException if the machine has ended
     */
    public long privateBytes() throws IOException {
        String kind = savable ? PRIVATE : ANONYMOUS;
        Path file = Path.of("/proc", Long.toString(process().pid()), "smaps_rollup");
        return Files.readAllLines(file).stream()
                        .filter(line -> line.startsWith(kind))
                        .map(line -> line.split(" +", -1))
                        .mapToLong(words -> Long.parseLong(words[1]))
                        .sum()
                << 10;
    }

    /** The last 16 KiB of the guest's console and of what QEMU said, for the operator. */
    public String console() {
        return end.console();
    }

    /** How it ended, once it has and nothing of it is left. */
    public CompletableFuture<MachineExit> onExit() {
        return end.exit();
    }

    /** Ends it, and returns when nothing of it is left. Does nothing the second time. */
    public void halt() {
        end.halt();
    }

    @Override
    public void close() {
        halt();
    }
}
