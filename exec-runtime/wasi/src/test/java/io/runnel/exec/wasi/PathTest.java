package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;

/** Where paths lead, and that they never lead outside. */
class PathTest {
    private final GuestSide guest = GuestSide.ofTask(FileLimits.DEFAULT);

    @BeforeEach
    void make() {
        assertEquals(Errno.SUCCESS, guest.makeFolder("tmp/a"));
        assertEquals(Errno.SUCCESS, guest.makeFolder("tmp/a/b"));
        guest.make("tmp/file", "outer");
        guest.make("tmp/a/b/file", "inner");
    }

    private Errno open(int folder, String path) {
        return guest.tryOpen(folder, path, 1, 0, GuestSide.READ_RIGHTS, 0);
    }

    @Test
    void nothingIsAboveTheFolderThatIsOpen() {
        int inner = guest.openFolder("tmp/a/b");
        assertEquals(Errno.SUCCESS, open(inner, "file"));
        for (String path :
                List.of("..", "../b", "../../file", "./../..", "/", "/tmp/file", "x/../../..")) {
            assertEquals(path.startsWith("x") ? Errno.NOENT : Errno.NOTCAPABLE, open(inner, path));
        }
        assertEquals(Errno.NOTCAPABLE, open(GuestSide.ROOT, ".."));
        assertEquals(Errno.NOTCAPABLE, open(GuestSide.ROOT, "tmp/../.."));
        assertEquals(Errno.SUCCESS, open(GuestSide.ROOT, "tmp/a/b/../../../tmp/file"));
    }

    @Test
    void linksLeadNoFurtherThanPaths() {
        assertEquals(Errno.NOTCAPABLE, guest.symlink("/tmp/file", "tmp/absolute"));
        assertEquals(Errno.NOENT, guest.symlink("", "tmp/empty"));
        assertEquals(Errno.SUCCESS, guest.symlink("../file", "tmp/a/out"));
        assertEquals(Errno.SUCCESS, open(GuestSide.ROOT, "tmp/a/out"));
        int a = guest.openFolder("tmp/a");
        assertEquals(Errno.NOTCAPABLE, open(a, "out"), "it leads out of what is open");
        assertEquals(Errno.SUCCESS, guest.symlink("../../../../..", "tmp/a/far"));
        assertEquals(Errno.NOTCAPABLE, open(GuestSide.ROOT, "tmp/a/far"));
        assertEquals(Errno.NOTCAPABLE, open(GuestSide.ROOT, "tmp/a/far/tmp/file"));
    }

    @Test
    void linksAreFollowedWhereTheyAreMeant() {
        assertEquals(Errno.SUCCESS, guest.symlink("a/b", "tmp/short"));
        assertEquals("inner", guest.text("tmp/short/file"));
        assertEquals("a/b", guest.readLink("tmp/short"));
        assertEquals(Errno.LOOP, guest.tryOpen("tmp/short", 0));
        assertEquals(Errno.SUCCESS, guest.tryOpen("tmp/short/", 0));
        assertEquals(FileKind.LINK, guest.status("tmp/short").kind());
        assertEquals(3, guest.status("tmp/short").sizeBytes());
        assertEquals(FileKind.FOLDER, guest.status("tmp/short/").kind());
        assertEquals(
                Errno.NOTDIR, guest.removeFolder("tmp/short/"), "the link, not where it leads");
        assertEquals(Errno.NOTDIR, guest.unlink("tmp/short/"));
        assertEquals(Errno.EXIST, guest.tryOpen("tmp/short", GuestSide.CREATE | 4));
        assertEquals(Errno.SUCCESS, guest.unlink("tmp/short"));
        assertEquals("inner", guest.text("tmp/a/b/file"));
    }

    @Test
    void aLinkToNothingIsWhereAFileCanBeMade() {
        assertEquals(Errno.SUCCESS, guest.symlink("a/new", "tmp/link"));
        assertEquals(Errno.NOENT, open(GuestSide.ROOT, "tmp/link"));
        assertEquals(
                Errno.SUCCESS,
                guest.tryOpen(GuestSide.ROOT, "tmp/link", 1, 1, GuestSide.FILE_RIGHTS, 0));
        assertEquals(FileKind.REGULAR, guest.status("tmp/a/new").kind());
    }

    @Test
    void linksInCirclesEnd() {
        assertEquals(Errno.SUCCESS, guest.symlink("one", "tmp/two"));
        assertEquals(Errno.SUCCESS, guest.symlink("two", "tmp/one"));
        assertEquals(Errno.LOOP, open(GuestSide.ROOT, "tmp/one"));
        assertEquals(Errno.LOOP, open(GuestSide.ROOT, "tmp/one/x"));
        assertEquals(Errno.SUCCESS, guest.symlink("self/" + "x/".repeat(2000), "tmp/self"));
        assertEquals(Errno.LOOP, open(GuestSide.ROOT, "tmp/self"));
        String before = "file";
        for (int i = 0; i < 41; i++) {
            assertEquals(Errno.SUCCESS, guest.symlink(before, "tmp/l" + i));
            before = "l" + i;
        }
        assertEquals(Errno.SUCCESS, open(GuestSide.ROOT, "tmp/l39"), "forty links");
        assertEquals(Errno.LOOP, open(GuestSide.ROOT, "tmp/l40"));
    }

    @Test
    void dotsAndSlashesMeanFolders() {
        assertEquals(Errno.SUCCESS, open(GuestSide.ROOT, "tmp//a/.///b/./file"));
        for (String path : List.of("tmp/file/", "tmp/file//", "tmp/file/.", "tmp/file/..")) {
            assertEquals(Errno.NOTDIR, open(GuestSide.ROOT, path), path);
        }
        assertEquals(Errno.NOENT, open(GuestSide.ROOT, ""));
        assertEquals(Errno.ISDIR, guest.tryOpen("tmp/new/", GuestSide.CREATE));
        assertEquals(Errno.EXIST, guest.makeFolder("tmp/a/"));
        assertEquals(Errno.EXIST, guest.makeFolder("tmp/a/."));
        assertEquals(Errno.SUCCESS, guest.makeFolder("tmp/c/"));
        assertEquals(Errno.INVAL, guest.removeFolder("tmp/c/."));
        assertEquals(Errno.ISDIR, guest.unlink("tmp/c"));
        assertEquals(Errno.SUCCESS, guest.removeFolder("tmp/c/"));
        assertEquals(Errno.NOENT, guest.symlink("x", "tmp/new/"));
        assertEquals(Errno.NOENT, guest.link("tmp/file", "tmp/new/"));
        assertEquals(Errno.NOTDIR, guest.rename("tmp/file", "tmp/new/"));
        assertEquals(Errno.NOTDIR, guest.rename("tmp/file/", "tmp/new"));
        assertEquals(Errno.SUCCESS, guest.rename("tmp/a/", "tmp/d/"));
        assertEquals(Errno.BUSY, guest.rename("tmp/d/.", "tmp/e"));
        assertEquals(Errno.BUSY, guest.rename("tmp/d", "tmp/d/b/.."));
    }

    @Test
    void pathsAreTextWithoutZeros() {
        assertEquals(Errno.INVAL, guest.tryOpen("tmp/file\0", 0));
        guest.memory.write(0, new byte[] {'t', 'm', 'p', '/', (byte) 0xC3, 'x'}, 0, 6);
        assertEquals(Errno.ILSEQ, WasiFunction.PATH_CREATE_DIRECTORY.call(guest.memory, 3, 0, 6));
        guest.make("tmp/gr\u00fc\u00df\ud83d\ude00\ufffd", "x");
        assertEquals("x", guest.text("tmp/gr\u00fc\u00df\ud83d\ude00\ufffd"));
        assertEquals(Errno.SUCCESS, guest.makeFolder("tmp/" + "\u00fc".repeat(127)));
        assertEquals(Errno.NAMETOOLONG, guest.makeFolder("tmp/" + "\u00fc".repeat(128)));
        assertEquals(Errno.NAMETOOLONG, guest.makeFolder("tmp/" + "a/".repeat(2100)));
    }

    @Test
    void renamesAsPosix() {
        assertEquals(Errno.INVAL, guest.rename("tmp/a", "tmp/a/b/c"), "into itself");
        assertEquals(Errno.SUCCESS, guest.rename("tmp/a", "tmp/a"));
        int b = guest.openFolder("tmp/a/b");
        assertEquals(Errno.INVAL, guest.rename(GuestSide.ROOT, "tmp/a", b, "x"));
        assertEquals(Errno.ISDIR, guest.rename("tmp/file", "tmp/a"));
        assertEquals(Errno.NOTDIR, guest.rename("tmp/a", "tmp/file"));
        assertEquals(Errno.SUCCESS, guest.makeFolder("tmp/c"));
        assertEquals(Errno.NOTEMPTY, guest.rename("tmp/c", "tmp/a"));
        assertEquals(Errno.SUCCESS, guest.rename("tmp/a", "tmp/c"));
        assertEquals("inner", guest.text("tmp/c/b/file"));
        assertEquals(Errno.SUCCESS, guest.rename("tmp/file", "tmp/c/b/file"));
        assertEquals("outer", guest.text("tmp/c/b/file"));
        assertEquals(List.of(".", "..", "c"), guest.names("tmp"));
        assertEquals(Errno.NOENT, guest.rename("tmp/none", "tmp/x"));
        assertEquals(Errno.SUCCESS, guest.rename(GuestSide.ROOT, "tmp/c", GuestSide.ROOT, "tmp/z"));
        assertEquals(guest.status("tmp/z").inode(), guest.list(b, 1000, 0).get(1).inode());
    }

    @Test
    void secondNamesAreTheSameFile() {
        assertEquals(Errno.SUCCESS, guest.link("tmp/file", "tmp/a/again"));
        assertEquals(2, guest.status("tmp/file").links());
        assertEquals(guest.status("tmp/file").inode(), guest.status("tmp/a/again").inode());
        assertEquals(Errno.SUCCESS, guest.rename("tmp/file", "tmp/a/again"));
        assertEquals("outer", guest.text("tmp/file"), "a name for itself: nothing happens");
        assertEquals(Errno.SUCCESS, guest.unlink("tmp/file"));
        assertEquals("outer", guest.text("tmp/a/again"));
        assertEquals(Errno.PERM, guest.link("tmp/a", "tmp/c"));
        assertEquals(Errno.EXIST, guest.link("tmp/a/again", "tmp/a/b"));
        assertEquals(Errno.EXIST, guest.link("tmp/a/again", "tmp/."));
    }

    @Test
    void intoAFolderThatIsGoneNothingIsPut() {
        assertEquals(Errno.SUCCESS, guest.makeFolder("tmp/gone"));
        int gone = guest.openFolder("tmp/gone");
        assertEquals(Errno.SUCCESS, guest.removeFolder("tmp/gone"));
        assertEquals(
                Errno.NOENT,
                guest.tryOpen(gone, "x", 0, GuestSide.CREATE, GuestSide.FILE_RIGHTS, 0));
        assertEquals(Errno.NOENT, guest.path(WasiFunction.PATH_CREATE_DIRECTORY, gone, "x"));
        assertEquals(Errno.NOENT, guest.rename(GuestSide.ROOT, "tmp/file", gone, "x"));
        assertEquals("outer", guest.text("tmp/file"));
        assertEquals(2, guest.list(gone, 1000, 0).size());
        assertEquals(Errno.NOTEMPTY, guest.removeFolder("tmp/a"));
    }

    @Test
    void openingSaysWhatItIs() {
        assertEquals(Errno.NOTDIR, guest.tryOpen("tmp/file", GuestSide.FOLDER));
        assertEquals(Errno.ISDIR, guest.tryOpen("tmp/a", GuestSide.CREATE));
        assertEquals(Errno.ISDIR, guest.tryOpen("tmp/a", GuestSide.TRUNCATE));
        assertEquals(Errno.ISDIR, guest.tryOpen(GuestSide.ROOT, "tmp/a", 0, 0, Rights.FD_WRITE, 0));
        assertEquals(Errno.EXIST, guest.tryOpen("tmp/a", GuestSide.CREATE | GuestSide.EXCLUSIVE));
        assertEquals(Errno.INVAL, guest.tryOpen("tmp/a", GuestSide.CREATE | GuestSide.FOLDER));
        assertEquals(Errno.INVAL, guest.tryOpen("tmp/a", 16));
        assertEquals(Errno.INVAL, guest.tryOpen(GuestSide.ROOT, "tmp/a", 2, 0, 0, 0));
        assertEquals(Errno.INVAL, guest.tryOpen(GuestSide.ROOT, "tmp/a", 0, 0, 0, 32));
        assertEquals(Errno.INVAL, guest.tryStatus("tmp/a", 2));
    }
}
