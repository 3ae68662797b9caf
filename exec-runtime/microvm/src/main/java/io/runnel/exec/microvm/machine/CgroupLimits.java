package io.runnel.exec.microvm.machine;

/**
 * What a machine's cgroup allows.
 *
 * @param memoryBytes of guest and QEMU together; a snapshot's pages that many machines share count
 *     for one of them
 * @param processes threads as well
 * @param cpuWeight against other machines, 1 to 10000, 100 as a rule; never more than one
 *     processor's time
 * @param diskBytesPerSecond read, and written
 */
record CgroupLimits(long memoryBytes, int processes, int cpuWeight, long diskBytesPerSecond) {
    /** QEMU's workers for disks, and some. */
    static final int PROCESSES = 100;

    private static final long MIB = 1L << 20;
    private static final long QEMU_MIB = 64;
    private static final int WEIGHT = 100;
    private static final long DISK_BYTES_PER_SECOND = 128 * MIB;

    /** For a guest of this size: QEMU itself takes 64 MiB, with TCG's translations 64 MiB more. */
    static CgroupLimits of(long guestBytes, Accelerator accelerator) {
        long own =
                switch (accelerator) {
                    case KVM -> QEMU_MIB;
                    case TCG -> QEMU_MIB + QemuCommand.TRANSLATED_MIB;
                };
        return new CgroupLimits(guestBytes + own * MIB, PROCESSES, WEIGHT, DISK_BYTES_PER_SECOND);
    }
}
