package io.runnel.exec.microvm.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A kernel's package, made by hand and as small as one can be. */
final class KernelPackageTest {
    private static final String RELEASE = "6.1.0-57-cloud-amd64";

    @TempDir Path work;
    private Path tree;
    private Path folder;

    @BeforeEach
    void lay() throws IOException {
        GuestTools.need("dpkg-deb", "apt-get install -y dpkg");
        folder = work.resolve("kernels");
        tree = work.resolve("tree");
        Path control = Files.createDirectories(tree.resolve("DEBIAN")).resolve("control");
        Files.writeString(
                control,
                """
                Package: linux-image
                Version: 1
                Architecture: all
                Maintainer: a <a@example.org>
                Description: a kernel
                """);
        byte[] kernel = new byte[0x300];
        System.arraycopy(new byte[] {'H', 'd', 'r', 'S'}, 0, kernel, 0x202, 4);
        Files.createDirectories(tree.resolve("boot"));
        Files.write(tree.resolve("boot/vmlinuz-" + RELEASE), kernel);
        module("drivers/virtio", "virtio_ring", "");
        module("drivers/virtio", "virtio", "virtio_ring");
        module("drivers/virtio", "virtio_mmio", "virtio");
        module("drivers/char", "virtio_console", "virtio");
        module("drivers/block", "virtio_blk", "virtio");
        module("drivers/net", "virtio_net", "virtio");
        module("fs", "squashfs", "");
        module("fs", "ext4", "jbd2");
    }

    private void module(String place, String name, String needs) throws IOException {
        Path file = tree.resolve("lib/modules").resolve(RELEASE).resolve("kernel").resolve(place);
        Files.createDirectories(file);
        Files.write(file.resolve(name + ".ko"), InitramfsTest.module(needs));
    }

    private Path packed() throws IOException, InterruptedException {
        Path deb = work.resolve("kernel.deb");
        GuestTools.Ended ended =
                GuestTools.run(
                        new ProcessBuilder(
                                "dpkg-deb", "--build", "-Znone", tree.toString(), deb.toString()));
        assertEquals(0, ended.exitCode(), ended.said());
        return deb;
    }

    private Path script(String name, String text) throws IOException {
        Path file = Files.writeString(work.resolve(name), "#!/bin/sh\n" + text + "\n");
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private String refused() throws Exception {
        Path deb = packed();
        String why =
                assertThrows(IOException.class, () -> KernelPackage.unpack(deb, folder))
                        .getMessage();
        assertEquals(List.of(), left(), "nothing is left");
        return why;
    }

    @Test
    void whatAGuestNeedsIsKept() throws Exception {
        KernelFiles kernel = KernelPackage.unpack(packed(), folder);
        assertEquals(RELEASE, kernel.release());
        assertEquals(List.of(RELEASE), left());
        assertEquals(
                List.of(
                        "virtio_ring.ko",
                        "virtio.ko",
                        "virtio_mmio.ko",
                        "virtio_console.ko",
                        "virtio_blk.ko",
                        "virtio_net.ko",
                        "squashfs.ko"),
                kernel.modules().stream().map(file -> file.getFileName().toString()).toList());
        assertEquals(kernel, KernelPackage.unpack(packed(), folder), "and once more");
    }

    @Test
    void packedModulesAreUnpacked() throws Exception {
        GuestTools.need("xz", "apt-get install -y xz-utils");
        Path module = tree.resolve("lib/modules/" + RELEASE + "/kernel/fs/squashfs.ko");
        assertEquals(0, GuestTools.run(new ProcessBuilder("xz", module.toString())).exitCode());
        Path squashfs = KernelPackage.unpack(packed(), folder).modules().get(6);
        assertArrayEquals(InitramfsTest.module(""), Files.readAllBytes(squashfs));
    }

    @Test
    void whatIsNoKernelsPackageIsRefused() throws Exception {
        Path module = tree.resolve("lib/modules/" + RELEASE + "/kernel/fs/squashfs.ko");
        Files.delete(module);
        assertEquals("the package has no module squashfs", refused());
        Files.writeString(module, "nothing");
        assertTrue(refused().contains("squashfs.ko is no kernel module"));
        Path image = tree.resolve("boot/vmlinuz-" + RELEASE);
        Files.writeString(image, "nothing");
        assertEquals("vmlinuz-" + RELEASE + " is no x86 kernel", refused());
        Files.delete(image);
        assertEquals("the package has no boot/vmlinuz-*", refused());
    }

    @Test
    void whatIsNoPackageIsRefused() throws Exception {
        Path file = Files.writeString(work.resolve("x.deb"), "nothing");
        assertTrue(
                assertThrows(IOException.class, () -> KernelPackage.unpack(file, folder))
                        .getMessage()
                        .startsWith("dpkg-deb -x "));
    }

    @Test
    void theNewestThatAptKnowsIsDownloaded() throws Exception {
        Path deb = packed();
        Path cache =
                script(
                        "apt-cache",
                        "echo linux-image-cloud-amd64; echo '  Depends: linux-image-"
                                + RELEASE
                                + "'");
        Path get = script("apt-get", "[ $2 = linux-image-" + RELEASE + " ] && cp " + deb + " .");
        KernelFiles kernel = new KernelPackage(get.toString(), cache.toString()).install(folder);
        assertEquals(RELEASE, kernel.release());
        assertEquals(List.of(RELEASE), left());
    }

    @Test
    void withoutANetworkItSaysSo() throws Exception {
        Path cache = script("apt-cache", "echo '  Depends: linux-image-" + RELEASE + "'");
        Path get = script("apt-get", "echo 'Could not resolve host' >&2; exit 100");
        IOException e =
                assertThrows(
                        IOException.class,
                        () -> new KernelPackage(get.toString(), cache.toString()).install(folder));
        assertTrue(
                e.getMessage()
                        .startsWith(
                                "the kernel package linux-image-"
                                        + RELEASE
                                        + " cannot be downloaded; is there a network?"),
                e.getMessage());
        assertTrue(e.getMessage().endsWith("Could not resolve host"), e.getMessage());
        assertEquals(List.of(), left());
    }

    @Test
    void withoutAnAptOrAListItSaysSo() throws Exception {
        String none = work.resolve("none").toString();
        assertTrue(
                assertThrows(IOException.class, () -> new KernelPackage(none, none).install(folder))
                        .getMessage()
                        .startsWith(
                                "apt knows no package linux-image-cloud-amd64; try apt-get"
                                        + " update"));
        Path cache = script("apt-cache", "echo '  Depends: linux-image-$(x)'");
        assertEquals(
                "apt names no kernel that linux-image-cloud-amd64 is",
                assertThrows(
                                IOException.class,
                                () -> new KernelPackage(none, cache.toString()).install(folder))
                        .getMessage());
    }
}
