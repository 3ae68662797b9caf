package io.runnel.exec.microvm.machine;

import io.runnel.exec.microvm.machine.JailCommand.Access;
import io.runnel.exec.microvm.machine.JailCommand.Bind;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The way of one machine from a folder's name to a guest that runs. For one thread. */
final class MachineStart {
    private static final String SOCKETS = "s";
    private static final int STATE_DESCRIPTOR = 3;
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Path KVM_DEVICE = Paths.get("/dev/kvm");
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /** For all of a machine to come from another computer. */
    private static final Duration SENT_LIMIT = Duration.ofMinutes(2);

    /** For QEMU to read the last of it. */
    private static final Duration READ_LIMIT = Duration.ofSeconds(10);

    private final MachineSpec spec;
    private final Accelerator accelerator;
    private final Beginning beginning;
    private final Plug plug;
    private final Qemu qemu;
    private final Jail jail;
    private final Path folder;
    private final Path sockets;
    private final long deadlineNanos;

    /** When QEMU was given all that it begins with. */
    private final CompletableFuture<Long> fed = new CompletableFuture<>();

    MachineStart(
            MachineSpec spec,
            Accelerator accelerator,
            Beginning beginning,
            Plug plug,
            Qemu qemu,
            Jail jail,
            MachineSettings settings,
            Path folder) {
        this.spec = spec;
        this.accelerator = accelerator;
        this.beginning = beginning;
        this.plug = plug;
        this.qemu = qemu;
        this.jail = jail;
        this.folder = folder;
        this.sockets = folder.resolve(SOCKETS);
        this.deadlineNanos = System.nanoTime() + settings.startLimit().toNanos();
    }

    /** Starts it. */
    Machine start() throws IOException {
        String name = folder.getFileName().toString();
        Jail.Cell cell = jail.open(name, CgroupLimits.of(spec.memoryBytes(), accelerator));
        MachineEnd end = new MachineEnd(jail, cell, folder);
        try {
            makeFiles(cell);
            try (ServerSocketChannel control = listen(QemuPaths.CONTROL);
                    ServerSocketChannel agent = listen(QemuPaths.AGENT);
                    ServerSocketChannel network = listen(QemuPaths.NETWORK)) {
                end.process(name, spawn(cell));
                feed(end.process());
                return greet(end, control, agent, network);
            }
        } catch (IOException | RuntimeException e) {
            throw end.failed(e);
        }
    }

    private void makeFiles(Jail.Cell cell) throws IOException {
        Files.createDirectory(folder);
        Files.createDirectory(sockets);
        // QEMU only passes through; it finds the names that it is told.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        Files.setPosixFilePermissions(sockets, PosixFilePermissions.fromString("rwx--x--x"));
        if (snapshot().isEmpty()) {
            makeMemory(cell);
        }
    }

    private void makeMemory(Jail.Cell cell) throws IOException {
        Path memory = memory();
        Files.createFile(
                memory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (RandomAccessFile file = new RandomAccessFile(memory.toFile(), "rw")) {
            file.setLength(spec.memoryBytes());
        }
        if (cell.uid().isPresent()) {
            Files.setAttribute(memory, "unix:uid", cell.uid().get());
            Files.setAttribute(memory, "unix:gid", cell.uid().get());
        }
    }

    private ServerSocketChannel listen(String name) throws IOException {
        return TimedChannel.listen(sockets.resolve(name));
    }

    private Optional<Snapshot> snapshot() {
        return beginning instanceof Beginning.Restored(Snapshot snapshot, InputStream _)
                ? Optional.of(snapshot)
                : Optional.empty();
    }

    private Path memory() {
        return snapshot().map(Snapshot::memory).orElse(folder.resolve(JailRoot.MEMORY));
    }

    private QemuCommand.Start kind() {
        return switch (beginning) {
            case Beginning.Kernel(boolean savable) ->
                    savable ? QemuCommand.Start.BOOT : QemuCommand.Start.BOOT_ALONE;
            case Beginning.Restored _ ->
                    qemu.version().opensTemplatesForReading()
                            ? QemuCommand.Start.RESTORE_READ_ONLY
                            : QemuCommand.Start.RESTORE;
            case Beginning.Sent _ -> QemuCommand.Start.RECEIVE;
        };
    }

    private QemuPaths paths() {
        if (!jail.hasRoot()) {
            return QemuCommand.realPaths(qemu.program(), spec, memory(), sockets);
        }
        Path root = Paths.get("/");
        return new QemuPaths(
                qemu.program(),
                root.resolve(JailRoot.KERNEL),
                root.resolve(JailRoot.INITRAMFS),
                root.resolve(JailRoot.CODE),
                spec.baseImage().map(base -> root.resolve(JailRoot.BASE)),
                root.resolve(JailRoot.MEMORY),
                root.resolve(JailRoot.RUN));
    }

    private List<Bind> binds() {
        List<Bind> binds = new ArrayList<>();
        binds.add(new Bind(spec.kernel().path(), JailRoot.KERNEL, Access.READ));
        binds.add(new Bind(spec.initramfs().path(), JailRoot.INITRAMFS, Access.READ));
        binds.add(new Bind(spec.codeImage().path(), JailRoot.CODE, Access.READ));
        spec.baseImage()
                .ifPresent(base -> binds.add(new Bind(base.path(), JailRoot.BASE, Access.READ)));
        Access access = snapshot().isPresent() ? Access.READ : Access.WRITE;
        binds.add(new Bind(memory(), JailRoot.MEMORY, access));
        binds.add(new Bind(sockets, JailRoot.RUN, Access.READ));
        return binds;
    }

    private Process spawn(Jail.Cell cell) throws IOException {
        List<String> command =
                jail.command(
                        cell,
                        QemuCommand.of(
                                spec, accelerator, kind(), paths(), TimeStampCounter.kiloHertz()),
                        binds(),
                        snapshot().isPresent(),
                        kvm());
        ProcessBuilder builder =
                Tool.builder(command).directory(Paths.get("/").toFile()).redirectErrorStream(true);
        if (beginning instanceof Beginning.Kernel) {
            builder.redirectInput(Paths.get("/dev/null").toFile());
        }
        return Spawner.start(builder);
    }

    private Optional<JailCommand.Kvm> kvm() throws IOException {
        return switch (accelerator) {
            case TCG -> Optional.empty();
            case KVM -> Optional.of(new JailCommand.Kvm(kvmGroup()));
        };
    }

    /** Never root's own group. */
    private static Optional<Integer> kvmGroup() throws IOException {
        boolean everybody =
                Files.getPosixFilePermissions(KVM_DEVICE)
                        .contains(PosixFilePermission.OTHERS_WRITE);
        int group = (Integer) Files.getAttribute(KVM_DEVICE, "unix:gid");
        return everybody || group == 0 ? Optional.empty() : Optional.of(group);
    }

    /** Gives QEMU what it begins with; what goes wrong shows in what it says next. */
    private void feed(Process process) {
        switch (beginning) {
            case Beginning.Kernel _ -> {}
            case Beginning.Restored(Snapshot _, InputStream state) -> feed(process, state);
            case Beginning.Sent(InputStream stream) -> feed(process, stream);
        }
    }

    private void feed(Process process, InputStream state) {
        Thread.ofVirtual()
                .start(
                        () -> {
                            try (OutputStream out = process.getOutputStream()) {
                                state.transferTo(out);
                            } catch (IOException e) {
                                // One of them has ended.
                            } finally {
                                fed.complete(System.nanoTime());
                            }
                        });
    }

    private Machine greet(
            MachineEnd end,
            ServerSocketChannel control,
            ServerSocketChannel agent,
            ServerSocketChannel network)
            throws IOException {
        TimedChannel.Doom doom = end::checkThatItRuns;
        Qmp qmp = Qmp.open(TimedChannel.accept(control, deadlineNanos, doom), ANSWER, doom);
        end.control(qmp);
        SocketChannel port = TimedChannel.accept(agent, deadlineNanos, doom);
        end.agent(port);
        SocketChannel wire = TimedChannel.accept(network, deadlineNanos, doom);
        end.frames(wire);
        MachineMark.write(folder, end.process().toHandle());
        plug.plug(wire);
        switch (beginning) {
            case Beginning.Kernel _ -> {}
            case Beginning.Restored _ -> {
                qmp.ignoreSharedMemory(true);
                receive(qmp, deadlineNanos);
                qmp.cont();
            }
            case Beginning.Sent _ -> receive(qmp, System.nanoTime() + SENT_LIMIT.toNanos());
        }
        Files.deleteIfExists(sockets.resolve(QemuPaths.CONTROL));
        Files.deleteIfExists(sockets.resolve(QemuPaths.AGENT));
        Files.deleteIfExists(sockets.resolve(QemuPaths.NETWORK));
        return new Machine(spec, traits(), beginning.isSavable(), end, sockets, paths().sockets());
    }

    private SnapshotTraits traits() throws IOException {
        return SnapshotTraits.of(spec, accelerator, qemu.version());
    }

    /** When the state has been read the guest stands still. */
    private void receive(Qmp qmp, long latestNanos) throws IOException {
        qmp.migrateIncoming(STATE_DESCRIPTOR);
        String status = qmp.status();
        while (status.equals("inmigrate")) {
            // Of what ends at once QEMU takes no notice.
            long sinceNanos = fed.isDone() ? System.nanoTime() - fed.join() : 0;
            if (System.nanoTime() - latestNanos > 0 || sinceNanos > READ_LIMIT.toNanos()) {
                throw new MachineException("the state is not read in time");
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted");
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
            status = qmp.status();
        }
    }
}
