package io.runnel.exec.wasi;

import java.nio.charset.StandardCharsets;

/** What is done with a descriptor, whatever it stands for. */
final class DescriptorFunctions {
    private static final int STATUS_BYTES = 24;
    private static final int PRESTAT_BYTES = 8;

    private DescriptorFunctions() {}

    static Errno close(WasiMemory memory, GuestCall call, Numbers a) {
        call.descriptors(memory).close(a.i32(0));
        return Errno.SUCCESS;
    }

    static Errno renumber(WasiMemory memory, GuestCall call, Numbers a) {
        call.descriptors(memory).renumber(a.i32(0), a.i32(1));
        return Errno.SUCCESS;
    }

    static Errno status(WasiMemory memory, GuestCall call, Numbers a) {
        Descriptor open = call.descriptors(memory).get(a.i32(0));
        int at = a.i32(1);
        if (!memory.contains(at, STATUS_BYTES)) {
            return Errno.FAULT;
        }
        memory.writeLong(at, open.target().kind().value() | (long) open.flags() << 16);
        memory.writeLong(at + 8, open.rights());
        memory.writeLong(at + 16, open.inheriting());
        return Errno.SUCCESS;
    }

    static Errno setFlags(WasiMemory memory, GuestCall call, Numbers a) {
        Descriptor open = call.descriptors(memory).get(a.i32(0));
        int flags = a.i32(1);
        open.require(Rights.FD_FDSTAT_SET_FLAGS);
        if ((flags & ~Descriptor.ALL_FLAGS) != 0) {
            return Errno.INVAL;
        }
        boolean blocks =
                open.target() instanceof OpenDevice && (flags & Descriptor.FLAG_NONBLOCK) != 0;
        if (blocks || (open.target() instanceof StandardStream && flags != 0)) {
            return Errno.NOTSUP;
        }
        open.flags(flags);
        return Errno.SUCCESS;
    }

    static Errno setRights(WasiMemory memory, GuestCall call, Numbers a) {
        call.descriptors(memory).get(a.i32(0)).reduce(a.i64(1), a.i64(2));
        return Errno.SUCCESS;
    }

    static Errno fileStatus(WasiMemory memory, GuestCall call, Numbers a) {
        Descriptor open = call.descriptors(memory).get(a.i32(0));
        open.require(Rights.FD_FILESTAT_GET);
        FileStatus status =
                switch (open.target()) {
                    case StandardStream stream -> FileStatus.OF_STREAM;
                    case Node node -> node.status();
                };
        status.write(memory, a.i32(1));
        return Errno.SUCCESS;
    }

    static Errno setTimes(WasiMemory memory, GuestCall call, Numbers a) {
        Descriptor open = call.descriptors(memory).get(a.i32(0));
        if (!(open.target() instanceof Node node)) {
            return Errno.INVAL;
        }
        open.require(Rights.FD_FILESTAT_SET_TIMES);
        NodeTimes.set(node, call.realNs(), a.i64(1), a.i64(2), a.i32(3));
        return Errno.SUCCESS;
    }

    /** How a C library looks for folders that are open at its start: from 3 on, until BADF. */
    static Errno preopened(WasiMemory memory, GuestCall call, Numbers a) {
        String name = preopenedName(memory, call, a.i32(0));
        int at = a.i32(1);
        if (!memory.contains(at, PRESTAT_BYTES)) {
            return Errno.FAULT;
        }
        memory.writeI32(at, 0);
        memory.writeI32(at + 4, GuestPath.utf8Length(name));
        return Errno.SUCCESS;
    }

    static Errno preopenedName(WasiMemory memory, GuestCall call, Numbers a) {
        String name = preopenedName(memory, call, a.i32(0));
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (Integer.compareUnsigned(a.i32(2), bytes.length) < 0) {
            return Errno.NAMETOOLONG;
        }
        if (!memory.contains(a.i32(1), bytes.length)) {
            return Errno.FAULT;
        }
        memory.write(a.i32(1), bytes, 0, bytes.length);
        return Errno.SUCCESS;
    }

    private static String preopenedName(WasiMemory memory, GuestCall call, int number) {
        return call.descriptors(memory)
                .get(number)
                .preopened()
                .orElseThrow(() -> new WasiFailure(Errno.BADF));
    }

    /** There are no sockets: nothing that is open is one. */
    static Errno socket(WasiMemory memory, GuestCall call, Numbers a) {
        return call.descriptors(memory).isOpen(a.i32(0)) ? Errno.NOTSOCK : Errno.BADF;
    }
}
