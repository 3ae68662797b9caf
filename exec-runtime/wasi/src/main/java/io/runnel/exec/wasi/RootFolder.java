package io.runnel.exec.wasi;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The assets of a task, and among them the folder that its calls may write to, and the one with the
 * devices that it uses, if it uses some: that one hides what has its name among the assets.
 */
final class RootFolder implements FolderNode {
    private final AssetFolder assets;
    private final ScratchFolder scratch;
    private final Optional<DeviceFolder> devices;

    RootFolder(AssetFolder assets, ScratchFolder scratch, Optional<DeviceFolder> devices) {
        this.assets = assets;
        this.scratch = scratch;
        this.devices = devices;
    }

    @Override
    public FileStatus status() {
        return assets.status();
    }

    @Override
    public long parentInode() {
        return assets.number();
    }

    @Override
    public Optional<Node> child(String name) {
        return switch (name) {
            case GuestFiles.SCRATCH -> Optional.of(scratch);
            case GuestFiles.DEVICES ->
                    devices.<Node>map(folder -> folder).or(() -> assets.child(name));
            default -> assets.child(name);
        };
    }

    @Override
    public Iterator<Entry> entriesFrom(long least) {
        long last = FIRST_COOKIE + assets.names().size();
        List<Entry> added = new ArrayList<>();
        added.add(new Entry(last, GuestFiles.SCRATCH, scratch));
        devices.ifPresent(folder -> added.add(new Entry(last + 1, GuestFiles.DEVICES, folder)));
        Iterable<Entry> before = () -> assets.entriesFrom(least);
        return Stream.concat(
                        StreamSupport.stream(before.spliterator(), false)
                                .filter(entry -> !isHidden(entry.name())),
                        added.stream().filter(entry -> entry.cookie() >= least))
                .iterator();
    }

    private boolean isHidden(String name) {
        return devices.isPresent() && name.equals(GuestFiles.DEVICES);
    }
}
