package io.runnel.exec.microvm.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Base images, built of Debian's packages, which are fetched: the smallest one always, larger ones
 * when they are asked for by {@code -Drunnel.images=python3,node,provided}, since those take
 * minutes.
 */
class BaseImageBuildIT {
    @TempDir private Path folder;

    @BeforeAll
    static void needTools() {
        NeededTools.need("mksquashfs", "squashfs-tools");
        NeededTools.need("unsquashfs", "squashfs-tools");
        NeededTools.need("apt-get", "apt");
        NeededTools.need("dpkg-deb", "dpkg");
    }

    private BaseImage build(String into, ImageRecipe recipe) throws Exception {
        BaseImages images = BaseImages.in(folder.resolve(into));
        try {
            BaseImage built =
                    images.build(recipe, Optional.empty(), said -> System.out.println(said));
            assertEquals(List.of(built), images.list());
            return built;
        } catch (IOException e) {
            if (!"1".equals(System.getenv("RUNNEL_STRICT"))) {
                System.out.println("SKIPPED building base images: " + e.getMessage());
                abort(e.getMessage());
            }
            throw e;
        }
    }

    /** What every one is. */
    private static void check(BaseImage image) throws Exception {
        List<String> lines = NeededTools.unsquashfs(image.file(), "-lls");
        String all = String.join("\n", lines);
        for (String part :
                List.of(
                        " squashfs-root/usr/bin/sh -> busybox\n",
                        " squashfs-root/bin -> usr/bin\n",
                        " squashfs-root/var/task\n",
                        " squashfs-root/etc/passwd\n")) {
            assertTrue(all.contains(part), part);
        }
        for (String line : lines.subList(1, lines.size())) {
            assertTrue(line.matches("(d|-|l)[rwx-]{9} root/root .* 1970-01-01 00:00 .*"), line);
            assertFalse(line.contains("/usr/share/doc/"), line);
        }
        assertTrue(
                image.has(new BootstrapNeeds(List.of("/bin/sh", "/usr/bin/env"), List.of("awk"))));
        assertTrue(
                NeededTools.cat(image.file(), "etc/passwd").contains("task:x:1000:1000"),
                "its user");
    }

    @Test
    void theSamePackagesGiveTheSameBytes() throws Exception {
        BaseImage first = build("first", ImageRecipe.BUSYBOX);
        check(first);
        assertEquals(1, first.packages().size());
        assertTrue(first.packages().getFirst().startsWith("busybox-static 1:"));
        assertEquals(first.digest(), build("second", ImageRecipe.BUSYBOX).digest());
    }

    @Test
    void whatIsAskedForHasWhatItsNameSays() throws Exception {
        String asked = System.getProperty("runnel.images", "");
        for (String label : List.of(asked.split(",", -1))) {
            Optional<ImageRecipe> recipe = ImageRecipe.ofLabel(label);
            if (recipe.isPresent()) {
                BaseImage image = build(label, recipe.get());
                check(image);
                assertTrue(
                        image.has(
                                new BootstrapNeeds(
                                        List.of("/lib64/ld-linux-x86-64.so.2"),
                                        label.equals("provided")
                                                ? List.of("bash")
                                                : List.of(label))));
            }
        }
    }
}
