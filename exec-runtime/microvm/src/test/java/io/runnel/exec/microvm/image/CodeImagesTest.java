package io.runnel.exec.microvm.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.microvm.image.ImageException.Code;
import io.runnel.exec.task.ByteSize;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Images of code: made by what makes them, kept, found damaged, given up. */
class CodeImagesTest {
    private static final ByteSize MUCH = ByteSize.ofMiB(64);
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir private Path top;
    private Path folder;

    @BeforeAll
    static void needTools() {
        NeededTools.need("mksquashfs", "squashfs-tools");
        NeededTools.need("unsquashfs", "squashfs-tools");
    }

    @BeforeEach
    void nameFolder() {
        folder = top.resolve("images");
    }

    private static CodeArchive code(String text) throws Exception {
        return CodeArchive.read(
                HandMadeZip.withBootstrap()
                        .add("text", text)
                        .add("long/" + "name".repeat(60) + "/ü\n", "x")
                        .add(HandMadeZip.entry("empty/", "").mode(040755))
                        .add(HandMadeZip.entry("link", "long/" + "name".repeat(60)).mode(0120777))
                        .add(HandMadeZip.entry("private", "x").mode(0100600))
                        .bytes());
    }

    private CodeImages images() throws IOException {
        return CodeImages.in(folder, MUCH, CLOCK);
    }

    /** A maker of images that is a script. */
    private CodeImages imagesBy(String script, Duration within) throws IOException {
        Path program = top.resolve("maker");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return CodeImages.in(
                folder, MUCH, CLOCK, Optional.of(new Squashfs(new ImageTool(program))), within);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void anImageHasWhatTheArchiveHas() throws Exception {
        String longName = "name".repeat(60);
        try (CodeImage image = images().image(code("hello"))) {
            List<String> lines = NeededTools.unsquashfs(image.file(), "-lls");
            String all = String.join("\n", lines);
            for (String line :
                    List.of(
                            "drwxr-xr-x root/root",
                            "-rwxr-xr-x root/root                15 1970-01-01 00:00"
                                    + " squashfs-root/bootstrap\n",
                            "1970-01-01 00:00 squashfs-root/empty\n",
                            " squashfs-root/link -> long/" + longName + "\n",
                            " squashfs-root/long/" + longName + "/ü\n",
                            "-rw-r--r-- root/root                 1 1970-01-01 00:00"
                                    + " squashfs-root/private\n",
                            " squashfs-root/text")) {
                assertTrue(all.contains(line), line + " is not in\n" + all);
            }
            assertEquals("hello", NeededTools.cat(image.file(), "text"));
            assertEquals(image.size().bytes(), Files.size(image.file()));
            assertEquals(
                    "r--r--r--",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(image.file())));
        }
    }

    @Test
    void theSameCodeGivesTheSameBytes() throws Exception {
        String first;
        try (CodeImage image = images().image(code("same"))) {
            first = image.digest();
            Files.delete(image.file());
        }
        try (CodeImage image = images().image(code("same"))) {
            assertEquals(first, image.digest());
            assertEquals(first, FileDigest.of(image.file()));
        }
        try (CodeImage image = images().image(code("other"))) {
            assertFalse(first.equals(image.digest()));
        }
    }

    @Test
    void whoAsksAtTheSameTimeGetsTheSameImage() throws Exception {
        Path count = top.resolve("count");
        CodeImages images = imagesBy("echo >> '%s'\nexec mksquashfs \"$@\"".formatted(count), LONG);
        CodeArchive code = code("wanted");
        Set<Path> files = new HashSet<>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Future<CodeImage>> asked = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                asked.add(threads.submit(() -> images.image(code)));
            }
            for (Future<CodeImage> image : asked) {
                files.add(image.get().file());
            }
        }
        assertEquals(1, files.size());
        assertEquals(1, Files.readAllLines(count).size());
    }

    @Test
    void anotherProcessFindsWhatIsThere() throws Exception {
        images().image(code("kept")).close();
        CodeImages next = imagesBy("exit 1", LONG);
        try (CodeImage image = next.image(code("kept"))) {
            assertEquals(List.of(image.file().getFileName().toString()), files());
        }
    }

    @Test
    void aDamagedImageIsMadeAgain() throws Exception {
        CodeImages images = images();
        Path file;
        try (CodeImage image = images.image(code("hurt"))) {
            file = image.file();
        }
        byte[] whole = Files.readAllBytes(file);
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 1;
        write(file, damaged);
        try (CodeImage image = images().image(code("hurt"))) {
            assertEquals(-1, Files.mismatch(image.file(), writeCopy(whole)));
        }
        write(file, java.util.Arrays.copyOf(whole, whole.length - 1));
        try (CodeImage image = images.image(code("hurt"))) {
            assertEquals(-1, Files.mismatch(image.file(), writeCopy(whole)));
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.delete(file);
        Files.write(file, bytes);
    }

    private Path writeCopy(byte[] bytes) throws IOException {
        return Files.write(top.resolve("copy"), bytes);
    }

    @Test
    void theLeastRecentlyUsedThatNobodyUsesGo() throws Exception {
        long one;
        try (CodeImage image = images().image(code("1"))) {
            one = image.size().bytes();
        }
        CodeImages images = CodeImages.in(folder, new ByteSize(2 * one + 100), CLOCK);
        CodeImage first = images.image(code("1"));
        CodeImage second = images.image(code("2"));
        second.close();
        CodeImage third = images.image(code("3"));
        assertTrue(Files.exists(first.file()));
        assertFalse(Files.exists(second.file()));
        assertTrue(Files.exists(third.file()));
        CodeImage fourth = images.image(code("4"));
        assertEquals(3, files().size(), "all are in use");
        images.image(code("1")).close();
        third.close();
        assertFalse(Files.exists(third.file()), "as soon as it may");
        first.close();
        first.close();
        assertTrue(Files.exists(first.file()));
        fourth.close();
        assertEquals(2, files().size());
    }

    @Test
    void whatAnotherProcessLeftIsRemoved() throws Exception {
        images().image(code("whole")).close();
        List<String> before = files();
        Files.writeString(folder.resolve("0".repeat(64) + ".making"), "half");
        Files.writeString(folder.resolve("0".repeat(64) + ".making.log"), "said");
        Files.writeString(folder.resolve("0-" + "0".repeat(64) + "-x.squashfs"), "old");
        var images = images();
        assertEquals(before, files());
        images.image(code("whole")).close();
    }

    @Test
    void aMakerThatFailsIsQuotedAndLeavesNothing() throws Exception {
        CodeImages images = imagesBy("echo half > \"$2\"; echo no room >&2; exit 1", LONG);
        var e = assertThrows(ImageException.class, () -> images.image(code("x")));
        assertEquals(Code.FAILED, e.code());
        assertEquals("maker failed: no room", e.getMessage());
        assertEquals(List.of(), files());
    }

    @Test
    void aMakerThatDoesNotEndIsEnded() throws Exception {
        Path pid = top.resolve("pid");
        CodeImages images =
                imagesBy(
                        "echo $$ > '%s'; echo half > \"$2\"; exec sleep 1000".formatted(pid),
                        Duration.ofMillis(500));
        var e = assertThrows(ImageException.class, () -> images.image(code("y".repeat(1 << 20))));
        assertEquals(Code.TIMEOUT, e.code());
        assertEquals(List.of(), files());
        if (Files.exists(pid)) {
            long ended = Long.parseLong(Files.readString(pid).strip());
            assertFalse(ProcessHandle.of(ended).map(ProcessHandle::isAlive).orElse(false));
        }
    }

    @Test
    void whoIsInterruptedLeavesNothing() throws Exception {
        Path pid = top.resolve("pid");
        CodeImages images =
                imagesBy(
                        "echo $$ > '%s.new'; mv '%s.new' '%s'; exec sleep 1000"
                                .formatted(pid, pid, pid),
                        LONG);
        CodeArchive code = code("z");
        try (var thread = Executors.newSingleThreadExecutor()) {
            Future<?> asked =
                    thread.submit(
                            () ->
                                    assertThrows(
                                            InterruptedException.class, () -> images.image(code)));
            while (!Files.exists(pid)) {
                Thread.onSpinWait();
            }
            thread.shutdownNow();
            asked.get();
        }
        long ended = Long.parseLong(Files.readString(pid).strip());
        assertFalse(ProcessHandle.of(ended).map(ProcessHandle::isAlive).orElse(false));
        assertEquals(List.of(), files());
        images().image(code).close();
    }

    @Test
    void aToolThatIsMissingIsNamedWithWhatInstallsIt() {
        var e =
                assertThrows(
                        ImageException.class,
                        () -> ImageTool.named("mk-no-such-fs", "no-such-tools"));
        assertEquals(Code.TOOL_MISSING, e.code());
        assertEquals(
                "mk-no-such-fs is missing; install it: apt-get install -y no-such-tools",
                e.getMessage());
    }
}
