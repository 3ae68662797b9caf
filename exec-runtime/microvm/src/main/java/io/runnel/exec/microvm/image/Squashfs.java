package io.runnel.exec.microvm.image;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes read-only disk images by {@code mksquashfs} of Debian's squashfs-tools. The same files give
 * the same bytes with the same version of it: root's, without times and attributes, sorted.
 *
 * <p>Packed with LZ4, since a guest unpacks what it reads without hardware's help: under emulation
 * reading all of Python took 1.5 s of the processor with it, 1.9 s with zstd and 2.3 s with gzip,
 * for images of 25, 22 and 21 MiB. Code is packed quickly, as somebody waits for its first start;
 * base images tightly.
 */
final class Squashfs {
    private static final System.Logger LOG = System.getLogger(Squashfs.class.getName());

    /** How images are made: another number, other bytes. */
    static final int FORMAT = 1;

    private static final List<String> SETTINGS =
            List.of(
                    "-noappend",
                    "-quiet",
                    "-no-progress",
                    "-no-xattrs",
                    "-no-exports",
                    "-all-root",
                    "-root-mode",
                    "755",
                    "-mkfs-time",
                    "0",
                    "-all-time",
                    "0",
                    "-comp",
                    "lz4",
                    "-mem",
                    "128M");

    private final ImageTool tool;

    Squashfs(ImageTool tool) {
        this.tool = tool;
    }

    /**
     * The one that is installed.
     *
     * @throws ImageException if there is none
     */
    static Squashfs installed() throws ImageException {
        return new Squashfs(ImageTool.named("mksquashfs", "squashfs-tools"));
    }

    /** Makes an image of a tar archive, quickly. */
    void ofTar(ImageTool.Feed tar, Path image, Duration within)
            throws IOException, InterruptedException {
        make("-", List.of("-tar"), tar, image, within);
    }

    /** Makes an image of a folder, tightly. */
    void ofFolder(Path folder, Path image, Duration within)
            throws IOException, InterruptedException {
        make(folder.toString(), List.of("-Xhc"), ImageTool.Feed.NOTHING, image, within);
    }

    private void make(
            String from, List<String> how, ImageTool.Feed feed, Path image, Duration within)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(from, image.toString()));
        arguments.addAll(SETTINGS);
        arguments.addAll(how);
        Path log = image.resolveSibling(image.getFileName() + ".log");
        String said = tool.run(arguments, feed, log, within);
        LOG.log(Level.DEBUG, "{0}: {1}", image, said);
    }
}
