package io.runnel.exec.wasi;

/** Setting the times of a node. */
final class NodeTimes {
    private static final int ACCESSED = 1;
    private static final int ACCESSED_NOW = 2;
    private static final int MODIFIED = 4;
    private static final int MODIFIED_NOW = 8;
    private static final int ALL = 15;

    private NodeTimes() {}

    /**
     * Sets those that the flags name, to the given or to now.
     *
     * @throws WasiFailure if a flag is unknown or says both, or if the node is an asset
     */
    static void set(Node node, long nowNs, long accessedNs, long modifiedNs, int flags) {
        boolean accessed = (flags & ACCESSED) != 0;
        boolean accessedNow = (flags & ACCESSED_NOW) != 0;
        boolean modified = (flags & MODIFIED) != 0;
        boolean modifiedNow = (flags & MODIFIED_NOW) != 0;
        if ((flags & ~ALL) != 0 || (accessed && accessedNow) || (modified && modifiedNow)) {
            throw new WasiFailure(Errno.INVAL);
        }
        Inode inode = node.inode();
        if (accessed || accessedNow) {
            inode.setAccessed(accessedNow ? nowNs : accessedNs, nowNs);
        }
        if (modified || modifiedNow) {
            inode.setModified(modifiedNow ? nowNs : modifiedNs, nowNs);
        }
    }
}
