package io.runnel.exec.microvm.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The kernel that tests boot: Debian's cloud kernel, installed, or unpacked in the folder that
 * {@code RUNNEL_GUEST_KERNEL} names.
 */
final class TestKernel {
    private TestKernel() {}

    static KernelFiles findOrSkip(Path work) throws IOException, InterruptedException {
        Path root = Path.of(Optional.ofNullable(System.getenv("RUNNEL_GUEST_KERNEL")).orElse("/"));
        if (!hasKernel(root.resolve("boot"))) {
            GuestTools.missing(
                    "no kernel for guests here: apt-get install -y linux-image-cloud-amd64, or"
                            + " RUNNEL_GUEST_KERNEL=FOLDER with the package unpacked");
        }
        return KernelPackage.keep(root, work, work);
    }

    private static boolean hasKernel(Path boot) throws IOException {
        if (!Files.isDirectory(boot)) {
            return false;
        }
        try (Stream<Path> files = Files.list(boot)) {
            return files.anyMatch(
                    file ->
                            file.getFileName().toString().startsWith("vmlinuz-")
                                    && file.toString().endsWith("cloud-amd64"));
        }
    }
}
