package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.wasi.AssetsRejectedException.Code;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Packages that the command makes, and those that are made by hand or by an enemy. */
class TaskPackageTest {
    private static final byte[] MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};

    @TempDir private Path folder;

    private static byte[] zipOf(String... paths) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (String path : paths) {
                zip.putNextEntry(new ZipEntry(path));
                zip.write(path.endsWith("/") ? new byte[0] : bytes(path));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String refused(Code code, byte[] archive) {
        var e =
                assertThrows(
                        AssetsRejectedException.class,
                        () -> TaskPackage.open(archive, AssetLimits.DEFAULT));
        assertEquals(code, e.code(), e.getMessage());
        return e.getMessage();
    }

    @Test
    void whatGoesInComesOut() throws Exception {
        Files.createDirectories(folder.resolve("css/empty"));
        Files.writeString(folder.resolve("css/main.css"), "body{}");
        Files.writeString(folder.resolve("task.wasm"), "an asset of this name");
        byte[] made = TaskPackage.of(MODULE, folder);
        assertTrue(TaskPackage.isPackage(made));
        assertArrayEquals(made, TaskPackage.of(MODULE.clone(), folder));
        TaskPackage opened = TaskPackage.open(made, AssetLimits.DEFAULT);
        assertArrayEquals(MODULE, opened.module());
        assertEquals(List.of("css/main.css", "task.wasm"), opened.assets().paths());
        assertTrue(opened.assets().folder("/css/empty").isPresent());
        Files.writeString(folder.resolve("css/main.css"), "body{ }");
        assertFalse(Arrays.equals(made, TaskPackage.of(MODULE, folder)));
    }

    @Test
    void onlyArchivesAreTakenForPackages() throws Exception {
        assertFalse(TaskPackage.isPackage(MODULE));
        assertFalse(TaskPackage.isPackage(bytes("PK")));
        assertFalse(TaskPackage.isPackage(new byte[0]));
        assertTrue(TaskPackage.isPackage(zipOf("x")));
        assertTrue(TaskPackage.isPackage(zipOf()), "an empty one, to be told so");
    }

    @Test
    void madeByHandTheyMayBeInAnyOrder() throws Exception {
        TaskPackage opened =
                TaskPackage.open(
                        zipOf("task.wasm", "assets/", "assets/b", "assets/a/c"),
                        AssetLimits.DEFAULT);
        assertEquals(List.of("a/c", "b"), opened.assets().paths());
        assertEquals(
                List.of(),
                TaskPackage.open(zipOf("task.wasm"), AssetLimits.DEFAULT).assets().paths());
    }

    @Test
    void withoutAModuleItIsTold() throws Exception {
        assertTrue(refused(Code.NO_MODULE, zipOf("assets/a")).contains("task.wasm"));
        refused(Code.NO_MODULE, zipOf());
    }

    @Test
    void whatHasNoPlaceIsNamed() throws Exception {
        String told = refused(Code.BAD_PATH, zipOf("task.wasm", "index.html"));
        assertTrue(told.contains("index.html"), told);
        refused(Code.BAD_PATH, zipOf("site/task.wasm", "site/assets/a"));
        refused(Code.BAD_PATH, zipOf("task.wasm/"));
        refused(Code.BAD_PATH, zipOf("task.wasm", "assets"));
        refused(Code.BAD_PATH, zipOf("task.wasm", "assets/../x"));
        refused(Code.BAD_PATH, zipOf("task.wasm", "assets//x"));
        refused(Code.BAD_PATH, zipOf("task.wasm", "assets/tmp/x"));
        refused(Code.BAD_PATH, zipOf("task.wasm", "/assets/x"));
    }

    @Test
    void nothingIsThereTwice() throws Exception {
        for (String again : List.of("task.wasm", "assets/", "assets/a")) {
            String other = again.replace('a', 'q').replace("qssets", "assets");
            String first = again.equals("assets/") ? "assetz/" : other;
            byte[] archive = zipOf("task.wasm", "assets/a", "assets/", first);
            for (int i = 0; i + first.length() <= archive.length; i++) {
                if (Arrays.equals(
                        bytes(first), Arrays.copyOfRange(archive, i, i + first.length()))) {
                    System.arraycopy(bytes(again), 0, archive, i, first.length());
                }
            }
            refused(Code.DUPLICATE, archive);
        }
    }

    @Test
    void theModuleCountsAsWell() throws Exception {
        byte[] archive = zipOf("task.wasm", "assets/a");
        var limits = new AssetLimits(ByteSize.ofKiB(1), new ByteSize(16), 10);
        var e =
                assertThrows(
                        AssetsRejectedException.class, () -> TaskPackage.open(archive, limits));
        assertEquals(Code.TOO_LARGE, e.code());
    }
}
