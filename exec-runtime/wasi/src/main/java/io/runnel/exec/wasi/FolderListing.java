package io.runnel.exec.wasi;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/**
 * Writes the entries of a folder into a guest's buffer, as many as fit; of the last one as much as
 * fits, so that a full buffer says that there is more.
 */
final class FolderListing {
    private static final int HEAD_BYTES = 24;
    private static final long SELF = 0;
    private static final long ABOVE = 1;

    private final WasiMemory memory;
    private final int at;
    private final int length;
    private int used;

    private FolderListing(WasiMemory memory, int at, int length) {
        this.memory = memory;
        this.at = at;
        this.length = length;
    }

    static Errno list(WasiMemory memory, GuestCall call, Numbers a) {
        FolderNode folder = call.descriptors(memory).folder(a.i32(0), Rights.FD_READDIR);
        if (!memory.contains(a.i32(1), a.i32(2)) || !memory.contains(a.i32(4), 4)) {
            return Errno.FAULT;
        }
        FolderListing listing = new FolderListing(memory, a.i32(1), a.i32(2));
        // A cookie is unsigned; what is negative here is after every entry.
        if (a.i64(3) >= 0) {
            listing.list(folder, a.i64(3));
        }
        memory.writeI32(a.i32(4), listing.used);
        return Errno.SUCCESS;
    }

    private void list(FolderNode folder, long cookie) {
        if (cookie <= SELF) {
            write(SELF, ".", folder.status().inode(), FileKind.FOLDER);
        }
        if (cookie <= ABOVE) {
            write(ABOVE, "..", folder.parentInode(), FileKind.FOLDER);
        }
        Iterator<FolderNode.Entry> entries = folder.entriesFrom(cookie);
        while (used < length && entries.hasNext()) {
            FolderNode.Entry entry = entries.next();
            FileStatus status = entry.node().status();
            write(entry.cookie(), entry.name(), status.inode(), status.kind());
        }
    }

    private void write(long cookie, String name, long inode, FileKind kind) {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        byte[] head = new byte[HEAD_BYTES];
        LittleEndian.putI64(head, 0, cookie + 1);
        LittleEndian.putI64(head, 8, inode);
        LittleEndian.putI32(head, 16, nameBytes.length);
        head[20] = kind.value();
        append(head);
        append(nameBytes);
    }

    private void append(byte[] bytes) {
        int count = Math.min(bytes.length, length - used);
        memory.write(at + used, bytes, 0, count);
        used += count;
    }
}
