package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

/** Every address that a guest passes, at the end of its memory and far beyond. */
class EdgeOfMemoryTest {
    private static final long END = GuestSide.SIZE;
    private static final int ROOT = GuestSide.ROOT;
    private static final int FILE = 4;

    /** A call that succeeds, and which of its numbers are addresses of how many bytes. */
    private record Sound(WasiFunction function, List<Long> numbers, List<int[]> addresses) {
        static Sound of(WasiFunction function, List<int[]> addresses, long... numbers) {
            return new Sound(function, Arrays.stream(numbers).boxed().toList(), addresses);
        }
    }

    private static int[] at(int index, int bytes) {
        return new int[] {index, bytes};
    }

    private static final long PATH = 0;
    private static final long LENGTH = 5;
    private static final long OUT = 1024;
    private static final long PARTS = 2048;

    private static final List<Sound> CALLS =
            List.of(
                    Sound.of(WasiFunction.ARGS_GET, List.of(at(0, 4), at(1, 2)), OUT, OUT + 8),
                    Sound.of(
                            WasiFunction.ARGS_SIZES_GET, List.of(at(0, 4), at(1, 4)), OUT, OUT + 8),
                    Sound.of(
                            WasiFunction.ENVIRON_SIZES_GET,
                            List.of(at(0, 4), at(1, 4)),
                            OUT,
                            OUT + 8),
                    Sound.of(WasiFunction.CLOCK_RES_GET, List.of(at(1, 8)), 0, OUT),
                    Sound.of(WasiFunction.CLOCK_TIME_GET, List.of(at(2, 8)), 0, 0, OUT),
                    Sound.of(WasiFunction.FD_FDSTAT_GET, List.of(at(1, 24)), FILE, OUT),
                    Sound.of(WasiFunction.FD_FILESTAT_GET, List.of(at(1, 64)), FILE, OUT),
                    Sound.of(
                            WasiFunction.FD_READ, List.of(at(1, 8), at(3, 4)), FILE, PARTS, 1, OUT),
                    Sound.of(
                            WasiFunction.FD_WRITE,
                            List.of(at(1, 8), at(3, 4)),
                            FILE,
                            PARTS,
                            1,
                            OUT),
                    Sound.of(
                            WasiFunction.FD_PREAD,
                            List.of(at(1, 8), at(4, 4)),
                            FILE,
                            PARTS,
                            1,
                            0,
                            OUT),
                    Sound.of(
                            WasiFunction.FD_PWRITE,
                            List.of(at(1, 8), at(4, 4)),
                            FILE,
                            PARTS,
                            1,
                            0,
                            OUT),
                    Sound.of(WasiFunction.FD_PRESTAT_GET, List.of(at(1, 8)), ROOT, OUT),
                    Sound.of(WasiFunction.FD_PRESTAT_DIR_NAME, List.of(at(1, 1)), ROOT, OUT, 1),
                    Sound.of(
                            WasiFunction.FD_READDIR,
                            List.of(at(1, 100), at(4, 4)),
                            ROOT,
                            OUT,
                            100,
                            0,
                            512),
                    Sound.of(WasiFunction.FD_SEEK, List.of(at(3, 8)), FILE, 0, 0, OUT),
                    Sound.of(WasiFunction.FD_TELL, List.of(at(1, 8)), FILE, OUT),
                    Sound.of(
                            WasiFunction.PATH_FILESTAT_GET,
                            List.of(at(2, 5), at(4, 64)),
                            ROOT,
                            0,
                            PATH,
                            LENGTH,
                            OUT),
                    Sound.of(
                            WasiFunction.PATH_FILESTAT_SET_TIMES,
                            List.of(at(2, 5)),
                            ROOT,
                            0,
                            PATH,
                            LENGTH,
                            0,
                            0,
                            0),
                    Sound.of(
                            WasiFunction.PATH_OPEN,
                            List.of(at(2, 5), at(8, 4)),
                            ROOT,
                            0,
                            PATH,
                            LENGTH,
                            0,
                            0,
                            0,
                            0,
                            OUT),
                    Sound.of(
                            WasiFunction.PATH_READLINK,
                            List.of(at(1, 5), at(3, 100), at(5, 4)),
                            ROOT,
                            64,
                            LENGTH,
                            OUT,
                            100,
                            512),
                    Sound.of(
                            WasiFunction.PATH_RENAME,
                            List.of(at(1, 5), at(4, 5)),
                            ROOT,
                            PATH,
                            LENGTH,
                            ROOT,
                            PATH,
                            LENGTH),
                    Sound.of(WasiFunction.RANDOM_GET, List.of(at(0, 300)), OUT, 300),
                    Sound.of(
                            WasiFunction.POLL_ONEOFF,
                            List.of(at(0, 48), at(1, 32), at(3, 4)),
                            8192,
                            8192,
                            1,
                            OUT));

    /** These succeed once only; here they are to fail for their addresses. */
    private static final List<Sound> ONCE =
            List.of(
                    Sound.of(
                            WasiFunction.PATH_CREATE_DIRECTORY,
                            List.of(at(1, 5)),
                            ROOT,
                            128,
                            LENGTH),
                    Sound.of(
                            WasiFunction.PATH_LINK,
                            List.of(at(2, 5), at(5, 5)),
                            ROOT,
                            0,
                            PATH,
                            LENGTH,
                            ROOT,
                            128,
                            LENGTH),
                    Sound.of(
                            WasiFunction.PATH_SYMLINK,
                            List.of(at(0, 5), at(3, 5)),
                            PATH,
                            LENGTH,
                            ROOT,
                            128,
                            LENGTH),
                    Sound.of(WasiFunction.PATH_UNLINK_FILE, List.of(at(1, 5)), ROOT, PATH, LENGTH),
                    Sound.of(
                            WasiFunction.PATH_REMOVE_DIRECTORY,
                            List.of(at(1, 5)),
                            ROOT,
                            192,
                            LENGTH));

    private final GuestSide guest = GuestSide.ofTask(FileLimits.DEFAULT);

    @BeforeEach
    void make() {
        guest.make("tmp/f", "0123456789");
        assertEquals(Errno.SUCCESS, guest.symlink("f", "tmp/l"));
        assertEquals(Errno.SUCCESS, guest.makeFolder("tmp/d"));
        assertEquals(FILE, guest.open("tmp/f", 0));
        guest.memory.fill((byte) 0, 0, GuestSide.SIZE);
        guest.memory.put(0, "tmp/f");
        guest.memory.put(64, "tmp/l");
        guest.memory.put(128, "tmp/n");
        guest.memory.put(192, "tmp/d");
        guest.memory.writeI32((int) PARTS, 4096);
        guest.memory.writeI32((int) PARTS + 4, 10);
    }

    @Test
    void whatIsOutsideIsAFault() {
        CALLS.forEach(this::assertFaults);
        ONCE.forEach(this::assertFaults);
        for (Sound sound : CALLS) {
            assertEquals(Errno.SUCCESS, call(sound, -1, 0), sound.function.importName());
        }
        for (Sound sound : ONCE) {
            make(sound);
        }
    }

    /** They were not done while their addresses were wrong. */
    private void make(Sound sound) {
        boolean linked = sound.function == WasiFunction.PATH_SYMLINK;
        Errno expected = linked ? Errno.EXIST : Errno.SUCCESS;
        if (sound.function == WasiFunction.PATH_LINK) {
            expected = Errno.EXIST;
        }
        assertEquals(expected, call(sound, -1, 0), sound.function.importName());
    }

    private void assertFaults(Sound sound) {
        for (int[] address : sound.addresses()) {
            for (long bad :
                    new long[] {
                        END, END - address[1] + 1, END + 1, 0x7FFF_FFFFL, 0xFFFF_FFFFL, -1, 1L << 31
                    }) {
                assertEquals(
                        Errno.FAULT,
                        call(sound, address[0], bad),
                        sound.function + " with number " + address[0] + " = " + bad);
            }
        }
    }

    private Errno call(Sound sound, int replaced, long by) {
        long[] numbers = sound.numbers.stream().mapToLong(Long::longValue).toArray();
        if (replaced >= 0) {
            numbers[replaced] = by;
        }
        return sound.function.call(guest.memory, numbers);
    }

    @Test
    void addressesThatJustFitAreFine() {
        for (Sound sound : CALLS) {
            boolean answersOnly = sound.function.signature().startsWith("ii:");
            if (answersOnly && sound.addresses().size() == 1) {
                int[] address = sound.addresses().getFirst();
                assertEquals(
                        Errno.SUCCESS,
                        call(sound, address[0], END - address[1]),
                        sound.function.importName());
            }
        }
    }

    @Test
    void lengthsOfFourGigabytesAreFaults() {
        for (long length : new long[] {0xFFFF_FFFFL, 0x7FFF_FFFFL, END + 1, -1}) {
            guest.memory.writeI32((int) PARTS + 4, (int) length);
            for (WasiFunction function : List.of(WasiFunction.FD_READ, WasiFunction.FD_WRITE)) {
                assertEquals(Errno.FAULT, function.call(guest.memory, FILE, PARTS, 1, OUT));
                assertEquals(
                        Errno.FAULT,
                        function.call(
                                guest.memory,
                                function == WasiFunction.FD_READ ? 0 : 1,
                                PARTS,
                                1,
                                OUT));
            }
            assertEquals(Errno.FAULT, WasiFunction.RANDOM_GET.call(guest.memory, OUT, length));
            assertEquals(
                    Errno.FAULT,
                    WasiFunction.FD_READDIR.call(guest.memory, ROOT, OUT, length, 0, 512));
            assertEquals(
                    Errno.FAULT,
                    WasiFunction.PATH_READLINK.call(
                            guest.memory, ROOT, 64, LENGTH, OUT, length, 512));
            assertEquals(
                    Errno.FAULT,
                    WasiFunction.FD_PRESTAT_DIR_NAME.call(guest.memory, ROOT, END, length));
        }
        for (long parts : new long[] {0xFFFF_FFFFL, 0x2000_0000L, 1025}) {
            assertEquals(
                    Errno.INVAL, WasiFunction.FD_WRITE.call(guest.memory, FILE, PARTS, parts, OUT));
        }
    }

    @Test
    void partsThatLieInEachOtherAndInTheirOwnListDoNoHarm() {
        // The file's bytes, read over the second part's address and length, name what is outside.
        int file = guest.open("tmp/f", GuestSide.TRUNCATE);
        guest.memory.put(0, "tmp/f");
        byte[] evil = new byte[100];
        Arrays.fill(evil, (byte) 0x7F);
        assertEquals(Errno.SUCCESS, guest.tryWrite(file, evil));
        guest.seek(file, 0, 0);
        int parts = 16384;
        guest.part(0, parts + 8, 8);
        guest.part(1, 4096, 50);
        assertEquals(Errno.SUCCESS, guest.parts(WasiFunction.FD_READ, file, 2));
        assertEquals(8, guest.lastCount(), "it ends before the part that is outside now");
        guest.seek(file, 0, 0);
        guest.part(0, 4096, 60);
        guest.part(1, 4100, 60);
        assertEquals(Errno.SUCCESS, guest.parts(WasiFunction.FD_READ, file, 2));
        assertEquals(100, guest.lastCount());
        guest.part(0, parts, 16);
        guest.part(1, parts, 16);
        assertEquals(Errno.SUCCESS, guest.parts(WasiFunction.FD_WRITE, file, 2));
        assertEquals(32, guest.lastCount());
    }
}
