package io.runnel.exec.wasi;

import java.util.Optional;

/**
 * Where a path leads.
 *
 * @param folder the last folder on the way
 * @param name the last name; empty if the path ends with {@code .} or {@code ..}, the node then is
 *     the folder
 * @param node what has that name; empty if nothing has
 * @param slash whether the path ends with a slash, so that a folder is meant
 */
record Place(FolderNode folder, String name, Optional<Node> node, boolean slash) {
    /** What is there. */
    Node existing() {
        Node found = node.orElseThrow(() -> new WasiFailure(Errno.NOENT));
        if (slash && !(found instanceof FolderNode)) {
            throw new WasiFailure(Errno.NOTDIR);
        }
        return found;
    }

    /** The folder, to have its entries changed. */
    ScratchFolder writable() {
        if (folder instanceof ScratchFolder scratch) {
            return scratch;
        }
        throw new WasiFailure(Errno.ROFS);
    }

    boolean isNamed() {
        return !name.isEmpty();
    }

    /**
     * The folder in which a new entry of this name is to be made.
     *
     * @param slashAllowed whether the name may end with a slash: only what will be a folder's
     */
    ScratchFolder free(boolean slashAllowed) {
        if (node.isPresent()) {
            boolean odd = slash && !(node.get() instanceof FolderNode);
            throw new WasiFailure(odd ? Errno.NOTDIR : Errno.EXIST);
        }
        if (slash && !slashAllowed) {
            throw new WasiFailure(Errno.NOENT);
        }
        return writable();
    }
}
