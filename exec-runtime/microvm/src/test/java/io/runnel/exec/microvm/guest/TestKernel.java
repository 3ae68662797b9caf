package io.runnel.exec.microvm.guest;

import io.runnel.exec.microvm.MicrovmFolders;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The kernel that tests boot: the one that nodes find. Where none may be missing it is brought. */
public final class TestKernel {
    private TestKernel() {}

    /** Where it is, and others may be. */
    public static Path folder() {
        return MicrovmFolders.of(Path.of("unused"), System.getenv()).kernels();
    }

    /** It; the test is skipped where there is none. */
    public static synchronized KernelFiles findOrSkip() throws IOException, InterruptedException {
        Optional<KernelFiles> there = KernelFiles.find(folder());
        if (there.isPresent()) {
            return there.get();
        }
        if (!GuestTools.isStrict()) {
            GuestTools.missing("no kernel for guests here: ./runnel images kernel");
        }
        return new KernelPackage().install(folder());
    }
}
