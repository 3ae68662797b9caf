package io.runnel.exec.microvm.machine;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.runnel.exec.microvm.guest.KernelFiles;
import io.runnel.exec.microvm.guest.TestKernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A small Linux for tests: Debian's cloud kernel, and a shell that reads lines from the agent's
 * port, with a few bad habits on demand.
 */
final class TestGuest {
    private static final String INIT =
            """
            #!/bin/busybox sh
            /bin/busybox mount -t proc p /proc
            /bin/busybox mount -t sysfs s /sys
            /bin/busybox mount -t devtmpfs d /dev
            for m in virtio_ring virtio virtio_mmio virtio_console virtio_blk; do
              /bin/busybox insmod /m/$m.ko
            done
            until ( : 3<>/dev/vport0p1 ) 2>/dev/null; do /bin/busybox usleep 10000; done
            exec 3<>/dev/vport0p1
            echo hello >&3
            while read -r word rest <&3; do
              case $word in
                echo) echo "$rest" >&3 ;;
                cat) /bin/busybox cat $rest >&3; echo . >&3 ;;
                raw) exec /bin/busybox cat <&3 >&3 ;;
                flood) /bin/busybox yes >&3 ;;
                console) /bin/busybox yes >/dev/console & echo ok >&3 ;;
                spin) while :; do :; done ;;
                fill) /bin/busybox mount -t tmpfs -o size=100% f /tmp
                  /bin/busybox dd if=/dev/zero of=/tmp/f bs=1M; echo filled >&3 ;;
                off) /bin/busybox reboot -f ;;
                net) for m in failover net_failover virtio_net; do
                    /bin/busybox insmod /m/$m.ko
                  done
                  /bin/busybox ifconfig eth0 10.0.2.15 netmask 255.255.255.0 up
                  /bin/busybox route add default gw 10.0.2.2
                  /bin/busybox ip route >&3 ;;
                dial) /bin/busybox nc $rest </dev/console >/dev/null 2>&1
                  echo "ended $?" >&3 ;;
              esac
            done
            """;

    private TestGuest() {}

    /** Skips the test where something is missing, or fails if nothing may be. */
    static void needAll() {
        missing().ifPresent(TestGuest::skip);
        try {
            var unused = kernel();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Optional<String> missing() {
        if (Tool.find("qemu-system-x86_64").isEmpty()) {
            return Optional.of("no QEMU here: apt-get install -y qemu-system-x86");
        }
        if (Tool.find("busybox").isEmpty()) {
            return Optional.of("no busybox here: apt-get install -y busybox-static");
        }
        return Optional.empty();
    }

    static void skip(String hint) {
        boolean strict =
                "1".equals(System.getenv("RUNNEL_STRICT")) || "true".equals(System.getenv("CI"));
        if (strict) {
            fail(hint);
        }
        System.out.println("SKIPPED " + hint);
        abort(hint);
    }

    /** Makes its files in a folder: initramfs, an image of 1 MiB and one of 2 MiB. */
    static MachineSpec in(Path folder) throws IOException {
        KernelFiles kernel = kernel();
        TestCpio cpio = new TestCpio();
        for (String name : List.of("bin", "dev", "proc", "sys", "m", "tmp")) {
            cpio.folder(name);
        }
        cpio.program("bin/busybox", Files.readAllBytes(Tool.find("busybox").orElseThrow()));
        for (Path file : kernel.modules()) {
            cpio.program("m/" + file.getFileName(), Files.readAllBytes(file));
        }
        cpio.program("init", INIT.getBytes(StandardCharsets.UTF_8));
        Path initramfs = Files.write(folder.resolve("initramfs"), cpio.toBytes());
        return new MachineSpec(
                MachineFile.of(kernel.kernel()),
                MachineFile.of(initramfs),
                image(folder.resolve("code"), 1 << 20),
                Optional.of(image(folder.resolve("base"), 2 << 20)),
                MachineSpec.LEAST_MEMORY_BYTES,
                7);
    }

    private static KernelFiles kernel() throws IOException {
        try {
            return TestKernel.findOrSkip();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static MachineFile image(Path file, int bytes) throws IOException {
        return MachineFile.of(Files.write(file, new byte[bytes]));
    }

    /** A line from the guest; it ends with the machine if none comes. */
    static String readLine(Machine machine) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        SocketChannel port = machine.agent();
        while (true) {
            if (port.read(one.clear()) < 0) {
                return fail("the guest is silent: " + machine.console());
            }
            if (one.get(0) == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            line.write(one.get(0));
        }
    }

    static void say(Machine machine, String line) throws IOException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            machine.agent().write(left);
        }
    }

    /** What it says to a line. */
    static String ask(Machine machine, String line) throws IOException {
        say(machine, line);
        return readLine(machine);
    }
}
