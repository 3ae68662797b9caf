package io.runnel.exec.wasi;

/**
 * Something in a call's file system. Assets never change and are shared by all calls; scratch nodes
 * are the call's own.
 */
sealed interface Node extends Target
        permits FolderNode, FileNode, ScratchLink, DeviceNode, OpenDevice {
    /** What a guest is told of it. */
    FileStatus status();

    /** A descriptor stands for it: until {@link #release} it is kept, though it has no name. */
    default void retain() {}

    /** A descriptor less stands for it. */
    default void release() {}

    /** What of a scratch node can be changed whatever it is: names, descriptors, times. */
    default Inode inode() {
        throw new WasiFailure(Errno.ROFS);
    }
}
