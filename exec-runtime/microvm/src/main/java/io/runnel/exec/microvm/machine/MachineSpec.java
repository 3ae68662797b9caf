package io.runnel.exec.microvm.machine;

import java.util.Optional;

/**
 * What a machine is made of, the same for every machine of a task's version.
 *
 * @param kernel a Linux kernel as a bzImage
 * @param initramfs with the guest's agent as {@code /init}
 * @param codeImage the task's code, the guest's {@code vda}
 * @param baseImage what the code stands on, the guest's {@code vdb}; none if it brings all itself
 * @param memoryBytes of the guest: whole MiB, 128 MiB to 8 GiB
 * @param version of the task, for the kernel's command line
 */
public record MachineSpec(
        MachineFile kernel,
        MachineFile initramfs,
        MachineFile codeImage,
        Optional<MachineFile> baseImage,
        long memoryBytes,
        int version) {
    /** With less Debian's cloud kernel does not boot. */
    public static final long LEAST_MEMORY_BYTES = 128L << 20;

    /** The most. */
    public static final long MOST_MEMORY_BYTES = 8L << 30;

    private static final long STEP_BYTES = 1L << 20;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of its bounds
     */
    public MachineSpec {
        if (memoryBytes < LEAST_MEMORY_BYTES
                || memoryBytes > MOST_MEMORY_BYTES
                || memoryBytes % STEP_BYTES != 0) {
            throw new IllegalArgumentException(
                    "memory of a machine must be whole MiB from 128 MiB to 8 GiB: %d bytes"
                            .formatted(memoryBytes));
        }
        if (version < 0) {
            throw new IllegalArgumentException(
                    "version of a machine must not be negative: %d".formatted(version));
        }
    }

    /** In MiB. */
    long memoryMiB() {
        return memoryBytes / STEP_BYTES;
    }
}
