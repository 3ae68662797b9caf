/**
 * Machines for Linux programs: QEMU's {@code microvm} in a jail, its control channel, its port to
 * the guest's agent, and snapshots. Nothing here knows what the agent says.
 *
 * <p>What was tried (QEMU 7.2, emulation by TCG, Debian's cloud kernel, 128 MiB, two cores):
 *
 * <ul>
 *   <li>Memory in a file mapped shared and the migration capability {@code x-ignore-shared}: the
 *       device state alone is written, 54 KB in 10 to 30 ms. A clone maps the same file privately
 *       and runs 50 to 100 ms after its start; idle, it has written 0.5 MiB of guest memory, and
 *       QEMU itself takes some 32 MiB more, most of it for code that TCG made.
 *   <li>{@code exec:} as a migration's target cannot be with {@code spawn=deny}; {@code unix:} for
 *       saving and {@code fd:} for restoring can.
 *   <li>{@code /dev/vport0p1} is there a moment before it can be opened ({@code ENXIO}): a guest
 *       tries again.
 *   <li>The model of the processor makes no difference to the time of a boot by TCG.
 * </ul>
 */
package io.runnel.exec.microvm.machine;
