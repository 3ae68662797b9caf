package io.runnel.exec.microvm.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;

/** What tests of other parts take of this one's tools. */
public final class MicrovmTools {
    private MicrovmTools() {}

    /** Where the kernel is that tests boot; the test is skipped where there is none. */
    public static Path kernels() throws Exception {
        GuestTools.need("qemu-system-x86_64", "apt-get install qemu-system-x86");
        GuestTools.need("mksquashfs", "apt-get install squashfs-tools");
        var unused = TestKernel.findOrSkip();
        return TestKernel.folder();
    }

    /** A static program of one source; the test is skipped where there is no compiler. */
    public static Path compiled(Path source, Path program) throws Exception {
        GuestTools.need("musl-gcc", "apt-get install musl-tools");
        GuestTools.Ended ended =
                GuestTools.run(
                        new ProcessBuilder(
                                "musl-gcc",
                                "-static",
                                "-D_GNU_SOURCE",
                                "-Os",
                                "-Wall",
                                "-Wextra",
                                "-Werror",
                                "-o",
                                program.toString(),
                                source.toString()));
        assertEquals(0, ended.exitCode(), ended.said());
        return program;
    }
}
