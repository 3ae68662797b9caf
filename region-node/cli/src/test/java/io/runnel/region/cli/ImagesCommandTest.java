package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Base images of this machine, as the command shows and changes them. */
class ImagesCommandTest {
    private static final String DIGEST = "0123456789ab" + "0".repeat(52);

    @TempDir private Path folder;
    private Path images;
    private TestShell shell;

    @BeforeEach
    void prepare() {
        images = folder.resolve("images");
        shell = new TestShell(folder).with("RUNNEL_IMAGES", images.toString());
    }

    private void putBusybox() throws IOException {
        Files.createDirectories(images);
        Files.write(images.resolve("busybox-0123456789ab.squashfs"), new byte[3 << 19]);
        Files.writeString(
                images.resolve("busybox.json"),
                """
                {"name":"busybox","file":"busybox-0123456789ab.squashfs","digest":"%s",
                 "bytes":%d,"release":"bookworm","packages":["busybox-static 1:1.35.0-4"],
                 "programs":["/usr/bin/sh"]}\
                """
                        .formatted(DIGEST, 3 << 19));
    }

    @Test
    void whereThereIsNoneItSaysHowToBuildOne() {
        assertEquals(0, shell.run("images", "list"), shell.err());
        assertEquals(
                """
                no kernel in %s: no linux task runs here; runnel images kernel brings one
                no images in %s; build one: runnel images build busybox|provided|python3|node
                """
                        .formatted(folder.resolve("kernels"), images),
                shell.out());
        assertEquals(0, shell.run("images", "--json"), shell.err());
        assertTrue(shell.out().contains("\"images\" : [ ]"), shell.out());
        assertFalse(Files.exists(images));
    }

    @Test
    void imagesAreListed() throws IOException {
        putBusybox();
        assertEquals(0, shell.run("images"), shell.err());
        assertEquals(
                """
                no kernel in %s: no linux task runs here; runnel images kernel brings one
                IMAGE    SIZE     PACKAGES              DIGEST
                busybox  1.5 MiB  1 of Debian bookworm  0123456789ab
                """
                        .formatted(folder.resolve("kernels")),
                shell.out());
        assertEquals(0, shell.run("images", "list", "--json"), shell.err());
        var json = Json.read(shell.out()).path("images").path(0);
        assertEquals("busybox", json.path("name").asText());
        assertTrue(Json.read(shell.out()).path("kernel").isNull(), shell.out());
        assertEquals(DIGEST, json.path("digest").asText());
        assertEquals(3 << 19, json.path("bytes").asInt());
        assertEquals("busybox-static 1:1.35.0-4", json.path("packages").path(0).asText());
    }

    @Test
    void oneIsRemoved() throws IOException {
        putBusybox();
        assertEquals(1, shell.run("images", "remove", "node"));
        assertEquals("runnel: no image 'node' in %s (busybox)\n".formatted(images), shell.err());
        assertEquals(0, shell.run("images", "remove", "busybox"), shell.err());
        assertEquals("busybox is removed\n", shell.out());
        try (var left = Files.list(images)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void whatCannotBeBuiltIsRefusedWithWhatCan() {
        assertEquals(2, shell.run("images", "build", "cobol"));
        assertEquals(
                "runnel: NAME must be one of busybox, provided, python3, node: 'cobol'\n",
                shell.err());
        assertEquals(2, shell.run("images", "build", "node", "--mirror", "http://x y"));
        assertTrue(shell.err().contains("--mirror must be a URL, http or https"), shell.err());
        assertEquals(2, shell.run("images", "build", "node", "--mirror", "ftp://x"));
        assertEquals(2, shell.run("images", "build"));
        assertFalse(Files.exists(images));
    }

    @Test
    void aFolderThatSaysNothingOfItselfIsNamed() throws IOException {
        Files.createDirectories(images);
        Files.writeString(images.resolve("x.json"), "{");
        assertEquals(1, shell.run("images"));
        assertEquals(
                "runnel: %s says of no image what it is; remove it\n"
                        .formatted(images.resolve("x.json")),
                shell.err());
    }
}
