package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.wasi.AssetsRejectedException.Code;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.TimeZone;

/** A folder of this machine, as the assets of a task. */
class AssetArchiveTest {
    @TempDir private Path folder;

    private Path make(Path in) throws IOException {
        Files.createDirectories(in.resolve("b/empty"));
        Files.writeString(in.resolve("z"), "last");
        Files.writeString(in.resolve("b/B"), "upper");
        Files.writeString(in.resolve("b/a"), "lower");
        Files.write(in.resolve("nothing"), new byte[0]);
        return in;
    }

    @Test
    void whatGoesInComesOut() throws Exception {
        byte[] archive = AssetArchive.of(make(folder));
        Assets assets = Assets.fromZip(archive, AssetLimits.DEFAULT);
        assertEquals(List.of("b/B", "b/a", "nothing", "z"), assets.paths());
        assertEquals("lower", new String(assets.file("b/a").orElseThrow(), StandardCharsets.UTF_8));
        assertTrue(assets.folder("/b/empty").isPresent());
        assertEquals(14, assets.contentBytes());
    }

    @Test
    void theSameFilesGiveTheSameBytes() throws Exception {
        Path one = make(folder.resolve("one"));
        Path two = make(folder.resolve("two"));
        Files.setLastModifiedTime(two.resolve("z"), FileTime.fromMillis(1_000_000_000_000L));
        assertTrue(two.resolve("b/a").toFile().setExecutable(true));
        byte[] archive = AssetArchive.of(one);
        TimeZone here = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
            assertArrayEquals(archive, AssetArchive.of(two));
        } finally {
            TimeZone.setDefault(here);
        }
        // This very archive, on any machine, in any year.
        assertEquals("448b8d58", "%08x".formatted(Arrays.hashCode(archive)), "its bytes");
        Files.writeString(two.resolve("z"), "lasT");
        assertTrue(!Arrays.equals(archive, AssetArchive.of(two)));
    }

    @Test
    void linksAreNotFollowed() throws Exception {
        make(folder);
        Files.createSymbolicLink(folder.resolve("b/link"), folder.resolve("z"));
        var e = assertThrows(AssetsRejectedException.class, () -> AssetArchive.of(folder));
        assertEquals(Code.NOT_A_FILE, e.code());
        assertTrue(e.getMessage().endsWith("b/link"), e.getMessage());
    }

    @Test
    void limitsHold() throws Exception {
        make(folder);
        assertCode(Code.TOO_MANY, new AssetLimits(ByteSize.ofKiB(9), ByteSize.ofKiB(9), 5));
        Files.write(folder.resolve("large"), new byte[9 * 1024]);
        assertCode(Code.TOO_LARGE, new AssetLimits(ByteSize.ofKiB(9), ByteSize.ofKiB(9), 50));
        assertCode(Code.TOO_LARGE, new AssetLimits(ByteSize.ofKiB(9), ByteSize.ofKiB(99), 50));
        Files.createDirectory(folder.resolve("tmp"));
        assertCode(Code.BAD_PATH, AssetLimits.DEFAULT);
    }

    private void assertCode(Code code, AssetLimits limits) {
        var e = assertThrows(AssetsRejectedException.class, () -> AssetArchive.of(folder, limits));
        assertEquals(code, e.code(), e.getMessage());
    }

    @Test
    void foldersTooDeepAreRefused() throws Exception {
        Files.createDirectories(folder.resolve("d/".repeat(40)));
        assertCode(Code.BAD_PATH, AssetLimits.DEFAULT);
    }
}
