package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.ByteSize;

import org.junit.jupiter.api.Test;

/** What a guest can make the host keep, and that it comes back. */
class FileLimitsTest {
    private static final int LIMIT = 256 * 1024;
    private static final FileLimits LIMITS = new FileLimits(ByteSize.ofKiB(256), 100, 16);

    private final GuestSide guest = GuestSide.ofTask(LIMITS);

    private long held() {
        long bytes = guest.memory.call().heldFileBytes();
        assertEquals(bytes, guest.memory.reservedBytes(), "all of it is of the call's memory");
        assertTrue(bytes >= 0 && bytes <= LIMIT, bytes + " bytes");
        return bytes;
    }

    @Test
    void descriptorsEnd() {
        for (int i = 4; i < 16; i++) {
            assertEquals(i, guest.open("tmp/file", GuestSide.CREATE));
        }
        assertEquals(Errno.MFILE, guest.tryOpen("tmp/file", 0));
        assertEquals(Errno.MFILE, guest.tryOpen("tmp/other", GuestSide.CREATE));
        assertEquals(Errno.NOENT, guest.tryStatus("tmp/other", 0), "and nothing is made");
        guest.close(7);
        assertEquals(7, guest.openToRead("tmp/file"));
        assertEquals(Errno.BADF, WasiFunction.FD_CLOSE.call(guest.memory, 16));
    }

    @Test
    void bytesEndAndComeBack() {
        int file = guest.open("tmp/file", GuestSide.CREATE);
        byte[] much = new byte[200 * 1024];
        assertEquals(Errno.SUCCESS, guest.tryWrite(file, much));
        assertEquals(much.length, guest.lastCount());
        assertEquals(Errno.SUCCESS, guest.tryWrite(file, much));
        int rest = guest.lastCount();
        assertTrue(rest > 40 * 1024 && rest < 56 * 1024, "only what fits: " + rest);
        assertEquals(Errno.NOSPC, guest.tryWrite(file, much));
        held();
        int other = guest.open("tmp/other", GuestSide.CREATE);
        assertEquals(Errno.NOSPC, guest.tryWrite(other, much));
        assertEquals(Errno.NOSPC, WasiFunction.FD_ALLOCATE.call(guest.memory, other, 0, 9000));
        guest.ok(WasiFunction.FD_FILESTAT_SET_SIZE, file, 100);
        assertEquals(Errno.SUCCESS, guest.tryWrite(other, new byte[100 * 1024]));
        assertEquals(Errno.SUCCESS, guest.unlink("tmp/other"));
        long open = held();
        guest.close(other);
        assertTrue(held() < open - 100 * 1024, "the last that could read it is gone");
        guest.close(file);
        assertEquals(Errno.SUCCESS, guest.unlink("tmp/file"));
        assertEquals(0, held());
    }

    @Test
    void aSizeAloneTakesNothing() {
        int file = guest.open("tmp/file", GuestSide.CREATE);
        long before = held();
        guest.ok(WasiFunction.FD_FILESTAT_SET_SIZE, file, LIMIT);
        assertEquals(before, held());
        guest.seek(file, LIMIT - 1, 0);
        assertEquals(1, guest.write(file, "x"));
        assertTrue(held() < before + 8192);
        assertEquals(Errno.FBIG, guest.tryWrite(file, new byte[1]));
        assertEquals(
                Errno.FBIG, WasiFunction.FD_FILESTAT_SET_SIZE.call(guest.memory, file, LIMIT + 1));
        for (long size : new long[] {1L << 32, 1L << 40, Long.MAX_VALUE}) {
            assertEquals(
                    Errno.FBIG, WasiFunction.FD_FILESTAT_SET_SIZE.call(guest.memory, file, size));
            assertEquals(Errno.FBIG, WasiFunction.FD_ALLOCATE.call(guest.memory, file, 1, size));
            assertEquals(Errno.FBIG, WasiFunction.FD_ALLOCATE.call(guest.memory, file, size, 1));
        }
        held();
    }

    @Test
    void manyFilesWithOneByteFarOffDoNotAddUp() {
        int made = 0;
        Errno errno = guest.tryOpen(3, "tmp/0", 0, 1, GuestSide.FILE_RIGHTS, 0);
        while (errno == Errno.SUCCESS) {
            guest.seek(4, LIMIT - 1, 0);
            errno = guest.tryWrite(4, new byte[1]);
            guest.close(4);
            made++;
            if (errno == Errno.SUCCESS) {
                errno = guest.tryOpen(3, "tmp/" + made, 0, 1, GuestSide.FILE_RIGHTS, 0);
            }
        }
        assertEquals(Errno.NOSPC, errno);
        assertTrue(made < LIMIT / 4096, made + " files");
        held();
    }

    @Test
    void entriesEndAndComeBack() {
        for (int i = 0; i < 100; i++) {
            Errno made =
                    switch (i % 4) {
                        case 0 -> guest.makeFolder("tmp/" + i);
                        case 1 -> guest.tryOpen("tmp/" + i, GuestSide.CREATE);
                        case 2 -> guest.symlink("x", "tmp/" + i);
                        default -> guest.link("tmp/1", "tmp/" + i);
                    };
            assertEquals(Errno.SUCCESS, made);
            if (i % 4 == 1) {
                guest.close(4);
            }
        }
        assertEquals(Errno.NOSPC, guest.makeFolder("tmp/more"));
        assertEquals(Errno.NOSPC, guest.tryOpen("tmp/more", GuestSide.CREATE));
        assertEquals(Errno.NOSPC, guest.symlink("x", "tmp/more"));
        assertEquals(Errno.NOSPC, guest.link("tmp/1", "tmp/more"));
        assertEquals(Errno.SUCCESS, guest.rename("tmp/0", "tmp/4"), "one takes another's place");
        assertEquals(Errno.SUCCESS, guest.makeFolder("tmp/0"));
        for (int i = 0; i < 100; i++) {
            Errno folder = guest.removeFolder("tmp/" + i);
            assertTrue(folder == Errno.SUCCESS || guest.unlink("tmp/" + i) == Errno.SUCCESS);
        }
        assertEquals(0, held());
    }

    @Test
    void longNamesAndLinksCount() {
        String name = "n".repeat(255);
        String target = "t/".repeat(2000);
        Errno errno = Errno.SUCCESS;
        int links = 0;
        while (errno == Errno.SUCCESS) {
            errno = guest.symlink(target, "tmp/" + name.substring(2) + links++);
        }
        assertEquals(Errno.NOSPC, errno);
        assertTrue(links > 10 && links < 60, links + " links of 8 KiB");
        long held = held();
        assertEquals(Errno.NOSPC, guest.symlink(target, "tmp/more"));
        assertEquals(held, held(), "a failure takes nothing");
    }

    @Test
    void aLongerNameCountsMore() {
        guest.make("tmp/short", "");
        long before = held();
        assertEquals(Errno.SUCCESS, guest.rename("tmp/short", "tmp/" + "n".repeat(255)));
        assertEquals(before + 2 * 250, held());
        assertEquals(Errno.SUCCESS, guest.rename("tmp/" + "n".repeat(255), "tmp/x"));
        assertEquals(before - 2 * 4, held());
        assertEquals(Errno.SUCCESS, guest.unlink("tmp/x"));
        assertEquals(0, held());
    }

    @Test
    void aPathOfAMegabyteIsNotEvenRead() {
        long length = 1 << 20;
        assertEquals(
                Errno.NAMETOOLONG,
                WasiFunction.PATH_CREATE_DIRECTORY.call(guest.memory, 3, 0, length));
        assertEquals(
                Errno.NAMETOOLONG,
                WasiFunction.PATH_SYMLINK.call(guest.memory, 0, length, 3, 0, 1));
        assertEquals(Errno.NAMETOOLONG, WasiFunction.PATH_UNLINK_FILE.call(guest.memory, 3, 0, -1));
    }

    @Test
    void foldersInEachOtherAreBoundedByEntries() {
        int folder = guest.openFolder("tmp");
        int depth = 0;
        while (guest.path(WasiFunction.PATH_CREATE_DIRECTORY, folder, "d") == Errno.SUCCESS) {
            depth++;
            assertEquals(
                    Errno.SUCCESS,
                    guest.tryOpen(folder, "d", 0, GuestSide.FOLDER, Rights.OF_FOLDERS, 0));
            guest.ok(WasiFunction.FD_RENUMBER, guest.memory.readInt(20000), folder);
        }
        assertEquals(100, depth);
        assertEquals(Errno.SUCCESS, guest.rename("tmp/d/d", "tmp/e"));
        assertEquals(Errno.INVAL, guest.rename(GuestSide.ROOT, "tmp/e", folder, "x"));
    }

    @Test
    void whatTheGuestsMemoryTookIsNotThereForFiles() {
        GuestSide poor = new GuestSide(GuestFiles.ofTask(Assets.EMPTY, LIMITS), 20_000);
        int file = poor.open("tmp/file", GuestSide.CREATE);
        assertEquals(Errno.SUCCESS, poor.tryWrite(file, new byte[50_000]));
        assertEquals(16_384, poor.lastCount());
        assertEquals(Errno.NOSPC, poor.tryWrite(file, new byte[1]));
        assertTrue(poor.memory.reservedBytes() <= 20_000);
    }
}
