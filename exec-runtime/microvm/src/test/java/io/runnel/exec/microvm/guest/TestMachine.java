package io.runnel.exec.microvm.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** QEMU with the agent and a probe, as small as it boots: no jail, no snapshot. */
final class TestMachine implements AutoCloseable {
    private static final Path PROBE = Path.of("src", "test", "guest", "probe.c");
    private static final String HINT =
            "apt-get install -y qemu-system-x86 squashfs-tools musl-tools";

    private final Process process;
    private final AgentChannel channel;
    private final Path serial;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private int calls;

    private TestMachine(Process process, AgentChannel channel, Path serial) {
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
        return boot(work, kernel, code);
    }

    private static void run(Path work, String... command) throws IOException, InterruptedException {
        GuestTools.Ended ended =
                GuestTools.run(new ProcessBuilder(command).directory(work.toFile()));
        assertEquals(0, ended.exitCode(), ended.said());
    }

    private static TestMachine boot(Path work, KernelFiles kernel, Path code) throws Exception {
        Path initramfs = Initramfs.writeTo(work, kernel);
        Path serial = work.resolve("serial");
        Path path = Files.createTempDirectory("vm").resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            Process process =
                    new ProcessBuilder(command(kernel, initramfs, code, path))
                            .redirectErrorStream(true)
                            .redirectOutput(serial.toFile())
                            .start();
            server.configureBlocking(true);
            SocketChannel socket = server.accept();
            TestMachine machine = new TestMachine(process, AgentChannel.booting(socket), serial);
            machine.start(kernel);
            return machine;
        } finally {
            Files.deleteIfExists(path);
            Files.delete(path.getParent());
        }
    }

    private static List<String> command(KernelFiles kernel, Path initramfs, Path code, Path agent) {
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
                kernel.kernel().toString(),
                "-initrd",
                initramfs.toString(),
                "-append",
                "console=ttyS0 quiet no_timer_check tsc_early_khz=2800000 lpj=5600000 panic=-1"
                        + " reboot=t rcutree.qhimark=200 rcutree.blimit=10000 runnel.base=0"
                        + " runnel.version=1",
                "-serial",
                "stdio",
                "-device",
                "virtio-serial-device",
                "-chardev",
                "socket,id=agent,path=" + agent,
                "-device",
                "virtserialport,chardev=agent,name=runnel.agent",
                "-drive",
                "id=code,format=raw,if=none,readonly=on,file=" + code,
                "-device",
                "virtio-blk-device,drive=code");
    }

    private void start(KernelFiles kernel) throws Exception {
        try {
            Optional<AgentHello> hello = channel.hello(later());
            assertEquals(Optional.of(new AgentHello(1, kernel.release())), hello, console());
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

    record Result(GuestAnswer answer, byte[] body) {
        @Override
        public String toString() {
            return answer.toString();
        }
    }

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
        return new Result(answer, out.toByteArray());
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
