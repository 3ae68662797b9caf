package io.runnel.exec.wasi;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The assets of a task, and among them the folder that its calls may write to. */
final class RootFolder implements FolderNode {
    private final AssetFolder assets;
    private final ScratchFolder scratch;

    RootFolder(AssetFolder assets, ScratchFolder scratch) {
        this.assets = assets;
        this.scratch = scratch;
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
        return name.equals(GuestFiles.SCRATCH) ? Optional.of(scratch) : assets.child(name);
    }

    @Override
    public Iterator<Entry> entriesFrom(long least) {
        long last = FIRST_COOKIE + assets.names().size();
        if (least > last) {
            return List.<Entry>of().iterator();
        }
        Iterator<Entry> before = assets.entriesFrom(least);
        return new Iterator<>() {
            private boolean done;

            @Override
            public boolean hasNext() {
                return !done;
            }

            @Override
            public Entry next() {
                if (before.hasNext()) {
                    return before.next();
                }
                done = true;
                return new Entry(last, GuestFiles.SCRATCH, scratch);
            }
        };
    }
}
