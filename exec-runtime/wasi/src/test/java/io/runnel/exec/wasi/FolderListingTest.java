package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.ByteSize;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Listing folders, bit by bit, while they change, and from odd places. */
class FolderListingTest {
    private static final int MANY = 100_000;

    private final GuestSide guest =
            GuestSide.ofTask(new FileLimits(ByteSize.ofMiB(256), MANY + 10, 64));

    private List<String> names(int folder, int bufferBytes) {
        List<String> names = new ArrayList<>();
        long cookie = 0;
        while (true) {
            var entries = guest.list(folder, bufferBytes, cookie);
            entries.forEach(entry -> names.add(entry.name()));
            if (guest.lastCount() < bufferBytes) {
                return names;
            }
            assertTrue(!entries.isEmpty(), "a buffer for one entry must get on");
            cookie = entries.getLast().next();
        }
    }

    @Test
    void anyBufferThatHoldsOneEntryGetsThemAll() {
        List<String> wanted = new ArrayList<>(List.of(".", ".."));
        for (int i = 0; i < 50; i++) {
            guest.make("tmp/" + "n".repeat(i) + i, "");
            wanted.add("n".repeat(i) + i);
        }
        int folder = guest.openFolder("tmp");
        for (int size : new int[] {24 + 52, 100, 101, 102, 127, 128, 1000, 100_000}) {
            assertEquals(wanted, names(folder, size), "buffer of " + size);
        }
    }

    @Test
    void theLastEntryIsCutWhereTheBufferEnds() {
        guest.make("tmp/name", "");
        int folder = guest.openFolder("tmp");
        for (int size = 0; size <= 24 + 1 + 24 + 2 + 24 + 4; size++) {
            guest.list(folder, size, 0);
            assertEquals(size, guest.lastCount());
        }
        guest.list(folder, 1000, 0);
        assertEquals(24 + 1 + 24 + 2 + 24 + 4, guest.lastCount());
    }

    @Test
    void whatIsRemovedWhileListingMakesNothingElseBeMissed() {
        for (int i = 0; i < 100; i++) {
            guest.make("tmp/f" + i, "");
        }
        int folder = guest.openFolder("tmp");
        Set<String> seen = new HashSet<>();
        long cookie = 0;
        var entries = guest.list(folder, 200, cookie);
        while (!entries.isEmpty()) {
            for (var entry : entries) {
                assertTrue(seen.add(entry.name()), "twice: " + entry.name());
                if (entry.name().startsWith("f")) {
                    assertEquals(Errno.SUCCESS, guest.unlink("tmp/" + entry.name()));
                }
                cookie = entry.next();
            }
            entries = guest.list(folder, 200, cookie);
        }
        assertEquals(102, seen.size());
        assertEquals(List.of(".", ".."), names(folder, 100));
    }

    @Test
    void oddCookiesAreAfterSomethingOrEverything() {
        guest.make("tmp/a", "");
        for (String path : List.of("tmp", ".")) {
            int folder = guest.openFolder(path);
            int all = guest.list(folder, 1000, 0).size();
            for (long cookie = 1; cookie < 10; cookie++) {
                assertEquals(Math.max(all - cookie, 0), guest.list(folder, 1000, cookie).size());
            }
            for (long cookie : new long[] {Long.MAX_VALUE, -1, Long.MIN_VALUE, 1L << 32, -2}) {
                assertEquals(0, guest.list(folder, 1000, cookie).size(), "cookie " + cookie);
                assertEquals(0, guest.lastCount());
            }
        }
        assertEquals(Errno.FAULT, WasiFunction.FD_READDIR.call(guest.memory, 3, 0, -1, 0, 40));
        assertEquals(Errno.NOTDIR, WasiFunction.FD_READDIR.call(guest.memory, 1, 0, 9, 0, 40));
        assertEquals(Errno.BADF, WasiFunction.FD_READDIR.call(guest.memory, 99, 0, 9, 0, 40));
    }

    @Test
    void aFolderWithAHundredThousandEntries() {
        for (int i = 0; i < MANY; i++) {
            assertEquals(Errno.SUCCESS, guest.tryOpen("tmp/" + i, GuestSide.CREATE));
            guest.close(4);
        }
        int folder = guest.openFolder("tmp");
        assertEquals(MANY + 2, names(folder, 900_000).size());
        // Each of these lists one entry: all before it must not be gone through.
        for (int i = 0; i < MANY; i++) {
            assertEquals("" + i, guest.list(folder, 24 + 6, i + 2).getFirst().name());
        }
    }
}
