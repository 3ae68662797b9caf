package io.runnel.exec.microvm.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A guest without a jail whose network card is connected to the socket at a path. */
final class WiredMachine implements AutoCloseable {
    private final Process process;
    private final AgentChannel channel;

    private WiredMachine(Process process, AgentChannel channel) {
        this.process = process;
        this.channel = channel;
    }

    /**
     * Boots one.
     *
     * @param folder for its files, with {@code code.squashfs}
     * @param wire whoever listens there is its network
     */
    static WiredMachine boot(Path folder, Path wire) throws Exception {
        KernelFiles kernel = TestKernel.findOrSkip();
        Path initramfs = Initramfs.writeTo(folder, kernel);
        Path agent = folder.resolve("agent");
        Files.deleteIfExists(agent);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(agent));
            Process process =
                    new ProcessBuilder(command(folder, kernel, initramfs, agent, wire))
                            .inheritIO()
                            .start();
            AgentChannel channel = AgentChannel.booting(server.accept());
            channel.hello(later());
            channel.configure(
                    new GuestConfig(Map.of(), "h", 128, 16, "f", "1", "on-demand", 1_000_000),
                    GuestWake.of(System.currentTimeMillis(), new byte[32]));
            GuestStart start = channel.awaitReady(later());
            if (!(start instanceof GuestStart.AtNext)) {
                throw new IllegalStateException(start.toString());
            }
            return new WiredMachine(process, channel);
        }
    }

    private static long later() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    }

    private static List<String> command(
            Path folder, KernelFiles kernel, Path initramfs, Path agent, Path wire) {
        String line =
                "qemu-system-x86_64 -M microvm,pit=off,pic=off,rtc=off,isa-serial=on -accel tcg"
                        + " -cpu max -smp 1 -m 128 -nodefaults -no-user-config -nographic"
                        + " -no-reboot -serial null -device virtio-serial-device"
                        + " -device virtio-net-device,netdev=network,mac=02:52:4e:00:00:0f"
                        + " -kernel %s -initrd %s -chardev socket,id=agent,path=%s"
                        + " -device virtserialport,chardev=agent,name=runnel.agent"
                        + " -netdev stream,id=network,server=off,addr.type=unix,addr.path=%s"
                        + " -drive id=code,format=raw,if=none,readonly=on,file=%s"
                        + " -device virtio-blk-device,drive=code -append";
        List<String> words =
                new ArrayList<>(
                        List.of(
                                line.formatted(
                                                kernel.kernel(),
                                                initramfs,
                                                agent,
                                                wire,
                                                folder.resolve("code.squashfs"))
                                        .split(" ", -1)));
        words.add(
                "console=ttyS0 quiet no_timer_check tsc=reliable tsc_early_khz=2600000 lpj=5200000"
                        + " panic=-1 reboot=t runnel.base=0 runnel.version=1");
        return words;
    }

    /** Has its function do this, a command each; an answer each. */
    List<String> ask(String... commands) throws IOException, InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        GuestAnswer answer =
                channel.invoke(
                        new GuestCall("c", 2_000_000_000_000L, "arn", "", Optional.empty()),
                        new ByteArrayInputStream(String.join("\n", commands).getBytes(UTF_8)),
                        head -> {},
                        out::write,
                        (bytes, from, length) -> System.err.write(bytes, from, length));
        if (!(answer instanceof GuestAnswer.Answered)) {
            throw new IllegalStateException(answer.toString());
        }
        return out.toString(UTF_8).lines().toList();
    }

    @Override
    public void close() {
        channel.close();
        process.destroyForcibly();
        process.onExit().join();
    }
}
