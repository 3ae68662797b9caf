package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What a task finds: its assets, which it cannot change, and /tmp. */
class TaskFilesTest {
    private static final Assets ASSETS = assets();

    private final GuestSide guest = new GuestSide(GuestFiles.ofTask(ASSETS, FileLimits.DEFAULT));

    private static Assets assets() {
        var tree = new AssetTree();
        try {
            tree.addFile("index.html", bytes("<h1>hello</h1>"));
            tree.addFile("data/words/a.txt", bytes("anna"));
            tree.addFile("data/words/b.txt", bytes("bert"));
            tree.addFolder("empty/");
        } catch (AssetsRejectedException e) {
            throw new AssertionError(e);
        }
        return tree.freeze();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void assetsAreReadFromTheRoot() {
        assertEquals("<h1>hello</h1>", guest.text("index.html"));
        assertEquals("anna", guest.text("data/words/a.txt"));
        assertEquals("anna", guest.text("data/./words/../../data/words/a.txt"));
        assertEquals(Errno.NOENT, guest.tryOpen("data/words/c.txt", 0));
        assertEquals(Errno.NOTDIR, guest.tryOpen("index.html/x", 0));
        int file = guest.openToRead("data/words/b.txt");
        assertEquals(2, guest.seek(file, -2, 2));
        assertEquals("rt", guest.read(file, 10));
        assertEquals("", guest.read(file, 10));
    }

    @Test
    void callsShareTheBytesOfAssets() {
        assertEquals("<h1>hello</h1>", guest.text("index.html"));
        assertEquals(0, guest.memory.reservedBytes());
        assertEquals(0, guest.memory.call().heldFileBytes());
        assertEquals(14 + 4 + 4, ASSETS.contentBytes());
        assertTrue(ASSETS.heldBytes() > 22 && ASSETS.heldBytes() < 2000);
    }

    @Test
    void foldersAreListedInOrderAndTheRootHasTmp() {
        assertEquals(List.of(".", "..", "data", "empty", "index.html", "tmp"), guest.names("."));
        assertEquals(List.of(".", "..", "a.txt", "b.txt"), guest.names("data/words"));
        assertEquals(List.of(".", ".."), guest.names("empty"));
        assertEquals(List.of(".", ".."), guest.names("tmp"));
    }

    @Test
    void nothingOfTheAssetsCanBeChanged() {
        long write = Rights.FD_WRITE;
        assertEquals(Errno.ROFS, guest.tryOpen(3, "index.html", 0, 0, write, 0));
        assertEquals(Errno.ROFS, guest.tryOpen("index.html", GuestSide.TRUNCATE));
        assertEquals(Errno.ROFS, guest.tryOpen("new", GuestSide.CREATE));
        assertEquals(Errno.ROFS, guest.tryOpen("data/new", GuestSide.CREATE));
        assertEquals(Errno.ROFS, guest.makeFolder("data/new"));
        assertEquals(Errno.ROFS, guest.unlink("index.html"));
        assertEquals(Errno.ROFS, guest.removeFolder("empty"));
        assertEquals(Errno.ROFS, guest.removeFolder("tmp"));
        assertEquals(Errno.ROFS, guest.rename("index.html", "data/x"));
        assertEquals(Errno.ROFS, guest.rename("index.html", "tmp/x"));
        assertEquals(Errno.ROFS, guest.symlink("index.html", "link"));
        assertEquals(Errno.XDEV, guest.link("index.html", "tmp/x"));
        assertEquals(Errno.ROFS, guest.setTimes("index.html", 1, 1, 1));
        guest.make("tmp/mine", "x");
        assertEquals(Errno.ROFS, guest.rename("tmp/mine", "data/x"));
        assertEquals(Errno.ROFS, guest.link("tmp/mine", "x"));
        int file = guest.openToRead("index.html");
        assertEquals(Errno.BADF, guest.tryWrite(file, bytes("x")));
        assertEquals(Errno.SUCCESS, guest.tryOpen(3, "index.html", 0, 0, Rights.FD_ALLOCATE, 0));
        assertEquals(Errno.ROFS, WasiFunction.FD_ALLOCATE.call(guest.memory, file + 1, 0, 1));
        assertEquals("<h1>hello</h1>", guest.text("index.html"));
    }

    @Test
    void whatACallWroteTheNextDoesNotFind() {
        guest.make("tmp/secret", "42");
        assertEquals(Errno.SUCCESS, guest.makeFolder("tmp/a"));
        assertEquals("42", guest.text("tmp/secret"));
        guest.begin();
        assertEquals(Errno.NOENT, guest.tryOpen("tmp/secret", 0));
        assertEquals(List.of(".", ".."), guest.names("tmp"));
        assertEquals(Errno.BADF, WasiFunction.FD_TELL.call(guest.memory, 5, 0));
    }

    @Test
    void everyNodeHasANumberOfItsOwn() {
        guest.make("tmp/mine", "x");
        long[] numbers = {
            guest.status(".").inode(),
            guest.status("data").inode(),
            guest.status("data/words").inode(),
            guest.status("data/words/a.txt").inode(),
            guest.status("empty").inode(),
            guest.status("index.html").inode(),
            guest.status("tmp").inode(),
            guest.status("tmp/mine").inode()
        };
        assertEquals(numbers.length, Arrays.stream(numbers).distinct().count());
        assertNotEquals(guest.status("tmp").device(), guest.status("data").device());
        int tmp = guest.openFolder("tmp");
        assertEquals(numbers[0], guest.list(tmp, 1000, 0).get(1).inode(), "above /tmp is the root");
        int words = guest.openFolder("data/words");
        assertEquals(numbers[1], guest.list(words, 1000, 0).get(1).inode());
    }

    @Test
    void foldersThatAreOpenAtTheStartAreFoundAsLibrariesLook() {
        var two =
                new GuestSide(
                        new GuestFiles(
                                ASSETS,
                                GuestFiles.Layout.TASK,
                                FileLimits.DEFAULT,
                                List.of("/data/words", "/tmp")));
        assertEquals("/data/words", preopened(two, 3));
        assertEquals("/tmp", preopened(two, 4));
        assertEquals(Errno.BADF, WasiFunction.FD_PRESTAT_GET.call(two.memory, 5, 0));
        assertEquals("anna", two.text("a.txt"));
        assertEquals(Errno.NOTCAPABLE, two.tryOpen("../../index.html", 0));
        assertEquals(Errno.BADF, WasiFunction.FD_PRESTAT_GET.call(two.memory, 1, 0));
        assertEquals(
                Errno.NAMETOOLONG, WasiFunction.FD_PRESTAT_DIR_NAME.call(two.memory, 3, 0, 10));
        int number = two.openToRead("a.txt");
        assertEquals(5, number);
        assertEquals(Errno.BADF, WasiFunction.FD_PRESTAT_GET.call(two.memory, 5, 0));
    }

    private static String preopened(GuestSide guest, int number) {
        guest.ok(WasiFunction.FD_PRESTAT_GET, number, 64);
        assertEquals(0, guest.memory.readInt(64));
        int length = guest.memory.readInt(68);
        guest.ok(WasiFunction.FD_PRESTAT_DIR_NAME, number, 128, length);
        return guest.memory.text(128, length);
    }

    @Test
    void everythingMayBeWritableInstead() {
        var scratch =
                new GuestSide(
                        new GuestFiles(
                                ASSETS,
                                GuestFiles.Layout.SCRATCH,
                                FileLimits.DEFAULT,
                                List.of("/")));
        assertEquals(List.of(".", "..", "data", "empty", "index.html"), scratch.names("."));
        assertEquals(Errno.SUCCESS, scratch.unlink("index.html"));
        assertEquals(Errno.SUCCESS, scratch.rename("data/words/a.txt", "a"));
        assertEquals("anna", scratch.text("a"));
        scratch.begin();
        assertEquals("<h1>hello</h1>", scratch.text("index.html"), "each call has its own copy");
    }
}
