package io.runnel.exec.wasi;

import io.runnel.exec.wasi.PathWalk.Follow;

import java.nio.charset.StandardCharsets;

/** What is done to a path below an open folder. */
final class PathFunctions {
    private static final int FOLLOW = 1;

    private PathFunctions() {}

    private static Place place(
            WasiMemory memory,
            GuestCall call,
            int folder,
            long right,
            Follow follow,
            int at,
            int length) {
        FolderNode base = call.descriptors(memory).folder(folder, right);
        return PathWalk.find(base, GuestPath.read(memory, at, length), follow);
    }

    private static Follow follow(int flags) {
        return switch (flags) {
            case 0 -> Follow.BEFORE_SLASH;
            case FOLLOW -> Follow.ALWAYS;
            default -> throw new WasiFailure(Errno.INVAL);
        };
    }

    static Errno createFolder(WasiMemory memory, GuestCall call, Numbers a) {
        long right = Rights.PATH_CREATE_DIRECTORY;
        Place place = place(memory, call, a.i32(0), right, Follow.NEVER, a.i32(1), a.i32(2));
        place.free(true).createFolder(place.name());
        return Errno.SUCCESS;
    }

    static Errno status(WasiMemory memory, GuestCall call, Numbers a) {
        Follow follow = follow(a.i32(1));
        long right = Rights.PATH_FILESTAT_GET;
        Place place = place(memory, call, a.i32(0), right, follow, a.i32(2), a.i32(3));
        place.existing().status().write(memory, a.i32(4));
        return Errno.SUCCESS;
    }

    static Errno setTimes(WasiMemory memory, GuestCall call, Numbers a) {
        Follow follow = follow(a.i32(1));
        long right = Rights.PATH_FILESTAT_SET_TIMES;
        Place place = place(memory, call, a.i32(0), right, follow, a.i32(2), a.i32(3));
        NodeTimes.set(place.existing(), call.realNs(), a.i64(4), a.i64(5), a.i32(6));
        return Errno.SUCCESS;
    }

    /** A second name for a file. Links are not followed, as in POSIX's {@code link}. */
    static Errno link(WasiMemory memory, GuestCall call, Numbers a) {
        if (a.i32(1) != 0) {
            return Errno.INVAL;
        }
        Place from =
                place(
                        memory,
                        call,
                        a.i32(0),
                        Rights.PATH_LINK_SOURCE,
                        Follow.NEVER,
                        a.i32(2),
                        a.i32(3));
        Place to =
                place(
                        memory,
                        call,
                        a.i32(4),
                        Rights.PATH_LINK_TARGET,
                        Follow.NEVER,
                        a.i32(5),
                        a.i32(6));
        Node node = from.existing();
        if (node instanceof FolderNode) {
            return Errno.PERM;
        }
        ScratchFolder folder = to.free(false);
        if (node instanceof AssetFile) {
            return Errno.XDEV;
        }
        folder.add(to.name(), node);
        return Errno.SUCCESS;
    }

    static Errno readLink(WasiMemory memory, GuestCall call, Numbers a) {
        Place place =
                place(
                        memory,
                        call,
                        a.i32(0),
                        Rights.PATH_READLINK,
                        Follow.BEFORE_SLASH,
                        a.i32(1),
                        a.i32(2));
        if (!(place.existing() instanceof ScratchLink link)) {
            return Errno.INVAL;
        }
        if (!memory.contains(a.i32(3), a.i32(4)) || !memory.contains(a.i32(5), 4)) {
            return Errno.FAULT;
        }
        byte[] path = link.path().getBytes(StandardCharsets.UTF_8);
        int count = Math.min(path.length, a.i32(4));
        memory.write(a.i32(3), path, 0, count);
        memory.writeI32(a.i32(5), count);
        return Errno.SUCCESS;
    }

    static Errno symlink(WasiMemory memory, GuestCall call, Numbers a) {
        String path = GuestPath.read(memory, a.i32(0), a.i32(1));
        long right = Rights.PATH_SYMLINK;
        Place place = place(memory, call, a.i32(2), right, Follow.NEVER, a.i32(3), a.i32(4));
        if (path.isEmpty()) {
            return Errno.NOENT;
        }
        if (path.charAt(0) == '/') {
            // It would name something outside of the open folder.
            return Errno.NOTCAPABLE;
        }
        place.free(false).createLink(place.name(), path);
        return Errno.SUCCESS;
    }

    static Errno removeFolder(WasiMemory memory, GuestCall call, Numbers a) {
        long right = Rights.PATH_REMOVE_DIRECTORY;
        Place place = place(memory, call, a.i32(0), right, Follow.NEVER, a.i32(1), a.i32(2));
        if (!(place.existing() instanceof FolderNode folder)) {
            return Errno.NOTDIR;
        }
        if (!place.isNamed()) {
            return Errno.INVAL;
        }
        ScratchFolder in = place.writable();
        if (folder instanceof ScratchFolder scratch && !scratch.isEmpty()) {
            return Errno.NOTEMPTY;
        }
        in.remove(place.name());
        return Errno.SUCCESS;
    }

    static Errno unlink(WasiMemory memory, GuestCall call, Numbers a) {
        long right = Rights.PATH_UNLINK_FILE;
        Place place = place(memory, call, a.i32(0), right, Follow.NEVER, a.i32(1), a.i32(2));
        if (place.existing() instanceof FolderNode) {
            return Errno.ISDIR;
        }
        place.writable().remove(place.name());
        return Errno.SUCCESS;
    }

    static Errno rename(WasiMemory memory, GuestCall call, Numbers a) {
        Place from =
                place(
                        memory,
                        call,
                        a.i32(0),
                        Rights.PATH_RENAME_SOURCE,
                        Follow.NEVER,
                        a.i32(1),
                        a.i32(2));
        Place to =
                place(
                        memory,
                        call,
                        a.i32(3),
                        Rights.PATH_RENAME_TARGET,
                        Follow.NEVER,
                        a.i32(4),
                        a.i32(5));
        Node node = from.existing();
        if (!from.isNamed() || !to.isNamed()) {
            return Errno.BUSY;
        }
        ScratchFolder source = from.writable();
        ScratchFolder target = to.writable();
        if (node instanceof ScratchFolder folder) {
            if (target.isWithin(folder)) {
                return Errno.INVAL;
            }
        } else if (to.slash()) {
            return Errno.NOTDIR;
        }
        if (to.node().isPresent()) {
            if (to.node().get() == node) {
                return Errno.SUCCESS;
            }
            requireReplaceable(node, to.node().get());
        }
        target.moveHere(to.name(), source, from.name());
        return Errno.SUCCESS;
    }

    private static void requireReplaceable(Node node, Node old) {
        boolean folder = node instanceof FolderNode;
        if (!(old instanceof ScratchFolder oldFolder)) {
            if (folder) {
                throw new WasiFailure(Errno.NOTDIR);
            }
        } else if (!folder) {
            throw new WasiFailure(Errno.ISDIR);
        } else if (!oldFolder.isEmpty()) {
            throw new WasiFailure(Errno.NOTEMPTY);
        }
    }
}
