/**
 * Isolates for Linux programs: microVMs under QEMU, each in a jail of its own, restored from
 * snapshots. After US11762703: popular code runs on warm, isolated machines near the user.
 */
package io.runnel.exec.microvm;
