package io.runnel.exec.wasi;

/** A symbolic link. What it names is a path that begins at its own folder. */
final class ScratchLink implements Node {
    private final Scratch scratch;
    private final Inode inode;
    private final String path;

    ScratchLink(Scratch scratch, String path) {
        if (!scratch.take(2L * path.length())) {
            throw new WasiFailure(Errno.NOSPC);
        }
        this.scratch = scratch;
        this.inode = scratch.newInode();
        this.path = path;
    }

    String path() {
        return path;
    }

    @Override
    public FileKind kind() {
        return FileKind.LINK;
    }

    @Override
    public FileStatus status() {
        return inode.status(FileKind.LINK, GuestPath.utf8Length(path));
    }

    @Override
    public Inode inode() {
        return inode;
    }

    /** Nothing names it any more. */
    void forget() {
        scratch.give(2L * path.length());
    }
}
