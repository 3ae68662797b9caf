package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.wasi.AssetsRejectedException.Code;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Archives of assets, right ones and hostile ones. */
class AssetsTest {
    private static final AssetLimits SMALL =
            new AssetLimits(ByteSize.ofKiB(64), ByteSize.ofKiB(128), 20);

    private interface Filling {
        void fill(ZipOutputStream zip) throws IOException;
    }

    private static byte[] zip(Filling filling) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            filling.fill(zip);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private static void add(ZipOutputStream zip, String path, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(path));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    private static byte[] zipOf(String... paths) {
        return zip(
                zip -> {
                    for (String path : paths) {
                        add(zip, path, path.endsWith("/") ? "" : "text of " + path);
                    }
                });
    }

    private static String message(Code code, byte[] archive) {
        var e = assertThrows(AssetsRejectedException.class, () -> Assets.fromZip(archive, SMALL));
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(e.getMessage().length() < 300, e.getMessage());
        return e.getMessage();
    }

    @Test
    void filesAndFoldersAreWhatTheArchiveSays() throws Exception {
        var assets = Assets.fromZip(zipOf("b/c/d", "a", "b/e/", "b/", "gr\u00fc\u00df"), SMALL);
        assertEquals(List.of("a", "b/c/d", "gr\u00fc\u00df"), assets.paths());
        assertEquals(7, assets.nodes());
        assertArrayEquals(
                "text of b/c/d".getBytes(StandardCharsets.UTF_8),
                assets.file("b/c/d").orElseThrow());
        assertTrue(assets.file("b").isEmpty());
        assertTrue(assets.file("b/c/x").isEmpty());
        assertTrue(assets.folder("/b/e").isPresent());
        assertEquals(0, Assets.fromZip(zip(zip -> {}), SMALL).contentBytes());
        assertEquals(1, Assets.EMPTY.nodes());
    }

    @Test
    void pathsThatLeadAwayAreRefused() {
        for (String path :
                List.of("../x", "a/../b", "/etc/passwd", "a//b", "./a", "a/.", "a\\b", "..")) {
            message(Code.BAD_PATH, zipOf("ok", path));
        }
        message(Code.BAD_PATH, zipOf("tmp/x"));
        message(Code.BAD_PATH, zipOf("tmp"));
        message(Code.BAD_PATH, zipOf("x".repeat(256)));
        message(Code.BAD_PATH, zipOf("x/".repeat(40) + "x"));
        message(Code.BAD_PATH, zipOf(("x".repeat(100) + "/").repeat(11) + "x"));
    }

    @Test
    void nothingIsThereTwice() {
        message(Code.DUPLICATE, zipOf("a", "a/b"));
        message(Code.DUPLICATE, zipOf("a/b", "a"));
        byte[] twice = zipOf("a/x", "a/y");
        replaceAll(twice, "a/y", "a/x");
        message(Code.DUPLICATE, twice);
        byte[] folders = zipOf("a/", "b/");
        replaceAll(folders, "b/", "a/");
        message(Code.DUPLICATE, folders);
    }

    private static void replaceAll(byte[] archive, String from, String to) {
        byte[] sought = from.getBytes(StandardCharsets.US_ASCII);
        byte[] put = to.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i + sought.length <= archive.length; i++) {
            if (Arrays.equals(archive, i, i + sought.length, sought, 0, sought.length)) {
                System.arraycopy(put, 0, archive, i, put.length);
            }
        }
    }

    @Test
    void limitsHoldWhateverTheArchiveSaysOfItself() {
        byte[] bomb = zip(zip -> add(zip, "zeros", "\0".repeat(1 << 20)));
        assertTrue(bomb.length < 4096, "it packs well");
        assertTrue(message(Code.TOO_LARGE, bomb).contains("128KiB"));
        byte[] several =
                zip(
                        zip -> {
                            for (int i = 0; i < 5; i++) {
                                add(zip, "zeros" + i, "\0".repeat(30 * 1024));
                            }
                        });
        message(Code.TOO_LARGE, several);
        message(Code.TOO_LARGE, new byte[64 * 1024 + 1]);
        String[] many = new String[21];
        for (int i = 0; i < many.length; i++) {
            many[i] = "f" + i;
        }
        message(Code.TOO_MANY, zipOf(many));
        message(Code.TOO_MANY, zipOf("1/2/3/4/5/6/7/8/9/10/11/12/13", "a/b/c/d/e/f/g/h"));
    }

    @Test
    void linksAndDevicesAreRefused() {
        for (int kind : new int[] {0xA000, 0x6000, 0x2000, 0x1000}) {
            byte[] archive = zipOf("link");
            int entry = entryInDirectory(archive);
            archive[entry + 5] = 3;
            archive[entry + 41] = (byte) (kind >> 8);
            message(Code.NOT_A_FILE, archive);
        }
    }

    private static int entryInDirectory(byte[] archive) {
        for (int i = 0; i < archive.length - 4; i++) {
            if (LittleEndian.i32(archive, i) == 0x02014b50) {
                return i;
            }
        }
        throw new AssertionError("no directory");
    }

    @Test
    void whatIsBrokenIsToldSo() {
        byte[] sound = zipOf("a", "b/c");
        message(Code.MALFORMED, new byte[0]);
        message(Code.MALFORMED, new byte[100]);
        message(Code.MALFORMED, "not a zip at all".repeat(10).getBytes(StandardCharsets.UTF_8));
        for (int length = 0; length < sound.length; length++) {
            message(Code.MALFORMED, Arrays.copyOf(sound, length));
        }
        byte[] fewer = sound.clone();
        fewer[sound.length - 22 + 8] = 1;
        fewer[sound.length - 22 + 10] = 1;
        message(Code.MALFORMED, fewer);
        // What the directory names is there, but not where a reader of streams looks.
        byte[] moved = new byte[sound.length + 4];
        System.arraycopy(sound, 0, moved, 4, sound.length);
        LittleEndian.putI32(
                moved, moved.length - 22 + 16, LittleEndian.i32(sound, sound.length - 22 + 16) + 4);
        assertTrue(message(Code.MALFORMED, moved).contains("names 2 entries and has 0"));
    }

    @Test
    void anyBytesAreAnswered() {
        long seed = new SecureRandom().nextLong();
        var random = new Random(seed);
        byte[] sound = zipOf("a", "b/c", "b/d/", "some/longer/name.html");
        for (int i = 0; i < 20_000; i++) {
            byte[] archive = sound.clone();
            for (int c = 0; c <= random.nextInt(4); c++) {
                archive[random.nextInt(archive.length)] = (byte) random.nextInt(256);
            }
            try {
                assertTrue(Assets.fromZip(archive, SMALL).nodes() <= 21);
            } catch (AssetsRejectedException e) {
                assertTrue(e.getMessage().length() < 400, e.getMessage());
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", archive " + i, e);
            }
        }
    }
}
