package io.runnel.exec.wasi;

import java.util.Iterator;
import java.util.Optional;

/** A folder. Names in it are kept as they came; a folder has no entries for itself and above. */
sealed interface FolderNode extends Node
        permits AssetFolder, DeviceFolder, RootFolder, ScratchFolder {
    /** The cookie of the first entry; those before are for itself and the folder above. */
    long FIRST_COOKIE = 2;

    /** A name in a folder; cookies grow, and one is never given to another entry. */
    record Entry(long cookie, String name, Node node) {}

    @Override
    default FileKind kind() {
        return FileKind.FOLDER;
    }

    /** The inode of the folder above; its own where there is none. */
    long parentInode();

    Optional<Node> child(String name);

    /**
     * The entries from this cookie on, in order.
     *
     * @param least not negative
     */
    Iterator<Entry> entriesFrom(long least);
}
