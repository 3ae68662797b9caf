package io.runnel.exec.microvm.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.microvm.image.ImageException.Code;
import io.runnel.exec.task.ByteSize;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which base image a task gets; images here are files that say so. */
class BaseImagesTest {
    private static final String LOADER = "/lib64/ld-linux-x86-64.so.2";
    private static final Optional<String> UNNAMED = Optional.empty();

    @TempDir private Path folder;
    private BaseImages images;

    @BeforeEach
    void open() {
        images = BaseImages.in(folder.resolve("images"));
    }

    private BaseImage keep(String name, int bytes, String... programs) throws Exception {
        Path file = Files.write(folder.resolve("built"), new byte[bytes]);
        Files.createDirectories(images.folder());
        return images.keep(
                new BaseImage(
                        name,
                        file,
                        FileDigest.of(file),
                        new ByteSize(bytes),
                        "bookworm",
                        List.of("some-package 1:2.3-4"),
                        Set.of(programs)));
    }

    private static CodeArchive script(String first) throws Exception {
        return CodeArchive.read(HandMadeZip.ofBootstrap((first + "\n").getBytes(UTF_8)).bytes());
    }

    private static CodeArchive linked(String loader) throws Exception {
        return CodeArchive.read(HandMadeZip.ofBootstrap(Elf.STATIC.loader(loader).bytes()).bytes());
    }

    private void assertRefused(String message, CodeArchive code, Optional<String> named) {
        var e = assertThrows(CodeRejectedException.class, () -> images.choose(code, named));
        assertEquals(message, e.getMessage());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(images.folder())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aStaticProgramGetsNone() throws Exception {
        CodeArchive code = CodeArchive.read(HandMadeZip.ofBootstrap(Elf.STATIC.bytes()).bytes());
        assertEquals(Optional.empty(), images.choose(code, UNNAMED));
        keep("busybox", 10, "/usr/bin/sh");
        assertEquals(Optional.empty(), images.choose(code, UNNAMED));
        assertEquals("busybox", images.choose(code, Optional.of("busybox")).get().name());
    }

    @Test
    void theSmallestThatHasWhatIsNeededIsChosen() throws Exception {
        BaseImage python =
                keep(
                        "python3",
                        30,
                        "/usr/bin/sh",
                        "/usr/bin/env",
                        "/usr/bin/python3",
                        "/usr" + LOADER);
        BaseImage busybox = keep("busybox", 10, "/usr/bin/sh", "/usr/bin/env");
        keep("huge", 40, "/usr/bin/sh", "/usr/bin/python3", "/usr" + LOADER);
        assertEquals(List.of("busybox", "python3", "huge"), names());
        assertEquals(Optional.of(busybox), images.choose(script("#!/bin/sh"), UNNAMED));
        assertEquals(Optional.of(python), images.choose(script("#!/usr/bin/python3"), UNNAMED));
        assertEquals(Optional.of(python), images.choose(script("#!/usr/bin/env python3"), UNNAMED));
        assertEquals(Optional.of(python), images.choose(linked(LOADER), UNNAMED));
        assertEquals(
                Optional.of(python), images.choose(script("#!/bin/sh"), Optional.of("python3")));
    }

    private List<String> names() throws IOException {
        return images.list().stream().map(BaseImage::name).toList();
    }

    @Test
    void whatIsMissingIsSaidWithWhatBuildsIt() throws Exception {
        assertRefused(
                "bootstrap needs '/bin/sh', which is neither in the archive nor in a base image"
                    + " here (there is none); build one that has it: runnel images build busybox",
                script("#!/bin/sh"),
                UNNAMED);
        keep("busybox", 10, "/usr/bin/sh", "/usr/bin/env");
        assertRefused(
                "bootstrap needs '/usr/bin/python3', which is neither in the archive nor in a base"
                    + " image here (busybox); build one that has it: runnel images build python3",
                script("#!/usr/bin/python3"),
                UNNAMED);
        assertRefused(
                "bootstrap needs 'node' and '/usr/bin/env', which is neither in the archive nor in"
                        + " a base image here (busybox); build one that has it: runnel images build"
                        + " node",
                script("#!/usr/bin/env node"),
                UNNAMED);
        assertRefused(
                "bootstrap needs '%s', which is neither in the archive nor in a base image here (busybox); build one that has it: runnel images build provided"
                        .formatted(LOADER),
                linked(LOADER),
                UNNAMED);
        assertRefused(
                "bootstrap needs '/lib/ld-musl-x86_64.so.1', which is neither in the archive nor in"
                        + " a base image here (busybox); no base image has it: put it into the"
                        + " archive",
                linked("/lib/ld-musl-x86_64.so.1"),
                UNNAMED);
    }

    @Test
    void whatAnOwnerNamesIsCheckedToo() throws Exception {
        keep("busybox", 10, "/usr/bin/sh", "/usr/bin/env");
        assertRefused(
                "the base image 'python3' is not here (busybox); build it: runnel images build"
                        + " python3",
                script("#!/bin/sh"),
                Optional.of("python3"));
        assertRefused(
                "the base image '../x?' is not here (busybox)",
                script("#!/bin/sh"),
                Optional.of("../x\n"));
        assertRefused(
                "bootstrap needs '/usr/bin/python3', which is neither in the archive nor in the"
                        + " base image busybox",
                script("#!/usr/bin/python3"),
                Optional.of("busybox"));
        assertRefused(
                "bootstrap needs '/bin/sh', which is not in the archive, and is to run on no base"
                        + " image",
                script("#!/bin/sh"),
                Optional.of("none"));
    }

    @Test
    void aManifestSaysWhatAnImageIs() throws Exception {
        BaseImage kept = keep("busybox", 10, "/usr/bin/sh");
        assertEquals(List.of(kept), images.list());
        assertEquals(
                List.of("busybox-" + kept.digest().substring(0, 12) + ".squashfs", "busybox.json"),
                files());
    }

    @Test
    void aNewImageReplacesTheOneBefore() throws Exception {
        keep("busybox", 10, "/usr/bin/sh");
        BaseImage python = keep("busybox-x", 15, "/usr/bin/sh");
        BaseImage second = keep("busybox", 20, "/usr/bin/sh");
        assertEquals(List.of(python, second), images.list());
        assertTrue(Files.exists(python.file()), "another's whose name begins so");
        assertEquals(4, files().size());
        assertTrue(images.remove("busybox"));
        assertFalse(images.remove("busybox"));
        assertEquals(List.of(python), images.list());
        assertEquals(2, files().size());
        assertTrue(Files.exists(python.file()));
    }

    @Test
    void aDamagedImageIsSaidToBeDamaged() throws Exception {
        BaseImage image = keep("busybox", 10, "/usr/bin/sh");
        Files.delete(image.file());
        Files.write(image.file(), "0123456789".getBytes(UTF_8));
        var e =
                assertThrows(
                        ImageException.class, () -> images.choose(script("#!/bin/sh"), UNNAMED));
        assertEquals(
                "the base image busybox is damaged; build it again: runnel images build busybox",
                e.getMessage());
        Files.delete(image.file());
        e = assertThrows(ImageException.class, () -> images.choose(script("#!/bin/sh"), UNNAMED));
        assertTrue(e.getMessage().contains("is damaged"), e.getMessage());
    }

    @Test
    void aManifestThatIsNoneIsNamed() throws Exception {
        Files.createDirectories(images.folder());
        Path manifest = images.folder().resolve("x.json");
        for (String text : List.of("", "{", "[]", "{\"digest\":\"x\",\"file\":\"y\"}")) {
            Files.writeString(manifest, text);
            var e = assertThrows(ImageException.class, () -> images.list());
            assertTrue(e.getMessage().startsWith(manifest + " says of no image"), e.getMessage());
        }
    }

    @Test
    void aBuildThatFailsLeavesNothing() throws Exception {
        NeededTools.need("mksquashfs", "squashfs-tools");
        NeededTools.need("apt-get", "apt");
        Files.createDirectories(images.folder().resolve("python3.making/root"));
        List<String> said = new ArrayList<>();
        var e =
                assertThrows(
                        ImageException.class,
                        () ->
                                images.build(
                                        ImageRecipe.BUSYBOX,
                                        Optional.of("http://127.0.0.1:1"),
                                        said::add));
        assertEquals(Code.FAILED, e.code());
        assertTrue(e.getMessage().startsWith("apt-get failed: "), e.getMessage());
        assertEquals(List.of("asking http://127.0.0.1:1/debian what Debian bookworm has"), said);
        assertEquals(List.of("lock"), files());
        assertEquals(List.of(), images.list());
    }

    @Test
    void aFolderIsWhereTheVariableSays() {
        assertEquals(
                Path.of("/images"), BaseImages.defaultFolder(Map.of("RUNNEL_IMAGES", "/images")));
        assertTrue(
                BaseImages.defaultFolder(Map.of("RUNNEL_IMAGES", " ")).endsWith("runnel/images"));
    }
}
