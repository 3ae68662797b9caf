package io.runnel.exec.microvm.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

final class InitramfsTest {
    @TempDir Path folder;

    /** The least ELF file that is a module: a table of three sections, one of them .modinfo. */
    static byte[] module(String depends) {
        byte[] info = ("license=GPL\0depends=" + depends + "\0").getBytes(US_ASCII);
        byte[] names = "\0.modinfo\0.shstrtab\0".getBytes(US_ASCII);
        int table = 64 + info.length + names.length;
        ByteBuffer elf = ByteBuffer.allocate(table + 3 * 64).order(ByteOrder.LITTLE_ENDIAN);
        elf.putInt(0, 0x464c457f).put(4, (byte) 2).putLong(40, table);
        elf.putShort(60, (short) 3).putShort(62, (short) 2);
        elf.put(64, info).put(64 + info.length, names);
        section(elf, table + 64, 1, 64, info.length);
        section(elf, table + 128, 10, 64 + info.length, names.length);
        return elf.array();
    }

    private static void section(ByteBuffer elf, int at, int name, int offset, int length) {
        elf.putInt(at, name).putLong(at + 24, offset).putLong(at + 32, length);
    }

    private Path kernel(String release) throws IOException {
        Path kernel = folder.resolve(release);
        Path modules = Files.createDirectories(kernel.resolve("modules"));
        Files.writeString(kernel.resolve("vmlinuz"), "kernel");
        Files.write(modules.resolve("virtio_mmio.ko"), module("virtio,virtio_ring"));
        Files.write(modules.resolve("virtio_console.ko"), module("virtio,virtio_ring"));
        Files.write(modules.resolve("virtio_blk.ko"), module("virtio,virtio-ring"));
        Files.write(modules.resolve("virtio_net.ko"), module("virtio,net_failover"));
        Files.write(modules.resolve("net_failover.ko"), module(""));
        Files.write(modules.resolve("virtio.ko"), module("virtio_ring"));
        Files.write(modules.resolve("virtio_ring.ko"), module(""));
        Files.write(modules.resolve("squashfs.ko"), module(""));
        Files.write(modules.resolve("aaa.ko"), module(""));
        return kernel;
    }

    private KernelFiles found() throws IOException {
        return KernelFiles.find(folder).orElseThrow();
    }

    private static String entry(String name, int mode, String rest) {
        return "%08x%s%08x00000000".formatted(mode, rest, name.length() + 1);
    }

    @Test
    void itIsAnArchiveThatTheKernelUnpacks() throws Exception {
        kernel("6.1.0");
        byte[] zipped = Initramfs.of("agent".getBytes(US_ASCII), found());
        byte[] archive;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            archive = in.readAllBytes();
        }
        Path file = Files.write(folder.resolve("archive"), archive);
        GuestTools.need("cpio", "apt-get install -y cpio");
        GuestTools.Ended listed =
                GuestTools.run(
                        new ProcessBuilder("cpio", "-itvn", "--quiet", "-F", file.toString()));
        assertEquals(0, listed.exitCode(), listed.said());
        List<String> lines = listed.said().lines().map(line -> line.replaceAll(" +", " ")).toList();
        assertTrue(lines.get(0).startsWith("drwxr-xr-x 2 0 0 0 "), lines.get(0));
        assertTrue(lines.get(1).startsWith("crw------- 1 0 0 5, 1 "), lines.get(1));
        assertTrue(lines.get(2).startsWith("-rwxr-xr-x 1 0 0 5 "), lines.get(2));
        assertEquals(
                List.of(
                        "dev",
                        "dev/console",
                        "init",
                        "modules",
                        "modules/virtio_ring.ko",
                        "modules/virtio.ko",
                        "modules/virtio_mmio.ko",
                        "modules/virtio_console.ko",
                        "modules/virtio_blk.ko",
                        "modules/net_failover.ko",
                        "modules/virtio_net.ko",
                        "modules/squashfs.ko",
                        "modules/order"),
                lines.stream().map(line -> line.substring(line.lastIndexOf(' ') + 1)).toList());
    }

    @Test
    void anArchiveIsTheSameToTheByte() {
        byte[] archive =
                new CpioArchive()
                        .characterDevice("c", 0600, 5, 1)
                        .file("f", 0755, new byte[] {'x'})
                        .bytes();
        String zeros = "0".repeat(8);
        assertEquals(
                "07070100000001"
                        + entry(
                                "c",
                                0020600,
                                zeros
                                        + zeros
                                        + "00000001"
                                        + zeros
                                        + zeros
                                        + zeros
                                        + zeros
                                        + "0000000500000001")
                        + "c\0"
                        + "07070100000002"
                        + entry(
                                "f",
                                0100755,
                                zeros
                                        + zeros
                                        + "00000001"
                                        + zeros
                                        + "00000001"
                                        + zeros
                                        + zeros
                                        + zeros
                                        + zeros)
                        + "f\0x\0\0\0"
                        + "07070100000000"
                        + entry(
                                "TRAILER!!!",
                                0,
                                zeros
                                        + zeros
                                        + "00000001"
                                        + zeros
                                        + zeros
                                        + zeros
                                        + zeros
                                        + zeros
                                        + zeros)
                        + "TRAILER!!!\0\0\0\0",
                new String(archive, US_ASCII));
        assertEquals(0, archive.length % 4);
    }

    @Test
    void theSameKernelGivesTheSameFile() throws Exception {
        kernel("6.1.0");
        Path first = Initramfs.writeTo(folder, found());
        byte[] bytes = Files.readAllBytes(first);
        assertEquals(first, Initramfs.writeTo(folder, found()));
        Files.delete(first);
        assertEquals(first, Initramfs.writeTo(folder, found()));
        assertArrayEquals(bytes, Files.readAllBytes(first));
    }

    @Test
    void theNewestKernelIsFound() throws Exception {
        assertEquals(Optional.empty(), KernelFiles.find(folder.resolve("none")));
        assertEquals(Optional.empty(), KernelFiles.find(folder));
        kernel("6.1.0-9-cloud-amd64");
        kernel("6.1.0-57-cloud-amd64");
        kernel("5.10.0-100-cloud-amd64");
        assertEquals("6.1.0-57-cloud-amd64", found().release());
        assertEquals(
                "6.1.0-9-cloud-amd64",
                KernelFiles.find(folder.resolve("6.1.0-9-cloud-amd64")).orElseThrow().release());
    }

    @Test
    void aModuleThatIsMissingOrDamagedIsNamed() throws Exception {
        Path modules = kernel("6.1.0").resolve("modules");
        Files.delete(modules.resolve("virtio_ring.ko"));
        assertEquals(
                "the kernel's module virtio_ring is missing",
                assertThrows(IOException.class, this::found).getMessage());
        Path ring = Files.write(modules.resolve("virtio_ring.ko"), module("virtio"));
        assertTrue(
                assertThrows(IOException.class, this::found)
                        .getMessage()
                        .startsWith("the kernel's modules need each other in a ring"));
        byte[] whole = module("");
        for (int length = 0; length < whole.length - 24; length++) {
            Files.write(ring, java.util.Arrays.copyOf(whole, length));
            assertThrows(IOException.class, this::found, "cut to " + length);
        }
        Files.write(ring, whole);
        assertEquals(8, found().modules().size());
    }

    @Test
    void aKernelThatWasKeptForGuestsThatNeededLessIsNone() throws Exception {
        Path old = kernel("6.2.0");
        Files.delete(old.resolve("modules").resolve("virtio_net.ko"));
        assertEquals(Optional.empty(), KernelFiles.find(folder));
        assertEquals(Optional.empty(), KernelFiles.find(old));
        kernel("6.1.0");
        assertEquals("6.1.0", found().release());
    }
}
