package io.runnel.exec.microvm.image;

import io.runnel.exec.microvm.image.ImageException.Code;
import io.runnel.exec.task.ByteSize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Builds one base image of Debian's packages in a folder that is gone afterwards. The same versions
 * of packages and tools give the same bytes.
 */
final class BaseImageBuild {
    private static final Duration MOST_TIME = Duration.ofMinutes(10);

    private final ImageRecipe recipe;
    private final Path work;
    private final Consumer<String> progress;

    /**
     * A build.
     *
     * @param work a new folder
     * @param progress gets lines for people
     */
    BaseImageBuild(ImageRecipe recipe, Path work, Consumer<String> progress) {
        this.recipe = recipe;
        this.work = work;
        this.progress = progress;
    }

    /** The image, its file still among the work. */
    BaseImage build(DebianSources sources) throws IOException, InterruptedException {
        requireMachine();
        Squashfs squashfs = Squashfs.installed();
        progress.accept(
                "asking %s what Debian %s has".formatted(sources.first(), DebianPackages.RELEASE));
        DebianPackages debian = DebianPackages.of(work.resolve("packages"), sources);
        List<Path> files = debian.fetch(recipe.packages(), recipe.left());
        progress.accept(
                "%d packages with %s, unpacking them"
                        .formatted(files.size(), mebibytes(DebianPackages.bytes(files))));
        Path root = Files.createDirectories(work.resolve("root"));
        for (Path file : files) {
            debian.unpack(file, root);
        }
        RootFolder folder = new RootFolder(root);
        folder.merge();
        folder.complete(tools(root));
        if (recipe == ImageRecipe.PYTHON3) {
            progress.accept("compiling Python's library");
            compilePython(root);
        }
        folder.settle();
        progress.accept("making the image");
        Path image = work.resolve("image");
        squashfs.ofFolder(root, image, MOST_TIME);
        return new BaseImage(
                recipe.label(),
                image,
                FileDigest.of(image),
                new ByteSize(Files.size(image)),
                DebianPackages.RELEASE,
                files.stream().map(DebianPackages::label).toList(),
                folder.programs());
    }

    private static void requireMachine() throws ImageException {
        String machine = System.getProperty("os.arch");
        if (!List.of("amd64", "x86_64").contains(machine)) {
            throw new ImageException(
                    Code.FAILED,
                    "base images are for x86-64, and built on such machines: this one is "
                            + machine);
        }
    }

    static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
    }

    /** What busybox does besides, under names of its own. */
    private List<String> tools(Path root) throws IOException, InterruptedException {
        ImageTool busybox = new ImageTool(root.resolve("usr/bin/busybox"));
        return busybox.run(
                        List.of("--list"),
                        ImageTool.Feed.NOTHING,
                        work.resolve("tools.log"),
                        MOST_TIME)
                .lines()
                .filter(tool -> !tool.isBlank() && !tool.contains("/"))
                .toList();
    }

    /**
     * Compiles as installing would, but for good: guests cannot write beside it, and with files'
     * times, which images have not, it would be compiled anew at each start. The image's own Python
     * does it, by its own loader; what it imports itself for that, it is not to write (-B), since
     * that would name the folder here.
     */
    private void compilePython(Path root) throws IOException, InterruptedException {
        Path libraries = root.resolve("usr/lib/x86_64-linux-gnu");
        ImageTool loader =
                new ImageTool(libraries.resolve("ld-linux-x86-64.so.2"))
                        .with(
                                Map.of(
                                        "PYTHONHOME",
                                        root.resolve("usr").toString(),
                                        "PYTHONHASHSEED",
                                        "0"));
        List<String> line =
                new ArrayList<>(
                        List.of(
                                "--library-path",
                                libraries.toString(),
                                root.resolve("usr/bin/python3").toString(),
                                "-B",
                                "-m",
                                "compileall",
                                "-q",
                                "-f",
                                "--invalidation-mode",
                                "unchecked-hash",
                                "-s",
                                root.toString(),
                                "-p",
                                "/"));
        line.add(root.resolve("usr/lib/python3.11").toString());
        var said = loader.run(line, ImageTool.Feed.NOTHING, work.resolve("python.log"), MOST_TIME);
        if (!said.isBlank()) {
            progress.accept(said.strip());
        }
    }
}
