package io.runnel.exec.microvm.machine;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A small Linux for tests: Debian's cloud kernel, and a shell that reads lines from the agent's
 * port, with a few bad habits on demand.
 */
final class TestGuest {
    /** A folder with {@code boot} and {@code lib/modules} of the package. */
    private static final String KERNEL = "RUNNEL_GUEST_KERNEL";

    private static final List<String> MODULES =
            List.of(
                    "virtio/virtio_ring",
                    "virtio/virtio",
                    "virtio/virtio_mmio",
                    "char/virtio_console",
                    "block/virtio_blk");

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
                flood) /bin/busybox yes >&3 ;;
                console) /bin/busybox yes >/dev/console & echo ok >&3 ;;
                spin) while :; do :; done ;;
                fill) /bin/busybox mount -t tmpfs -o size=100% f /tmp
                  /bin/busybox dd if=/dev/zero of=/tmp/f bs=1M; echo filled >&3 ;;
                off) /bin/busybox reboot -f ;;
              esac
            done
            """;

    private TestGuest() {}

    /** Skips the test where something is missing, or fails if nothing may be. */
    static void needAll() {
        missing().ifPresent(TestGuest::skip);
    }

    private static Optional<String> missing() {
        if (Tool.find("qemu-system-x86_64").isEmpty()) {
            return Optional.of("no QEMU here: apt-get install -y qemu-system-x86");
        }
        if (Tool.find("busybox").isEmpty()) {
            return Optional.of("no busybox here: apt-get install -y busybox-static");
        }
        if (kernel().isEmpty()) {
            return Optional.of(
                    "no kernel for guests here: apt-get download the package that"
                            + " linux-image-cloud-amd64 depends on, dpkg-deb -x it DIR, and set "
                            + KERNEL
                            + "=DIR");
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

    private static Path root() {
        return Paths.get(Optional.ofNullable(System.getenv(KERNEL)).orElse("/"));
    }

    private static Optional<Path> kernel() {
        Path boot = root().resolve("boot");
        if (!Files.isDirectory(boot)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(boot)) {
            return files.filter(f -> f.getFileName().toString().startsWith("vmlinuz-"))
                    .filter(f -> f.toString().contains("cloud-amd64"))
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Makes its files in a folder: initramfs, an image of 1 MiB and one of 2 MiB. */
    static MachineSpec in(Path folder) throws IOException {
        Path kernel = kernel().orElseThrow();
        String version = kernel.getFileName().toString().substring("vmlinuz-".length());
        Path drivers = root().resolve("lib/modules").resolve(version).resolve("kernel/drivers");
        TestCpio cpio = new TestCpio();
        for (String name : List.of("bin", "dev", "proc", "sys", "m", "tmp")) {
            cpio.folder(name);
        }
        cpio.program("bin/busybox", Files.readAllBytes(Tool.find("busybox").orElseThrow()));
        for (String module : MODULES) {
            Path file = drivers.resolve(module + ".ko");
            cpio.program("m/" + file.getFileName(), Files.readAllBytes(file));
        }
        cpio.program("init", INIT.getBytes(StandardCharsets.UTF_8));
        Path initramfs = Files.write(folder.resolve("initramfs"), cpio.toBytes());
        return new MachineSpec(
                MachineFile.of(kernel),
                MachineFile.of(initramfs),
                image(folder.resolve("code"), 1 << 20),
                Optional.of(image(folder.resolve("base"), 2 << 20)),
                MachineSpec.LEAST_MEMORY_BYTES,
                7);
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
