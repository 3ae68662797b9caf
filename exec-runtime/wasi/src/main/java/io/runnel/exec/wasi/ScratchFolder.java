package io.runnel.exec.wasi;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A folder that the call may write to. Its entries are kept in the order in which they came, each
 * with a cookie that no other gets, so that a guest that removes what it lists misses nothing.
 */
final class ScratchFolder implements FolderNode {
    private final Scratch scratch;
    private final Inode inode;
    private Optional<ScratchFolder> parent;
    private final long rootParentInode;
    private final Map<String, Entry> byName = new HashMap<>();
    private final TreeMap<Long, Entry> byCookie = new TreeMap<>();
    private long nextCookie = FIRST_COOKIE;

    private ScratchFolder(
            Scratch scratch, Optional<ScratchFolder> parent, Inode inode, long rootParentInode) {
        this.scratch = scratch;
        this.parent = parent;
        this.inode = inode;
        this.rootParentInode = rootParentInode;
    }

    /** The folder that all others are in. It can never be removed or moved. */
    static ScratchFolder root(Scratch scratch) {
        Inode inode = scratch.newInode();
        inode.named();
        return new ScratchFolder(scratch, Optional.empty(), inode, inode.number());
    }

    /** The same within a folder of assets. */
    static ScratchFolder rootIn(AssetFolder above, Scratch scratch) {
        Inode inode = scratch.newInode();
        inode.named();
        return new ScratchFolder(scratch, Optional.empty(), inode, above.number());
    }

    @Override
    public FileStatus status() {
        return inode.status(FileKind.FOLDER, 0);
    }

    @Override
    public Inode inode() {
        return inode;
    }

    @Override
    public long parentInode() {
        return parent.map(above -> above.inode.number()).orElse(rootParentInode);
    }

    @Override
    public Optional<Node> child(String name) {
        return Optional.ofNullable(byName.get(name)).map(Entry::node);
    }

    @Override
    public Iterator<Entry> entriesFrom(long least) {
        return byCookie.tailMap(least, true).values().iterator();
    }

    ScratchFile createFile(String name) {
        ScratchFile file = new ScratchFile(scratch);
        add(name, file);
        return file;
    }

    ScratchFolder createFolder(String name) {
        ScratchFolder folder =
                new ScratchFolder(scratch, Optional.of(this), scratch.newInode(), rootParentInode);
        add(name, folder);
        return folder;
    }

    void createLink(String name, String path) {
        ScratchLink link = new ScratchLink(scratch, path);
        try {
            add(name, link);
        } catch (WasiFailure e) {
            link.forget();
            throw e;
        }
    }

    /** Gives a node a name, which must be free. */
    void add(String name, Node node) {
        requireName();
        scratch.takeEntry(name);
        insert(name, node);
    }

    /** Into a folder that was removed and is still open nothing can be put. */
    private void requireName() {
        if (!inode.hasName()) {
            throw new WasiFailure(Errno.NOENT);
        }
    }

    private void insert(String name, Node node) {
        Entry entry = new Entry(nextCookie++, name, node);
        byName.put(name, entry);
        byCookie.put(entry.cookie(), entry);
        node.inode().named();
        inode.modified(scratch.nowNs());
    }

    private Node extract(String name) {
        Entry entry = byName.remove(name);
        byCookie.remove(entry.cookie());
        entry.node().inode().unnamed();
        inode.modified(scratch.nowNs());
        return entry.node();
    }

    /** Takes a name away, and with the last name what it holds. */
    void remove(String name) {
        Node node = extract(name);
        scratch.giveEntry(name);
        if (node instanceof ScratchFile file) {
            file.freeIfLost();
        } else if (node instanceof ScratchLink link && !link.inode().hasName()) {
            link.forget();
        }
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Moves an entry, here or from elsewhere; what had the new name is removed. */
    void moveHere(String name, ScratchFolder from, String oldName) {
        requireName();
        // All that can fail comes before anything is changed.
        scratch.renameEntry(oldName, name);
        if (child(name).isPresent()) {
            remove(name);
        }
        Node node = from.extract(oldName);
        insert(name, node);
        if (node instanceof ScratchFolder folder) {
            folder.parent = Optional.of(this);
        }
    }

    /** Whether this is that folder, or below it. */
    boolean isWithin(ScratchFolder other) {
        Optional<ScratchFolder> at = Optional.of(this);
        while (at.isPresent()) {
            if (at.get() == other) {
                return true;
            }
            at = at.get().parent;
        }
        return false;
    }
}
