package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** Reading, writing, moving about in files, and what a descriptor may be used for. */
class OpenFilesTest {
    private final GuestSide guest = GuestSide.ofTask(FileLimits.DEFAULT);
    private final int file = guest.open("tmp/file", GuestSide.CREATE);

    @Test
    void writesAndReadsWhereItStands() {
        assertEquals(10, guest.write(file, "0123456789"));
        assertEquals("", guest.read(file, 5));
        assertEquals(3, guest.seek(file, 3, 0));
        assertEquals("345", guest.read(file, 3));
        assertEquals(8, guest.seek(file, 2, 1));
        assertEquals("89", guest.read(file, 100));
        assertEquals(4, guest.seek(file, -6, 2));
        assertEquals(2, guest.write(file, "ab"));
        assertEquals("0123ab6789", guest.text("tmp/file"));
        guest.ok(WasiFunction.FD_TELL, file, 100);
        assertEquals(6, guest.memory.readLong(100));
    }

    @Test
    void seekStaysWithinNumbers() {
        assertEquals(Errno.INVAL, guest.trySeek(file, -1, 0));
        assertEquals(Errno.INVAL, guest.trySeek(file, 0, 3));
        assertEquals(Long.MAX_VALUE, guest.seek(file, Long.MAX_VALUE, 0));
        assertEquals(Errno.INVAL, guest.trySeek(file, 1, 1));
        assertEquals(Errno.INVAL, guest.trySeek(file, Long.MIN_VALUE, 1));
        assertEquals("", guest.read(file, 10));
        assertEquals(Errno.FBIG, guest.tryWrite(file, new byte[] {1}));
        assertEquals(Errno.SPIPE, guest.trySeek(1, 0, 1));
        assertEquals(Errno.ISDIR, guest.trySeek(GuestSide.ROOT, 0, 1));
    }

    @Test
    void readsAndWritesAtAPlaceWithoutMoving() {
        guest.write(file, "0123456789");
        guest.memory.put(GuestSide.BUFFER_AT, "xy");
        guest.part(0, GuestSide.BUFFER_AT, 2);
        assertEquals(Errno.SUCCESS, guest.partsAt(WasiFunction.FD_PWRITE, file, 1, 4));
        assertEquals(Errno.SUCCESS, guest.partsAt(WasiFunction.FD_PREAD, file, 1, 3));
        assertEquals("3x", guest.memory.text(GuestSide.BUFFER_AT, 2));
        assertEquals(10, guest.seek(file, 0, 1));
        assertEquals(Errno.INVAL, guest.partsAt(WasiFunction.FD_PREAD, file, 1, -1));
        assertEquals(Errno.SPIPE, guest.partsAt(WasiFunction.FD_PREAD, 0, 1, 0));
        assertEquals(Errno.SPIPE, guest.partsAt(WasiFunction.FD_PWRITE, 1, 1, 0));
        assertEquals(Errno.ISDIR, guest.partsAt(WasiFunction.FD_PREAD, 3, 1, 0));
        assertEquals("0123xy6789", guest.text("tmp/file"));
    }

    @Test
    void severalPartsAreOneStretch() {
        guest.memory.put(GuestSide.BUFFER_AT, "abcdef");
        guest.part(0, GuestSide.BUFFER_AT, 2);
        guest.part(1, GuestSide.BUFFER_AT, 0);
        guest.part(2, GuestSide.BUFFER_AT + 2, 4);
        assertEquals(Errno.SUCCESS, guest.parts(WasiFunction.FD_WRITE, file, 3));
        assertEquals(6, guest.lastCount());
        guest.seek(file, 0, 0);
        guest.part(0, GuestSide.BUFFER_AT + 100, 1);
        guest.part(1, GuestSide.BUFFER_AT + 200, 100);
        assertEquals(Errno.SUCCESS, guest.parts(WasiFunction.FD_READ, file, 2));
        assertEquals(6, guest.lastCount());
        assertEquals("a", guest.memory.text(GuestSide.BUFFER_AT + 100, 1));
        assertEquals("bcdef", guest.memory.text(GuestSide.BUFFER_AT + 200, 5));
    }

    @Test
    void appendingIsAlwaysAtTheEnd() {
        guest.write(file, "start");
        int end = guest.openAppending("tmp/file");
        guest.write(end, "-one");
        guest.seek(end, 0, 0);
        guest.write(end, "-two");
        assertEquals("start-one-two", guest.text("tmp/file"));
        guest.ok(WasiFunction.FD_FDSTAT_SET_FLAGS, end, 0);
        guest.seek(end, 0, 0);
        guest.write(end, "S");
        assertEquals("Start-one-two", guest.text("tmp/file"));
        assertEquals(Errno.INVAL, WasiFunction.FD_FDSTAT_SET_FLAGS.call(guest.memory, end, 32));
        assertEquals(Errno.NOTSUP, WasiFunction.FD_FDSTAT_SET_FLAGS.call(guest.memory, 0, 4));
    }

    @Test
    void sizesAreSetAndFilledWithZeros() {
        guest.write(file, "0123456789");
        guest.ok(WasiFunction.FD_FILESTAT_SET_SIZE, file, 4);
        guest.ok(WasiFunction.FD_FILESTAT_SET_SIZE, file, 8);
        assertEquals("0123\0\0\0\0", guest.text("tmp/file"));
        guest.ok(WasiFunction.FD_ALLOCATE, file, 6, 10);
        assertEquals(16, guest.status(file).sizeBytes());
        guest.ok(WasiFunction.FD_ALLOCATE, file, 0, 1);
        assertEquals(16, guest.status(file).sizeBytes());
        assertEquals(Errno.INVAL, WasiFunction.FD_ALLOCATE.call(guest.memory, file, 0, 0));
        assertEquals(Errno.INVAL, WasiFunction.FD_ALLOCATE.call(guest.memory, file, -1, 1));
        assertEquals(Errno.FBIG, WasiFunction.FD_FILESTAT_SET_SIZE.call(guest.memory, file, -1));
        guest.close(guest.open("tmp/file", GuestSide.TRUNCATE));
        assertEquals(0, guest.status(file).sizeBytes());
    }

    @Test
    void blocksAreFilledAcrossTheirEdges() {
        String text = "0123456789".repeat(1000);
        assertEquals(10_000, guest.write(file, text));
        assertEquals(text, guest.text("tmp/file"));
        guest.seek(file, 4090, 0);
        assertEquals(text.substring(4090, 4110), guest.read(file, 20));
        guest.seek(file, 20_000, 0);
        guest.write(file, "end");
        guest.seek(file, 9_995, 0);
        assertEquals("56789" + "\0".repeat(5), guest.read(file, 10));
        guest.ok(WasiFunction.FD_FILESTAT_SET_SIZE, file, 4097);
        guest.ok(WasiFunction.FD_FILESTAT_SET_SIZE, file, 8192);
        guest.seek(file, 4095, 0);
        assertEquals("56\0\0", guest.read(file, 4));
    }

    @Test
    void timesAreTheGuestsClock() {
        long madeNs = 1_700_000_000_123_456_789L;
        assertEquals(madeNs, guest.status(file).modifiedNs());
        guest.now = guest.now.plus(Duration.ofSeconds(1));
        guest.write(file, "x");
        assertEquals(madeNs + 1_000_000_000, guest.status("tmp/file").modifiedNs());
        assertEquals(madeNs, guest.status("tmp/file").accessedNs());
        assertEquals(Errno.SUCCESS, guest.setTimes("tmp/file", 5, 6, 1 | 4));
        assertEquals(5, guest.status(file).accessedNs());
        assertEquals(6, guest.status(file).modifiedNs());
        assertEquals(madeNs + 1_000_000_000, guest.status(file).changedNs());
        guest.ok(WasiFunction.FD_FILESTAT_SET_TIMES, file, 0, 0, 2 | 8);
        assertEquals(madeNs + 1_000_000_000, guest.status(file).accessedNs());
        for (int both : new int[] {1 | 2, 4 | 8, 16}) {
            assertEquals(Errno.INVAL, guest.setTimes("tmp/file", 0, 0, both));
        }
    }

    @Test
    void rightsBecomeFewerOnly() {
        long kept = Rights.FD_READ | Rights.FD_SEEK;
        guest.ok(WasiFunction.FD_FDSTAT_SET_RIGHTS, file, kept, 0);
        guest.ok(WasiFunction.FD_FDSTAT_GET, file, 100);
        assertEquals(kept, guest.memory.readLong(108));
        assertEquals(0, guest.memory.readLong(116));
        assertEquals(Errno.BADF, guest.tryWrite(file, new byte[1]));
        assertEquals(Errno.NOTCAPABLE, WasiFunction.FD_FILESTAT_GET.call(guest.memory, file, 100));
        assertEquals(
                Errno.NOTCAPABLE,
                WasiFunction.FD_FDSTAT_SET_RIGHTS.call(guest.memory, file, kept | 1, 0));
        guest.ok(WasiFunction.FD_FDSTAT_SET_RIGHTS, GuestSide.ROOT, Rights.PATH_OPEN, kept);
        assertEquals(Errno.NOTCAPABLE, guest.makeFolder("tmp/x"));
        assertEquals(Errno.NOTCAPABLE, guest.tryOpen("tmp/y", GuestSide.CREATE));
        assertEquals(
                Errno.NOTCAPABLE,
                guest.tryOpen(GuestSide.ROOT, "tmp/file", 0, 0, Rights.FD_WRITE, 0));
        assertEquals(Errno.NOTCAPABLE, guest.tryOpen("tmp/file", GuestSide.TRUNCATE));
    }

    @Test
    void filesLiveAsLongAsTheyAreOpen() {
        guest.write(file, "still here");
        assertEquals(Errno.SUCCESS, guest.unlink("tmp/file"));
        guest.seek(file, 0, 0);
        assertEquals("still here", guest.read(file, 100));
        assertEquals(0, guest.status(file).links());
        assertEquals(Errno.NOENT, guest.tryOpen("tmp/file", 0));
        guest.make("tmp/file", "another");
        assertEquals("another", guest.text("tmp/file"));
    }

    @Test
    void descriptorsAreMovedOntoOthers() {
        guest.write(file, "file");
        int other = guest.open("tmp/other", GuestSide.CREATE);
        guest.ok(WasiFunction.FD_RENUMBER, file, other);
        assertEquals(Errno.BADF, guest.trySeek(file, 0, 0));
        guest.seek(other, 0, 0);
        assertEquals("file", guest.read(other, 10));
        assertEquals(Errno.BADF, WasiFunction.FD_RENUMBER.call(guest.memory, other, 77));
        assertEquals(Errno.BADF, WasiFunction.FD_RENUMBER.call(guest.memory, 77, other));
        guest.ok(WasiFunction.FD_RENUMBER, other, other);
        guest.ok(WasiFunction.FD_RENUMBER, other, 1);
        guest.write(1, "!");
        assertEquals("file!", guest.text("tmp/file"), "standard output goes to the file now");
        assertEquals(file, guest.open("tmp/more", GuestSide.CREATE), "the lowest free number");
    }

    @Test
    void whatIsNoFileIsToldByItsKind() {
        guest.ok(WasiFunction.FD_SYNC, file);
        guest.ok(WasiFunction.FD_DATASYNC, file);
        guest.ok(WasiFunction.FD_ADVISE, file, 0, 0, 5);
        assertEquals(Errno.INVAL, WasiFunction.FD_ADVISE.call(guest.memory, file, 0, 0, 6));
        assertEquals(Errno.ISDIR, WasiFunction.FD_ADVISE.call(guest.memory, 3, 0, 0, 0));
        assertEquals(Errno.ISDIR, guest.parts(WasiFunction.FD_READ, 3, 0));
        assertEquals(Errno.ISDIR, guest.parts(WasiFunction.FD_WRITE, 3, 0));
        assertEquals(Errno.INVAL, WasiFunction.FD_SYNC.call(guest.memory, 1));
        assertEquals(Errno.NOTSOCK, WasiFunction.SOCK_SHUTDOWN.call(guest.memory, file, 0));
        assertEquals(Errno.NOTSOCK, WasiFunction.SOCK_ACCEPT.call(guest.memory, 3, 0, 0));
        assertEquals(Errno.BADF, WasiFunction.SOCK_RECV.call(guest.memory, 9, 0, 0, 0, 0, 0));
        assertEquals(Errno.NOTDIR, guest.path(WasiFunction.PATH_UNLINK_FILE, file, "x"));
        assertEquals(Errno.NOTDIR, guest.path(WasiFunction.PATH_UNLINK_FILE, 1, "x"));
    }

    @Test
    void pollTellsHowMuchIsLeftOfAFile() {
        guest.write(file, "0123456789");
        guest.seek(file, 4, 0);
        guest.memory.writeLong(1024, 77);
        guest.memory.writeByte(1032, (byte) 1);
        guest.memory.writeI32(1040, file);
        guest.ok(WasiFunction.POLL_ONEOFF, 1024, 1024, 1, 40);
        assertEquals(77, guest.memory.readLong(1024));
        assertEquals(6, guest.memory.readLong(1040), "answers may lie where the questions did");
        assertTrue(guest.memory.readInt(40) == 1);
    }
}
