package io.runnel.exec.microvm.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.CodeRejectedException.Code;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Archives, right ones and hostile ones. */
class CodeArchiveTest {
    private static String refusal(Code code, byte[] zip) {
        var e = assertThrows(CodeRejectedException.class, () -> CodeArchive.read(zip));
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(e.getMessage().length() < 400, e.getMessage());
        assertTrue(e.getMessage().chars().noneMatch(Character::isISOControl), e.getMessage());
        return e.getMessage();
    }

    private static String refusal(HandMadeZip zip) {
        return refusal(Code.MALFORMED, zip.bytes());
    }

    private static String refusalOf(String name) {
        return refusal(HandMadeZip.withBootstrap().add(name, "x"));
    }

    private static void assertSays(String part, String message) {
        assertTrue(message.contains(part), message);
    }

    @Test
    void aFolderOfFilesAndLinksIsRead() throws Exception {
        CodeArchive code =
                CodeArchive.read(
                        HandMadeZip.withBootstrap()
                                .add(HandMadeZip.entry("lib/", "").mode(040755))
                                .add(HandMadeZip.entry("lib/ä.txt", "twice ".repeat(99)).deflated())
                                .add(HandMadeZip.entry("deep/er/run", "x").mode(0100700))
                                .add(HandMadeZip.entry("deep/link", "../lib/ä.txt").mode(0120777))
                                .comment("made by hand")
                                .bytes());
        assertEquals(
                List.of(
                        "bootstrap",
                        "deep",
                        "deep/er",
                        "deep/er/run",
                        "deep/link",
                        "lib",
                        "lib/ä.txt"),
                code.paths());
        assertEquals(15 + 6 * 99 + 1, code.unpacked().bytes());
        assertEquals(List.of("/bin/sh"), code.needs().files());
        assertEquals(List.of(), code.notes());
    }

    @Test
    void whatIsNoZipIsSaidToBeNone() {
        assertSays("does not look like one", refusal(Code.MALFORMED, new byte[0]));
        assertSays(
                "does not look like one", refusal(Code.MALFORMED, "#!/bin/sh\n".getBytes(UTF_8)));
        byte[] zip = HandMadeZip.withBootstrap().bytes();
        assertSays("end is missing", refusal(Code.MALFORMED, Arrays.copyOf(zip, zip.length - 1)));
        assertSays(
                "32MiB when packed; it has 33,554,433",
                refusal(Code.TOO_LARGE, new byte[(32 << 20) + 1]));
    }

    @Test
    void aDamagedEntryIsNamed() {
        byte[] zip = HandMadeZip.ofBootstrap("#!/bin/sh\necho hello\n".getBytes(UTF_8)).bytes();
        for (int at = 39; at < 58; at++) {
            byte[] damaged = zip.clone();
            damaged[at] ^= 0x10;
            assertSays("'bootstrap' is damaged", refusal(Code.MALFORMED, damaged));
        }
        var stored = HandMadeZip.entry("stored", "text");
        stored.crc ^= 1;
        assertSays("'stored' is damaged", refusal(HandMadeZip.withBootstrap().add(stored)));
    }

    @Test
    void sizesThatAreNotTrueAreNotBelieved() {
        var longer = HandMadeZip.entry("longer", "a".repeat(1000)).deflated();
        longer.size = 999;
        assertSays(
                "'longer' is longer than the archive says",
                refusal(HandMadeZip.withBootstrap().add(longer)));
        var shorter = HandMadeZip.entry("shorter", "a".repeat(1000)).deflated();
        shorter.size = 1001;
        assertSays("'shorter' is damaged", refusal(HandMadeZip.withBootstrap().add(shorter)));
        var cut = HandMadeZip.entry("cut", "abcdefgh".repeat(10)).deflated();
        cut.packedSize -= 2;
        assertSays("'cut' is damaged", refusal(HandMadeZip.withBootstrap().add(cut)));
        var beyond = HandMadeZip.entry("beyond", "a");
        beyond.packedSize = 1 << 20;
        assertSays("'beyond' is not where", refusal(HandMadeZip.withBootstrap().add(beyond)));
    }

    @Test
    void whatIsPackedOtherwiseIsNamed() {
        var secret = HandMadeZip.entry("secret", "a");
        secret.flags |= 1;
        assertSays(
                "'secret' in the archive is encrypted",
                refusal(HandMadeZip.withBootstrap().add(secret)));
        var zstd = HandMadeZip.entry("z", "a").packed(93, new byte[] {1});
        assertSays(
                "'z' in the archive is packed by method 93 (zstd)",
                refusal(HandMadeZip.withBootstrap().add(zstd)));
    }

    @Test
    void namesThatLeadAstrayAreRefused() {
        assertSays("'/etc/passwd' in the archive has an absolute path", refusalOf("/etc/passwd"));
        assertSays("'.' or '..'", refusalOf("../x"));
        assertSays("'.' or '..'", refusalOf("a/../../x"));
        assertSays("'.' or '..'", refusalOf("a/./x"));
        assertSays("empty part", refusalOf("a//x"));
        assertSays("backslash", refusalOf("a\\x"));
        assertSays("'a?x' in the archive has a NUL", refusalOf("a\0x"));
        assertSays("name of more than 255 bytes", refusalOf("ä".repeat(128)));
        assertSays("path of more than 1024 bytes", refusalOf("abc/".repeat(256) + "x"));
        assertSays("more than 64 folders", refusalOf("a/".repeat(64) + "x"));
        assertSays(
                "not UTF-8",
                refusal(
                        HandMadeZip.withBootstrap()
                                .add(
                                        HandMadeZip.entry(
                                                new byte[] {'a', (byte) 0xE4}, new byte[0]))));
    }

    @Test
    void aPathIsThereOnce() {
        assertSays(
                "'a' in the archive is there twice",
                refusal(HandMadeZip.withBootstrap().add("a", "").add("a", "")));
        assertSays("twice", refusal(HandMadeZip.withBootstrap().add("a/", "").add("a/", "")));
        assertSays(
                "'a' in the archive is a file and a folder",
                refusal(HandMadeZip.withBootstrap().add("a", "").add("a/b", "")));
        assertSays(
                "'a' in the archive is a file and a folder",
                refusal(HandMadeZip.withBootstrap().add("a/b", "").add("a", "")));
        assertSays(
                "behind a symbolic link, 'a'",
                refusal(
                        HandMadeZip.withBootstrap()
                                .add(HandMadeZip.entry("a", "b").mode(0120777))
                                .add("a/x", "")));
        assertSays(
                "'a' in the archive is there twice",
                refusal(
                        HandMadeZip.withBootstrap()
                                .add("a", "x")
                                .add(HandMadeZip.entry("a", "b").mode(0120777))));
    }

    @Test
    void linksStayWithin() throws Exception {
        for (String within : List.of("b", "./b", "../c/d", "x/y", "../a", "..", ".", "../../t")) {
            var code =
                    CodeArchive.read(
                            HandMadeZip.withBootstrap()
                                    .add(HandMadeZip.entry("a/b/l", within).mode(0120777))
                                    .bytes());
            assertTrue(code.paths().contains("a/b/l"));
        }
        for (String out : List.of("../../../x", "/etc/passwd", "../../..", "x/../b", "")) {
            assertSays(
                    "'a/b/l' in the archive is a symbolic link",
                    refusal(
                            HandMadeZip.withBootstrap()
                                    .add(HandMadeZip.entry("a/b/l", out).mode(0120777))));
        }
    }

    @Test
    void devicesAndSetBitsAreDropped() throws Exception {
        var code =
                CodeArchive.read(
                        HandMadeZip.withBootstrap()
                                .add(HandMadeZip.entry("null", "").mode(020666))
                                .add(HandMadeZip.entry("pipe", "").mode(010666))
                                .add(HandMadeZip.entry("su", "x").mode(0104755))
                                .bytes());
        assertEquals(List.of("bootstrap", "su"), code.paths());
        assertEquals(
                List.of(
                        "'null' is left out: a device, pipe or socket",
                        "'pipe' is left out: a device, pipe or socket",
                        "'su' is not setuid, setgid or sticky any more"),
                code.notes());
    }

    @Test
    void aMillionEntriesAreNotListed() {
        var zip = new HandMadeZip();
        assertSays("100,000 files and folders", refusal(Code.TOO_LARGE, zip.bytes(1_000_000)));
        assertSays(
                "number of entries", refusal(Code.MALFORMED, HandMadeZip.withBootstrap().bytes(0)));
        assertSays(
                "directory is broken",
                refusal(Code.MALFORMED, HandMadeZip.withBootstrap().bytes(2)));
        assertSays(
                "directory is broken",
                refusal(Code.MALFORMED, HandMadeZip.withBootstrap().bytes(70_000)));
        // Few entries, and folders without number.
        var deep = HandMadeZip.withBootstrap();
        for (int i = 0; i < 2_000; i++) {
            deep.add((i + "/").repeat(60) + "x", "");
        }
        assertSays("100,000 files and folders", refusal(Code.TOO_LARGE, deep.bytes()));
    }

    @Test
    void moreEntriesThanAShortCountAreRead() throws Exception {
        var zip = HandMadeZip.withBootstrap();
        for (int i = 1; i < 100_000; i++) {
            zip.add(Integer.toString(i), "");
        }
        assertEquals(100_000, CodeArchive.read(zip.bytes()).entries());
        zip.add("one", "");
        assertSays("100,000 files and folders", refusal(Code.TOO_LARGE, zip.bytes()));
    }

    @Test
    void aBombEndsWhileItIsCounted() {
        byte[] zeros = new byte[64 << 20];
        var bomb = HandMadeZip.withBootstrap();
        byte[] packed = HandMadeZip.deflate(zeros);
        for (int i = 0; i < 20; i++) {
            var entry = HandMadeZip.entry("z" + i, "");
            entry.size = zeros.length;
            bomb.add(entry.packed(8, packed));
        }
        // The eighth one, which its sum would have told apart, is not read to its end.
        String message = refusal(Code.MALFORMED, bomb.bytes());
        assertSays("'z0' is damaged", message);
        var right = HandMadeZip.withBootstrap();
        for (int i = 0; i < 20; i++) {
            right.add(HandMadeZip.entry(("z" + i).getBytes(UTF_8), zeros).packed(8, packed));
        }
        message = refusal(Code.TOO_LARGE, right.bytes());
        assertSays("512MiB when unpacked; it has more, 'z7' included", message);
    }

    @Test
    void noByteBelongsToTwoEntries() {
        // One content, quoted by many: D. Fifield's bomb in its simplest form.
        var zip = HandMadeZip.withBootstrap();
        int place = zip.nextPlace();
        zip.add("a", "content");
        var again = HandMadeZip.entry("a", "content");
        again.place = place;
        zip.add(again);
        assertSays("'a' shares bytes with another entry", refusal(zip));
        // An entry that lies within another's stored content.
        var inner = HandMadeZip.entry("inner", "");
        byte[] header = Arrays.copyOf(new HandMadeZip().add(inner).bytes(), 35);
        var outer = HandMadeZip.entry("outer".getBytes(UTF_8), header);
        var nested = HandMadeZip.withBootstrap();
        inner.place = nested.nextPlace() + 35L;
        assertSays("'inner' shares bytes", refusal(nested.add(outer).add(inner)));
    }

    @Test
    void bothListsSayTheSame() {
        var entry = HandMadeZip.entry("seen", "x");
        entry.localName = "lies".getBytes(UTF_8);
        assertSays("'seen' is something else", refusal(HandMadeZip.withBootstrap().add(entry)));
        var nowhere = HandMadeZip.entry("nowhere", "x");
        nowhere.place = 5;
        assertSays("'nowhere' is not where", refusal(HandMadeZip.withBootstrap().add(nowhere)));
    }

    @Test
    void wideSizesAreReadWhereTheyStand() throws Exception {
        var wide = HandMadeZip.entry("wide", "text");
        wide.extra =
                HandMadeZip.buffer(20)
                        .putShort((short) 1)
                        .putShort((short) 16)
                        .putLong(4)
                        .putLong(4)
                        .array();
        wide.size = 0xFFFFFFFFL;
        wide.packedSize = 0xFFFFFFFFL;
        assertEquals(2, CodeArchive.read(HandMadeZip.withBootstrap().add(wide).bytes()).entries());
        wide.extra = new byte[] {1, 0, 4, 0, 4, 0, 0, 0};
        assertSays("'wide' has no size", refusal(HandMadeZip.withBootstrap().add(wide)));
        wide.extra = new byte[] {};
        assertSays("'wide' is not where", refusal(HandMadeZip.withBootstrap().add(wide)));
    }

    @Test
    void aZipOfJavasIsToldWhatItLacks() throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("bootstrap"));
            zip.write("#!/bin/sh\n".getBytes(UTF_8));
        }
        assertSays("no UNIX permissions", refusal(Code.NO_ENTRY, bytes.toByteArray()));
    }

    @Test
    void readingEndsWhenItIsInterrupted() {
        Thread.currentThread().interrupt();
        assertThrows(
                InterruptedException.class,
                () -> CodeArchive.read(HandMadeZip.withBootstrap().bytes()));
    }

    @Test
    void whateverChangesTheAnswerIsAValueOrARefusal() throws Exception {
        long seed = new SecureRandom().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] zip =
                HandMadeZip.ofBootstrap(Elf.STATIC.loader("/lib64/ld.so").bytes())
                        .add(HandMadeZip.entry("a/b", "text ".repeat(9)).deflated())
                        .add(HandMadeZip.entry("a/l", "b").mode(0120777))
                        .bytes();
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] changed = Arrays.copyOf(zip, zip.length - (random.nextInt(8) == 0 ? 1 : 0));
            for (int i = random.nextInt(3); i >= 0; i--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            try {
                CodeArchive code = CodeArchive.read(changed);
                code.writeTar(new ByteArrayOutputStream());
            } catch (CodeRejectedException e) {
                refused++;
            }
        }
        assertTrue(refused > 1_000, "refused " + refused);
    }
}
