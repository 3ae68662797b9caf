/**
 * What runs inside a microVM and how it is talked to: the agent (C, {@code src/main/guest}) that is
 * process 1 and speaks Lambda's runtime API to the function, the channel of frames to it, the
 * kernel's files and the initramfs. Nothing here starts a machine.
 */
package io.runnel.exec.microvm.guest;
