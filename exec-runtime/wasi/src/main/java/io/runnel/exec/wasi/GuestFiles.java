package io.runnel.exec.wasi;

import io.runnel.exec.task.DeviceName;

import java.util.List;
import java.util.Optional;

/**
 * What files a call finds at its start. Immutable, shared by all calls; what a call changes is its
 * own and ends with it.
 *
 * @param assets what is there
 * @param layout where the call may write
 * @param limits of what it writes
 * @param preopened the folders that are open for the guest at its start, as absolute paths
 */
public record GuestFiles(Assets assets, Layout layout, FileLimits limits, List<String> preopened) {
    /** The name, in the root, of the one folder that a task may write to. */
    static final String SCRATCH = Assets.RESERVED_NAME;

    /** The name, in the root, of the folder with the devices of a task that uses some. */
    static final String DEVICES = "dev";

    /** No folder is open, so there are no files. */
    public static final GuestFiles NONE =
            new GuestFiles(Assets.EMPTY, Layout.TASK, FileLimits.DEFAULT, List.of());

    /** Where a call may write. */
    public enum Layout {
        /** The assets cannot be changed, and {@code /tmp} is an empty folder to write to. */
        TASK,
        /** Everything may be changed: the assets are copied for each call that uses files. */
        SCRATCH
    }

    public GuestFiles {
        preopened = List.copyOf(preopened);
        if (preopened.size() > limits.descriptors() / 2) {
            throw new IllegalArgumentException("too many folders opened at the start");
        }
        for (String path : preopened) {
            boolean scratch = layout == Layout.TASK && path.equals("/" + SCRATCH);
            if (!scratch && assets.folder(path).isEmpty()) {
                throw new IllegalArgumentException("no such folder to open: " + path);
            }
        }
    }

    /** What a task gets: its assets at {@code /}, to be read, and {@code /tmp}. */
    public static GuestFiles ofTask(Assets assets, FileLimits limits) {
        return new GuestFiles(assets, Layout.TASK, limits, List.of("/"));
    }

    /**
     * The root of a call.
     *
     * @param devices those that it may use; where there are none there is no folder for them
     */
    FolderNode mount(Scratch scratch, HostDevices host, List<DeviceName> devices) {
        return switch (layout) {
            case TASK ->
                    new RootFolder(
                            assets.root(),
                            ScratchFolder.rootIn(assets.root(), scratch),
                            devices.isEmpty()
                                    ? Optional.empty()
                                    : Optional.of(host.folder(devices, assets.root())));
            case SCRATCH -> assets.copyTo(scratch);
        };
    }

    /** The folder of this absolute path, which was checked. */
    FolderNode find(FolderNode root, String path) {
        if (path.equals("/")) {
            return root;
        }
        return (FolderNode)
                PathWalk.find(root, path.substring(1), PathWalk.Follow.NEVER).existing();
    }

    /** No asset has it or a larger one. */
    long firstFreeInode() {
        return assets.nodes() + 1L;
    }
}
