package io.runnel.exec.wasi;

import io.runnel.exec.wasi.PathWalk.Follow;

/** Opening what a path leads to, making it if that is wanted. */
final class PathOpen {
    private static final int FOLLOW = 1;
    private static final int CREATE = 1;
    private static final int FOLDER = 2;
    private static final int EXCLUSIVE = 4;
    private static final int TRUNCATE = 8;
    private static final int ALL_MODES = 15;

    private final int mode;
    private final int flags;
    private final long rights;
    private final long inheriting;

    private PathOpen(int mode, int flags, long rights, long inheriting) {
        this.mode = mode;
        this.flags = flags;
        this.rights = rights & Rights.ALL;
        this.inheriting = inheriting & Rights.ALL;
    }

    static Errno open(WasiMemory memory, GuestCall call, Numbers a) {
        Descriptors descriptors = call.descriptors(memory);
        PathOpen open = new PathOpen(a.i32(4), a.i32(7), a.i64(5), a.i64(6));
        int follow = a.i32(1);
        if ((follow & ~FOLLOW) != 0 || !open.isSound()) {
            return Errno.INVAL;
        }
        FolderNode base = descriptors.folder(a.i32(0), Rights.PATH_OPEN);
        open.requireRights(descriptors.get(a.i32(0)));
        String path = GuestPath.read(memory, a.i32(2), a.i32(3));
        if (!memory.contains(a.i32(8), 4)) {
            return Errno.FAULT;
        }
        // Before anything is made: a file that nobody can open would be left.
        int number = descriptors.next();
        Node node = open.node(PathWalk.find(base, path, open.follow(follow)), call);
        descriptors.put(number, open.descriptor(node));
        memory.writeI32(a.i32(8), number);
        return Errno.SUCCESS;
    }

    /** A new file must not be made where a link leads. */
    private Follow follow(int follow) {
        if (wants(CREATE | EXCLUSIVE)) {
            return Follow.NEVER;
        }
        return follow == FOLLOW ? Follow.ALWAYS : Follow.BEFORE_SLASH;
    }

    private boolean isSound() {
        return (mode & ~ALL_MODES) == 0
                && (flags & ~Descriptor.ALL_FLAGS) == 0
                && !wants(CREATE | FOLDER);
    }

    private boolean wants(int modes) {
        return (mode & modes) == modes;
    }

    private void requireRights(Descriptor base) {
        if (wants(CREATE)) {
            base.require(Rights.PATH_CREATE_FILE);
        }
        if (wants(TRUNCATE)) {
            base.require(Rights.PATH_FILESTAT_SET_SIZE);
        }
        long wanted = rights | inheriting;
        if ((flags & Descriptor.FLAG_DSYNC) != 0) {
            wanted |= Rights.FD_DATASYNC;
        }
        if ((flags & (Descriptor.FLAG_SYNC | Descriptor.FLAG_RSYNC)) != 0) {
            wanted |= Rights.FD_SYNC;
        }
        if ((wanted & ~base.inheriting()) != 0) {
            throw new WasiFailure(Errno.NOTCAPABLE);
        }
    }

    private Node node(Place place, GuestCall call) {
        if (place.node().isEmpty()) {
            return created(place);
        }
        if (wants(CREATE | EXCLUSIVE)) {
            throw new WasiFailure(Errno.EXIST);
        }
        return switch (place.node().get()) {
            case ScratchLink link -> throw new WasiFailure(Errno.LOOP);
            case FolderNode folder -> folder(folder);
            case FileNode file -> file(place, file);
            case DeviceNode device -> device(place, device, call);
            case OpenDevice _ -> throw new IllegalStateException("it has no name");
        };
    }

    private Node created(Place place) {
        if (!wants(CREATE)) {
            throw new WasiFailure(Errno.NOENT);
        }
        if (place.slash()) {
            throw new WasiFailure(Errno.ISDIR);
        }
        return place.writable().createFile(place.name());
    }

    private Node folder(FolderNode folder) {
        if (wants(CREATE) || wants(TRUNCATE) || (rights & Rights.FD_WRITE) != 0) {
            throw new WasiFailure(Errno.ISDIR);
        }
        return folder;
    }

    private Node file(Place place, FileNode file) {
        if (place.slash() || wants(FOLDER)) {
            throw new WasiFailure(Errno.NOTDIR);
        }
        boolean changes = wants(TRUNCATE) || (rights & Rights.FD_WRITE) != 0;
        if (changes && !(file instanceof ScratchFile)) {
            throw new WasiFailure(Errno.ROFS);
        }
        if (wants(TRUNCATE) && file instanceof ScratchFile scratch) {
            scratch.resize(0);
        }
        return file;
    }

    private Node device(Place place, DeviceNode device, GuestCall call) {
        if (place.slash() || wants(FOLDER)) {
            throw new WasiFailure(Errno.NOTDIR);
        }
        if ((flags & Descriptor.FLAG_NONBLOCK) != 0) {
            throw new WasiFailure(Errno.NOTSUP);
        }
        return call.devices()
                .open(device, (rights & Rights.FD_READ) != 0, (rights & Rights.FD_WRITE) != 0);
    }

    private Descriptor descriptor(Node node) {
        return Descriptor.opened(node, Rights.fitting(node, rights), inheriting, flags);
    }
}
