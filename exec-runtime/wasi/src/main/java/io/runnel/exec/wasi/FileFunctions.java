package io.runnel.exec.wasi;

/** Reading and writing what is open, and what else is done with files only. */
final class FileFunctions {
    private static final int MOST_ADVICE = 5;

    private FileFunctions() {}

    static Errno read(WasiMemory memory, GuestCall call, Numbers a) {
        Descriptor open = notAFolder(call.descriptors(memory).get(a.i32(0)));
        open.require(Rights.FD_READ);
        int at = a.i32(1);
        int parts = a.i32(2);
        Parts.require(memory, at, parts, a.i32(3));
        int count =
                switch (open.target()) {
                    case StandardStream stream -> call.streams().read(memory, at, parts);
                    case OpenDevice device -> device.read(memory, at, parts);
                    case Node node -> {
                        int read = read(memory, file(node), open.offset(), at, parts);
                        open.offset(open.offset() + read);
                        yield read;
                    }
                };
        memory.writeI32(a.i32(3), count);
        return Errno.SUCCESS;
    }

    /** Makes sure of stack itself, where it needs much: most writes go to a stream with room. */
    static Errno write(WasiMemory memory, GuestCall call, Numbers a) {
        Descriptors descriptors = call.descriptors(memory);
        if (!descriptors.isStream(a.i32(0))) {
            StackRoom.require();
        }
        Descriptor open = notAFolder(descriptors.get(a.i32(0)));
        open.require(Rights.FD_WRITE);
        int at = a.i32(1);
        int parts = a.i32(2);
        Parts.require(memory, at, parts, a.i32(3));
        int count =
                switch (open.target()) {
                    case StandardStream stream -> call.streams().write(memory, stream, at, parts);
                    case OpenDevice device -> device.write(memory, at, parts);
                    case Node node -> {
                        ScratchFile file = writable(node);
                        long from = open.appends() ? file.sizeBytes() : open.offset();
                        int written = write(memory, file, from, at, parts);
                        open.offset(from + written);
                        yield written;
                    }
                };
        memory.writeI32(a.i32(3), count);
        return Errno.SUCCESS;
    }

    static Errno readAt(WasiMemory memory, GuestCall call, Numbers a) {
        FileNode file = file(seekable(memory, call, a, Rights.FD_READ).target());
        Parts.require(memory, a.i32(1), a.i32(2), a.i32(4));
        long from = notNegative(a.i64(3));
        memory.writeI32(a.i32(4), read(memory, file, from, a.i32(1), a.i32(2)));
        return Errno.SUCCESS;
    }

    static Errno writeAt(WasiMemory memory, GuestCall call, Numbers a) {
        ScratchFile file = writable(seekable(memory, call, a, Rights.FD_WRITE).target());
        Parts.require(memory, a.i32(1), a.i32(2), a.i32(4));
        long from = notNegative(a.i64(3));
        memory.writeI32(a.i32(4), write(memory, file, from, a.i32(1), a.i32(2)));
        return Errno.SUCCESS;
    }

    private static Descriptor seekable(WasiMemory memory, GuestCall call, Numbers a, long right) {
        Descriptor open = call.descriptors(memory).get(a.i32(0));
        notAStream(open);
        open.require(right);
        open.require(Rights.FD_SEEK);
        return open;
    }

    private static int read(WasiMemory memory, FileNode file, long from, int at, int parts) {
        int done = 0;
        for (int i = 0; i < parts && Parts.isWithin(memory, at, i); i++) {
            int address = Parts.address(memory, at, i);
            int length = Parts.length(memory, at, i);
            int most = (int) Math.min(length, Math.max(file.sizeBytes() - from - done, 0));
            int count =
                    file.read(from + done, memory.arrayForWriting(address, most), address, most);
            done += count;
            if (count < length) {
                break;
            }
        }
        return done;
    }

    private static int write(WasiMemory memory, ScratchFile file, long from, int at, int parts) {
        int done = 0;
        for (int i = 0; i < parts; i++) {
            int length = Parts.length(memory, at, i);
            int count =
                    file.write(from + done, memory.array(), Parts.address(memory, at, i), length);
            done += count;
            if (count < length) {
                requireSome(file, from, done);
                break;
            }
        }
        return done;
    }

    private static void requireSome(ScratchFile file, long from, int done) {
        if (done == 0) {
            throw new WasiFailure(file.hasRoomAt(from) ? Errno.NOSPC : Errno.FBIG);
        }
    }

    static Errno seek(WasiMemory memory, GuestCall call, Numbers a) {
        Descriptor open = call.descriptors(memory).get(a.i32(0));
        long delta = a.i64(1);
        int whence = a.i32(2);
        FileNode file = notAStream(open);
        boolean tells = whence == 1 && delta == 0;
        open.require(tells && open.may(Rights.FD_TELL) ? Rights.FD_TELL : Rights.FD_SEEK);
        long base =
                switch (whence) {
                    case 0 -> 0;
                    case 1 -> open.offset();
                    case 2 -> file.sizeBytes();
                    default -> throw new WasiFailure(Errno.INVAL);
                };
        requirePlace(memory, a.i32(3), 8);
        // Both are not negative but for delta: what does not fit becomes negative.
        open.offset(notNegative(base + delta));
        memory.writeLong(a.i32(3), open.offset());
        return Errno.SUCCESS;
    }

    static Errno tell(WasiMemory memory, GuestCall call, Numbers a) {
        Descriptor open = call.descriptors(memory).get(a.i32(0));
        notAStream(open);
        open.require(open.may(Rights.FD_SEEK) ? Rights.FD_SEEK : Rights.FD_TELL);
        requirePlace(memory, a.i32(1), 8);
        memory.writeLong(a.i32(1), open.offset());
        return Errno.SUCCESS;
    }

    static Errno advise(WasiMemory memory, GuestCall call, Numbers a) {
        Descriptor open = call.descriptors(memory).get(a.i32(0));
        notAStream(open);
        open.require(Rights.FD_ADVISE);
        if (a.i32(3) < 0 || a.i32(3) > MOST_ADVICE || a.i64(1) < 0 || a.i64(2) < 0) {
            return Errno.INVAL;
        }
        return Errno.SUCCESS;
    }

    static Errno allocate(WasiMemory memory, GuestCall call, Numbers a) {
        Descriptor open = call.descriptors(memory).get(a.i32(0));
        FileNode file = notAStream(open);
        open.require(Rights.FD_ALLOCATE);
        if (a.i64(1) < 0 || a.i64(2) <= 0) {
            return Errno.INVAL;
        }
        writable(file).allocate(a.i64(1), a.i64(2));
        return Errno.SUCCESS;
    }

    static Errno setSize(WasiMemory memory, GuestCall call, Numbers a) {
        Descriptor open = call.descriptors(memory).get(a.i32(0));
        FileNode file = isStream(open) ? invalid() : notAStream(open);
        open.require(Rights.FD_FILESTAT_SET_SIZE);
        writable(file).resize(a.i64(1));
        return Errno.SUCCESS;
    }

    /** All that was written is where it can ever be; of streams nobody knows. */
    static Errno sync(WasiMemory memory, GuestCall call, Numbers a, long right) {
        Descriptor open = call.descriptors(memory).get(a.i32(0));
        if (isStream(open)) {
            return Errno.INVAL;
        }
        open.require(right);
        return Errno.SUCCESS;
    }

    private static FileNode invalid() {
        throw new WasiFailure(Errno.INVAL);
    }

    private static Descriptor notAFolder(Descriptor open) {
        if (open.target() instanceof FolderNode) {
            throw new WasiFailure(Errno.ISDIR);
        }
        return open;
    }

    /** Whether it has no places: one of the three streams, or a device. */
    private static boolean isStream(Descriptor open) {
        return open.target() instanceof StandardStream || open.target() instanceof OpenDevice;
    }

    private static FileNode notAStream(Descriptor open) {
        if (isStream(open)) {
            throw new WasiFailure(Errno.SPIPE);
        }
        return file(open.target());
    }

    private static FileNode file(Target target) {
        if (target instanceof FileNode file) {
            return file;
        }
        throw new WasiFailure(Errno.ISDIR);
    }

    private static ScratchFile writable(Target target) {
        if (file(target) instanceof ScratchFile file) {
            return file;
        }
        throw new WasiFailure(Errno.ROFS);
    }

    private static long notNegative(long number) {
        if (number < 0) {
            throw new WasiFailure(Errno.INVAL);
        }
        return number;
    }

    private static void requirePlace(WasiMemory memory, int at, int length) {
        if (!memory.contains(at, length)) {
            throw new WasiFailure(Errno.FAULT);
        }
    }
}
