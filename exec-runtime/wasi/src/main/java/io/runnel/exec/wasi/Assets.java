package io.runnel.exec.wasi;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The read-only files of a task. Immutable; every call of the task reads the same bytes. Read once,
 * from a zip archive ({@link #fromZip}).
 */
public final class Assets {
    /** No asset may have this name at the top: calls write to a folder of this name. */
    static final String RESERVED_NAME = "tmp";

    /** Nothing but an empty folder. */
    public static final Assets EMPTY = new AssetTree().freeze();

    private static final int NODE_OVERHEAD_BYTES = 128;

    private final AssetFolder root;
    private final int nodes;
    private final long contentBytes;
    private final long nameBytes;

    Assets(AssetFolder root, int nodes, long contentBytes, long nameBytes) {
        this.root = root;
        this.nodes = nodes;
        this.contentBytes = contentBytes;
        this.nameBytes = nameBytes;
    }

    /**
     * The files of a zip archive.
     *
     * @param archive is not needed any more when this returns
     * @throws AssetsRejectedException if it is broken or does not keep to the rules
     */
    public static Assets fromZip(byte[] archive, AssetLimits limits)
            throws AssetsRejectedException {
        return ZipReader.assets(archive, limits);
    }

    AssetFolder root() {
        return root;
    }

    /** Files and folders, with the one that has all others in it. */
    public int nodes() {
        return nodes;
    }

    /** The bytes of all files together. */
    public long contentBytes() {
        return contentBytes;
    }

    /** What they hold of the host's memory, about. */
    public long heldBytes() {
        return contentBytes + 2 * nameBytes + (long) NODE_OVERHEAD_BYTES * nodes;
    }

    /** The content of a file, by its path without a slash before it; for tools and tests. */
    public Optional<byte[]> file(String path) {
        return node(path)
                .filter(node -> node instanceof AssetFile)
                .map(node -> ((AssetFile) node).content().clone());
    }

    /** The paths of all files, in order. */
    public List<String> paths() {
        List<String> paths = new ArrayList<>();
        collect(root, "", paths);
        return paths;
    }

    private static void collect(AssetFolder folder, String before, List<String> paths) {
        for (int i = 0; i < folder.names().size(); i++) {
            String path = before + folder.names().get(i);
            if (folder.nodes().get(i) instanceof AssetFolder inner) {
                collect(inner, path + "/", paths);
            } else {
                paths.add(path);
            }
        }
    }

    /** The folder of this absolute path. */
    Optional<AssetFolder> folder(String path) {
        if (!path.startsWith("/")) {
            return Optional.empty();
        }
        return node(path.substring(1))
                .filter(node -> node instanceof AssetFolder)
                .map(AssetFolder.class::cast);
    }

    private Optional<Node> node(String path) {
        Optional<Node> at = Optional.of(root);
        for (String name : path.isEmpty() ? new String[0] : path.split("/", -1)) {
            at =
                    at.filter(n -> n instanceof AssetFolder)
                            .flatMap(n -> ((AssetFolder) n).child(name));
        }
        return at;
    }

    /** The same as files of the call, which it may change. They count as if it had written them. */
    ScratchFolder copyTo(Scratch scratch) {
        ScratchFolder copy = ScratchFolder.root(scratch);
        copy(root, copy);
        return copy;
    }

    /** As deep as the limits of the archive let folders lie in each other. */
    private static void copy(AssetFolder from, ScratchFolder to) {
        for (Iterator<FolderNode.Entry> all = from.entriesFrom(0); all.hasNext(); ) {
            FolderNode.Entry entry = all.next();
            if (entry.node() instanceof AssetFolder folder) {
                copy(folder, to.createFolder(entry.name()));
            } else if (entry.node() instanceof AssetFile file) {
                byte[] content = file.content();
                ScratchFile copied = to.createFile(entry.name());
                if (copied.write(0, content, 0, content.length) < content.length) {
                    throw new WasiFailure(Errno.NOSPC);
                }
            }
        }
    }
}
