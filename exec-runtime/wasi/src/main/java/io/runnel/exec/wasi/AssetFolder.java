package io.runnel.exec.wasi;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A folder of a task's assets.
 *
 * @param names sorted
 * @param nodes in the order of their names
 */
record AssetFolder(long number, long parentInode, List<String> names, List<Node> nodes)
        implements FolderNode {
    AssetFolder {
        names = List.copyOf(names);
        nodes = List.copyOf(nodes);
    }

    @Override
    public FileStatus status() {
        return FileStatus.ofAsset(number, FileKind.FOLDER, 0);
    }

    @Override
    public Optional<Node> child(String name) {
        int index = Collections.binarySearch(names, name);
        return index < 0 ? Optional.empty() : Optional.of(nodes.get(index));
    }

    @Override
    public Iterator<Entry> entriesFrom(long least) {
        int first = (int) Math.min(Math.max(least - FIRST_COOKIE, 0), names.size());
        return IntStream.range(first, names.size())
                .mapToObj(i -> new Entry(FIRST_COOKIE + i, names.get(i), nodes.get(i)))
                .iterator();
    }
}
