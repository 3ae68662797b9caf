package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.task.DeviceName;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Devices of the host that a task uses: real ones, which every Linux has. */
class DevicesTest {
    private static final int MOST_OPEN = 16;

    @TempDir private Path folder;

    private GuestSide guest = new GuestSide(GuestFiles.NONE);

    @AfterEach
    void end() {
        guest.memory.call().end();
    }

    /** A guest on a host with these, whose task uses these. */
    private void on(Map<String, String> host, String... used) {
        on(Assets.EMPTY, host, used);
    }

    private void on(Assets assets, Map<String, String> host, String... used) {
        Map<DeviceName, String> paths = new HashMap<>();
        host.forEach((name, path) -> paths.put(new DeviceName(name), path));
        guest =
                new GuestSide(
                        GuestFiles.ofTask(assets, FileLimits.DEFAULT),
                        1L << 30,
                        HostDevices.of(paths),
                        new GuestTerms(
                                Optional.empty(),
                                Optional.empty(),
                                1,
                                List.of(),
                                Arrays.stream(used).map(DeviceName::new).toList(),
                                GuestTerms.Self.NOBODY));
    }

    private int open(String path, long rights) {
        assertEquals(Errno.SUCCESS, tryOpen(path, rights), path);
        return guest.lastCount();
    }

    private Errno tryOpen(String path, long rights) {
        return guest.tryOpen(GuestSide.ROOT, path, 0, 0, rights, 0);
    }

    @Test
    void whatADeviceGivesIsRead() {
        on(Map.of("noise", "/dev/urandom", "nothing", "/dev/zero"), "noise", "nothing");
        int noise = open("dev/noise", Rights.FD_READ);
        String first = guest.read(noise, 64);
        assertNotEquals(first, guest.read(noise, 64));
        assertEquals("\0".repeat(64), guest.read(open("dev/nothing", Rights.FD_READ), 64));
        // One read takes what there is into the first part; the next one goes on.
        guest.part(0, GuestSide.BUFFER_AT, 0);
        guest.part(1, GuestSide.BUFFER_AT, 10);
        guest.part(2, GuestSide.BUFFER_AT, 10);
        assertEquals(Errno.SUCCESS, guest.parts(WasiFunction.FD_READ, noise, 3));
        assertEquals(10, guest.lastCount());
    }

    @Test
    void oneThatIsAtItsEndGivesNothing() {
        on(Map.of("null", "/dev/null"), "null");
        assertEquals("", guest.read(open("dev/null", Rights.FD_READ), 64));
    }

    @Test
    void whatIsWrittenGoesToTheDevice() {
        on(Map.of("sink", "/dev/null", "full", "/dev/full"), "sink", "full");
        assertEquals(5, guest.write(open("dev/sink", Rights.FD_WRITE), "hello"));
        assertEquals(
                Errno.IO,
                guest.tryWrite(open("dev/full", Rights.FD_WRITE), "hello".getBytes(UTF_8)));
    }

    @Test
    void itIsUsedForWhatItWasOpenedFor() {
        on(Map.of("nothing", "/dev/zero"), "nothing");
        int read = open("dev/nothing", Rights.FD_READ);
        assertEquals(Errno.BADF, guest.tryWrite(read, new byte[1]));
        int written = open("dev/nothing", Rights.FD_WRITE);
        guest.part(0, GuestSide.BUFFER_AT, 1);
        assertEquals(Errno.BADF, guest.parts(WasiFunction.FD_READ, written, 1));
    }

    @Test
    void aTaskFindsTheDevicesThatItUsesAndNoOther() throws Exception {
        AssetTree tree = new AssetTree();
        tree.addFile("dev/mine.txt", "mine".getBytes(UTF_8));
        tree.addFile("x.txt", "x".getBytes(UTF_8));
        Assets assets = tree.freeze();
        on(assets, Map.of("b", "/dev/zero", "a", "/dev/zero", "other", "/dev/full"), "b", "a");
        assertEquals(List.of(".", "..", "x.txt", "tmp", "dev"), guest.names("."));
        assertEquals(List.of(".", "..", "a", "b"), guest.names("dev"));
        assertEquals(Errno.NOENT, tryOpen("dev/other", Rights.FD_READ));
        assertEquals(Errno.NOENT, tryOpen("dev/mine.txt", Rights.FD_READ));
        assertEquals(FileKind.CHARACTER, guest.status("dev/a").kind());
        assertEquals(
                FileKind.CHARACTER,
                guest.status(open("dev/b", Rights.FD_READ | Rights.FD_FILESTAT_GET)).kind());
        on(assets, Map.of("other", "/dev/full"));
        assertEquals(List.of(".", "..", "dev", "x.txt", "tmp"), guest.names("."));
        assertEquals("mine", guest.text("dev/mine.txt"));
        // A host that has it no more, since the task came here.
        on(assets, Map.of(), "a");
        assertEquals(List.of(".", ".."), guest.names("dev"));
        assertEquals(Errno.NOENT, tryOpen("dev/a", Rights.FD_READ));
    }

    @Test
    void listingGoesOnWhereItStopped() {
        on(Map.of("a", "/dev/zero", "b", "/dev/zero"), "a", "b");
        int root = guest.openFolder(".");
        int dev = guest.openFolder("dev");
        for (int opened : new int[] {root, dev}) {
            List<String> all = guest.list(opened, 10_000, 0).stream().map(e -> e.name()).toList();
            for (int i = 0; i < all.size(); i++) {
                long from = i == 0 ? 0 : guest.list(opened, 10_000, 0).get(i - 1).next();
                assertEquals(
                        all.subList(i, all.size()),
                        guest.list(opened, 10_000, from).stream().map(e -> e.name()).toList());
            }
        }
    }

    @Test
    void theFolderCannotBeChanged() {
        on(Map.of("a", "/dev/zero"), "a");
        assertEquals(Errno.ROFS, guest.unlink("dev/a"));
        assertEquals(Errno.ROFS, guest.rename("dev/a", "tmp/a"));
        assertEquals(Errno.ROFS, guest.link("dev/a", "tmp/a"));
        assertEquals(Errno.ROFS, guest.makeFolder("dev/x"));
        assertEquals(Errno.ROFS, guest.setTimes("dev/a", 1, 1, 5));
        assertEquals(
                Errno.ROFS,
                guest.tryOpen(
                        GuestSide.ROOT, "dev/x", 0, GuestSide.CREATE, GuestSide.FILE_RIGHTS, 0));
        assertEquals(Errno.NOTDIR, tryOpen("dev/a/x", Rights.FD_READ));
        assertEquals(Errno.NOTDIR, tryOpen("dev/a/", Rights.FD_READ));
    }

    @Test
    void itHasNoPlacesAndNoSize() {
        on(Map.of("a", "/dev/zero"), "a");
        int file = guest.open("dev/a", 0);
        assertEquals(Errno.SPIPE, guest.trySeek(file, 0, 0));
        guest.part(0, GuestSide.BUFFER_AT, 1);
        assertEquals(Errno.SPIPE, guest.partsAt(WasiFunction.FD_PREAD, file, 1, 0));
        assertEquals(Errno.SPIPE, guest.partsAt(WasiFunction.FD_PWRITE, file, 1, 0));
        assertEquals(Errno.INVAL, WasiFunction.FD_FILESTAT_SET_SIZE.call(guest.memory, file, 0));
        assertEquals(Errno.INVAL, WasiFunction.FD_SYNC.call(guest.memory, file));
        assertEquals(Errno.NOTSUP, WasiFunction.FD_FDSTAT_SET_FLAGS.call(guest.memory, file, 4));
        assertEquals(Errno.NOTSUP, guest.tryOpen(GuestSide.ROOT, "dev/a", 0, 0, Rights.FD_READ, 4));
    }

    @Test
    void whatIsNoCharacterDeviceIsNotOpened() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "secret");
        on(Map.of("file", secret.toString(), "gone", folder + "/gone"), "file", "gone");
        assertEquals(Errno.NODEV, tryOpen("dev/file", Rights.FD_READ));
        assertEquals(Errno.NODEV, tryOpen("dev/gone", Rights.FD_READ));
        String log = guest.log.toString(UTF_8);
        assertEquals(
                """
                [warn] runnel: device file is no character device
                [warn] runnel: device gone is not there
                """,
                log);
        assertEquals("secret", Files.readString(secret));
    }

    @Test
    void whyItIsNotOpenedIsToldWithoutThePath() {
        String path = "/dev/ttyUSB0";
        assertEquals(
                "cannot be opened: Device or resource busy",
                HostDevice.why(new FileSystemException(path, null, "Device or resource busy")));
        assertEquals(
                "may not be used by this node", HostDevice.why(new AccessDeniedException(path)));
    }

    @Test
    void aCallHasFewOpenAndNoneWhenItIsOver() throws Exception {
        on(Map.of("full", "/dev/full"), "full");
        long before = openHere();
        int last = 0;
        for (int i = 0; i < MOST_OPEN; i++) {
            last = open("dev/full", Rights.FD_WRITE);
        }
        assertEquals(before + MOST_OPEN, openHere());
        assertEquals(Errno.MFILE, tryOpen("dev/full", Rights.FD_WRITE));
        guest.close(last);
        assertEquals(before + MOST_OPEN - 1, openHere());
        open("dev/full", Rights.FD_WRITE);
        guest.memory.call().end();
        assertEquals(before, openHere());
    }

    /** How often this process has it open. */
    private static long openHere() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.filter(DevicesTest::isFull).count();
        }
    }

    private static boolean isFull(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).equals(Path.of("/dev/full"));
        } catch (IOException e) {
            // It was closed meanwhile.
            return false;
        }
    }

    @Test
    void aGuestThatWaitsForADeviceCanBeInterrupted() throws Exception {
        // The side of a terminal that waits for what the other side writes: nobody has that one.
        on(Map.of("quiet", "/dev/ptmx"), "quiet");
        int file = open("dev/quiet", Rights.FD_READ);
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread reader =
                Thread.ofPlatform()
                        .start(
                                () ->
                                        ended.complete(
                                                assertThrows(
                                                        Throwable.class,
                                                        () -> guest.read(file, 10))));
        while (Arrays.stream(reader.getStackTrace())
                .noneMatch(f -> f.getMethodName().equals("read0"))) {
            assertTrue(reader.isAlive(), "it did not wait");
            Thread.onSpinWait();
        }
        reader.interrupt();
        assertEquals(GuestInterrupted.class, ended.get(30, TimeUnit.SECONDS).getClass());
    }
}
