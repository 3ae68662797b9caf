package io.runnel.exec.microvm.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** QEMU with the agent and a probe, as small as it boots: no jail. */
final class TestMachine implements AutoCloseable {
    private static final Path PROBE = Path.of("src", "test", "guest", "probe.c");
    private static final String HINT =
            "apt-get install -y qemu-system-x86 squashfs-tools musl-tools";

    private final Parts parts;
    private final Process process;
    private final AgentChannel channel;
    private final Path serial;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private int calls;

    private TestMachine(Parts parts, Process process, AgentChannel channel, Path serial) {
        this.parts = parts;
        this.process = process;
        this.channel = channel;
        this.serial = serial;
    }

    static TestMachine bootOrSkip(Path work) throws Exception {
        for (String tool : List.of("qemu-system-x86_64", "mksquashfs", "musl-gcc")) {
            GuestTools.need(tool, HINT);
        }
        KernelFiles kernel = TestKernel.findOrSkip();
        Path task = Files.createDirectory(work.resolve("task"));
        run(
                work,
                "musl-gcc",
                "-static",
                "-D_GNU_SOURCE",
                "-Os",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-o",
                task.resolve("bootstrap").toString(),
                PROBE.toAbsolutePath().toString());
        Path code = work.resolve("code.squashfs");
        run(work, "mksquashfs", task.toString(), code.toString(), "-all-root", "-quiet");
        Path initramfs = Initramfs.writeTo(work, kernel);
        return start(new Parts(work, kernel, code, initramfs), Optional.empty());
    }

    private static void run(Path work, String... command) throws IOException, InterruptedException {
        GuestTools.Ended ended =
                GuestTools.run(new ProcessBuilder(command).directory(work.toFile()));
        assertEquals(0, ended.exitCode(), ended.said());
    }

    /** What a machine is made of. */
    private record Parts(Path work, KernelFiles kernel, Path code, Path initramfs) {}

    /** A machine's memory in a file, and where its channel stood. */
    record Snapshot(Path file, SnapshotPoint point) {}

    private static TestMachine start(Parts parts, Optional<Snapshot> snapshot) throws Exception {
        Path folder = Files.createTempDirectory(parts.work(), "vm");
        Path serial = folder.resolve("serial");
        Path path = Files.createTempDirectory("vm").resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            List<String> command = new ArrayList<>(command(parts, serial, path));
            snapshot.ifPresent(
                    from -> command.addAll(List.of("-incoming", "exec:cat " + from.file())));
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("monitor").toFile())
                            .start();
            SocketChannel socket = server.accept();
            AgentChannel channel =
                    snapshot.isPresent()
                            ? AgentChannel.resuming(socket, snapshot.get().point())
                            : AgentChannel.booting(socket);
            TestMachine machine = new TestMachine(parts, process, channel, serial);
            if (snapshot.isEmpty()) {
                machine.start();
            }
            return machine;
        } finally {
            Files.deleteIfExists(path);
            Files.delete(path.getParent());
        }
    }

    /**
     * Ends this machine, and keeps what it was. QEMU stops it when its memory is nearly out: of one
     * that was stopped before, the clone would wait to be told to go on.
     */
    Snapshot snapshot() throws Exception {
        assertTrue(channel.settle(log::write, later()));
        Path file = parts.work().resolve("snapshot");
        try (Writer monitor = process.outputWriter(UTF_8)) {
            monitor.write("migrate \"exec:cat > %s\"\nquit\n".formatted(file));
        }
        Optional<SnapshotPoint> point = channel.point(later());
        assertEquals(0, exitCode());
        return new Snapshot(file, point.orElseThrow());
    }

    /** Another machine that goes on where that one was. */
    TestMachine restore(Snapshot snapshot, GuestWake wake) throws Exception {
        TestMachine machine = start(parts, Optional.of(snapshot));
        machine.channel().restored(wake, Map.of());
        return machine;
    }

    private static List<String> command(Parts parts, Path serial, Path agent) {
        return List.of(
                "qemu-system-x86_64",
                "-M",
                "microvm,pit=off,pic=off,rtc=off,isa-serial=on,acpi=on",
                "-accel",
                "tcg",
                "-cpu",
                "max",
                "-smp",
                "1",
                "-m",
                "128",
                "-nodefaults",
                "-no-user-config",
                "-nographic",
                "-no-reboot",
                "-kernel",
                parts.kernel().kernel().toString(),
                "-initrd",
                parts.initramfs().toString(),
                "-append",
                "console=ttyS0 quiet no_timer_check tsc_early_khz=2800000 lpj=5600000 panic=-1"
                        + " reboot=t rcutree.qhimark=200 rcutree.blimit=10000 runnel.base=0"
                        + " runnel.version=1",
                "-serial",
                "file:" + serial,
                "-monitor",
                "stdio",
                "-device",
                "virtio-serial-device",
                "-chardev",
                "socket,id=agent,path=" + agent,
                "-device",
                "virtserialport,chardev=agent,name=runnel.agent",
                "-drive",
                "id=code,format=raw,if=none,readonly=on,file=" + parts.code(),
                "-device",
                "virtio-blk-device,drive=code");
    }

    private void start() throws Exception {
        try {
            Optional<AgentHello> hello = channel.hello(later());
            assertEquals(
                    Optional.of(new AgentHello(1, parts.kernel().release())), hello, console());
            channel.configure(
                    new GuestConfig(
                            Map.of("A", "b"), "h", 128, 16, "f", "1", "on-demand", 6_000_000),
                    GuestWake.of(System.currentTimeMillis(), new byte[32]));
            GuestStart start = channel.awaitReady(later());
            assertEquals(new GuestStart.AtNext(), start, console());
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    static long later() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    }

    AgentChannel channel() {
        return channel;
    }

    ByteArrayOutputStream log() {
        return log;
    }

    String console() throws IOException {
        return Files.readString(serial, UTF_8);
    }

    /** What a call gave; its bytes are each one character. */
    record Result(GuestAnswer answer, String body) {}

    Result invoke(byte[] event) throws Exception {
        calls++;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        GuestAnswer answer =
                channel.invoke(
                        new GuestCall(
                                "call-" + calls,
                                System.currentTimeMillis() + 60_000,
                                "arn:f",
                                "",
                                Optional.empty()),
                        new ByteArrayInputStream(event),
                        head -> {},
                        out::write,
                        log::write);
        return new Result(answer, out.toString(ISO_8859_1));
    }

    int exitCode() throws InterruptedException {
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        process.destroyForcibly();
        process.onExit().join();
    }
}
