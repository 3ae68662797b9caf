package io.runnel.exec.microvm.machine;

/**
 * How a machine ended.
 *
 * @param exitCode of QEMU: 137 if it was killed, 0 if the guest ended it
 * @param outOfMemory whether its cgroup's limit killed it
 * @param console the end of what kernel and QEMU said, for the operator: from the guest, hostile
 */
public record MachineExit(int exitCode, boolean outOfMemory, String console) {}
