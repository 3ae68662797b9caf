package io.runnel.exec.wasi;

import io.runnel.exec.task.DeviceName;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The devices that a task uses, by their names.
 *
 * @param names sorted
 */
record DeviceFolder(long parentInode, List<DeviceName> names) implements FolderNode {
    private static final long NUMBER = 1;

    DeviceFolder {
        names = List.copyOf(names);
    }

    @Override
    public FileStatus status() {
        return FileStatus.ofDevice(NUMBER, FileKind.FOLDER);
    }

    @Override
    public Optional<Node> child(String name) {
        return IntStream.range(0, names.size())
                .filter(i -> names.get(i).value().equals(name))
                .mapToObj(this::device)
                .findFirst();
    }

    private Node device(int index) {
        return new DeviceNode(NUMBER + 1 + index, names.get(index));
    }

    @Override
    public Iterator<Entry> entriesFrom(long least) {
        int first = (int) Math.min(Math.max(least - FIRST_COOKIE, 0), names.size());
        return IntStream.range(first, names.size())
                .mapToObj(i -> new Entry(FIRST_COOKIE + i, names.get(i).value(), device(i)))
                .iterator();
    }
}
