package io.runnel.exec.microvm.image;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes read-only disk images by {@code mksquashfs} of Debian's squashfs-tools. The same files give
 * the same bytes with the same version of it: root's, without times and attributes, sorted. Packed
 * with LZ4: a guest unpacks what it reads, without hardware's help, and LZ4 is what that takes
 * least for.
 */
final class Squashfs {
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
                    "-mkfs-time",
                    "0",
                    "-all-time",
                    "0",
                    "-comp",
                    "lz4",
                    "-Xhc",
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

    /** Makes an image of a tar archive. */
    void ofTar(ImageTool.Feed tar, Path image, Duration within)
            throws IOException, InterruptedException {
        make(List.of("-", image.toString(), "-tar", "-root-mode", "755"), tar, image, within);
    }

    /** Makes an image of a folder. */
    void ofFolder(Path folder, Path image, Duration within)
            throws IOException, InterruptedException {
        make(
                List.of(folder.toString(), image.toString(), "-root-mode", "755"),
                ImageTool.Feed.NOTHING,
                image,
                within);
    }

    private void make(List<String> what, ImageTool.Feed feed, Path image, Duration within)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(what);
        arguments.addAll(SETTINGS);
        Path log = image.resolveSibling(image.getFileName() + ".log");
        String said = tool.run(arguments, feed, log, within);
        System.getLogger(Squashfs.class.getName())
                .log(System.Logger.Level.DEBUG, "{0}: {1}", image, said);
    }
}
