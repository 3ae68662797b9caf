package io.runnel.region.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.microvm.MicrovmFolders;
import io.runnel.exec.microvm.guest.KernelFiles;
import io.runnel.exec.microvm.guest.KernelPackage;
import io.runnel.exec.microvm.image.BaseImage;
import io.runnel.exec.microvm.image.BaseImages;
import io.runnel.exec.microvm.image.ImageException;
import io.runnel.exec.microvm.image.ImageRecipe;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** The base images of this machine, on which its nodes run tasks of the kind {@code linux}. */
@Command(
        name = "images",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the images that linux tasks of this machine's nodes run on; builds one; removes"
                    + " one.",
            "They are in the folder that the variable RUNNEL_IMAGES names, else in"
                    + " ~/.cache/runnel/images, for root in /var/cache/runnel/images."
        })
final class ImagesCommand implements Callable<Integer> {
    private final Shell shell;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    ImagesCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return list(json);
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the images, the smallest first.")
    Integer list(@Option(names = "--json", description = "print JSON") boolean asJson) {
        BaseImages images = images();
        List<BaseImage> all = all(images);
        Optional<KernelFiles> kernel = kernelHere();
        if (asJson) {
            ObjectNode shown = json(images, all);
            shown.put("kernel", kernel.map(KernelFiles::release).orElse(null));
            shell.print(Json.pretty(shown));
            return 0;
        }
        if (kernel.isEmpty()) {
            shell.print(
                    "no kernel in %s: no linux task runs here; runnel images kernel brings one"
                            .formatted(kernels()));
        }
        if (all.isEmpty()) {
            shell.print(
                    "no images in %s; build one: runnel images build %s"
                            .formatted(images.folder(), labels("|")));
            return 0;
        }
        Table table = new Table("IMAGE", "SIZE", "PACKAGES", "DIGEST");
        for (BaseImage image : all) {
            var unused =
                    table.row(
                            image.name(),
                            mebibytes(image),
                            image.packages().size() + " of Debian " + image.release(),
                            image.digest().substring(0, 12));
        }
        shell.print(table.toString());
        return 0;
    }

    private Path kernels() {
        return MicrovmFolders.of(Path.of(""), shell.environment()).kernels();
    }

    private Optional<KernelFiles> kernelHere() {
        try {
            return KernelFiles.find(kernels());
        } catch (IOException e) {
            throw CliException.failed("no kernel: " + Reason.of(e));
        }
    }

    private BaseImages images() {
        return BaseImages.in(BaseImages.defaultFolder(shell.environment()));
    }

    private static List<BaseImage> all(BaseImages images) {
        try {
            return images.list();
        } catch (IOException e) {
            throw unusable(images, e);
        }
    }

    private static CliException unusable(BaseImages images, IOException e) {
        return CliException.failed(
                e instanceof ImageException
                        ? e.getMessage()
                        : "images in %s cannot be used: %s"
                                .formatted(images.folder(), Reason.of(e)));
    }

    private static ObjectNode json(BaseImages images, List<BaseImage> all) {
        ObjectNode json = Json.object().put("folder", images.folder().toString());
        ArrayNode array = json.putArray("images");
        for (BaseImage image : all) {
            ObjectNode each =
                    array.addObject()
                            .put("name", image.name())
                            .put("bytes", image.size().bytes())
                            .put("digest", image.digest())
                            .put("release", image.release())
                            .put("file", image.file().toString());
            image.packages().forEach(each.putArray("packages")::add);
        }
        return json;
    }

    private static String mebibytes(BaseImage image) {
        return String.format(Locale.ROOT, "%.1f MiB", image.size().bytes() / (double) (1 << 20));
    }

    @Command(
            name = "build",
            mixinStandardHelpOptions = true,
            description = {
                "Builds an image of Debian's packages, or builds it again of newer ones.",
                "busybox: a shell and small tools. provided: the C library, bash, curl, as AWS's"
                        + " provided. python3, node: those languages."
            })
    Integer build(
            @Parameters(paramLabel = "NAME", description = "busybox, provided, python3 or node")
                    String name,
            @Option(
                            names = "--mirror",
                            paramLabel = "URL",
                            description =
                                    "where /debian and /debian-security are; unless given, where"
                                            + " this machine's own packages come from")
                    Optional<String> mirror) {
        ImageRecipe recipe =
                ImageRecipe.ofLabel(name)
                        .orElseThrow(
                                () ->
                                        CliException.usage(
                                                "NAME must be one of %s: '%s'"
                                                        .formatted(labels(", "), name)));
        mirror.ifPresent(ImagesCommand::requireUrl);
        BaseImages images = images();
        Progress progress = new Progress(shell);
        try {
            BaseImage image = images.build(recipe, mirror, progress::tell);
            shell.print(
                    "%s is built: %s, %s, %d packages of Debian %s"
                            .formatted(
                                    image.name(),
                                    image.file(),
                                    mebibytes(image),
                                    image.packages().size(),
                                    image.release()));
            return 0;
        } catch (IOException e) {
            throw unusable(images, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliException.failed("building was interrupted; nothing is left of it");
        }
    }

    /** It becomes a line of a file of apt's. */
    private static void requireUrl(String mirror) {
        boolean http = mirror.startsWith("http://") || mirror.startsWith("https://");
        if (!http || mirror.chars().anyMatch(c -> c <= ' ' || c > '~' || c == '[' || c == ']')) {
            throw CliException.usage(
                    "--mirror must be a URL, http or https, without blanks: '%s'"
                            .formatted(mirror));
        }
    }

    @Command(
            name = "kernel",
            mixinStandardHelpOptions = true,
            description =
                    "Brings the kernel that microVMs boot: Debian's, out of its package, which is"
                            + " not installed.")
    Integer kernel(
            @Option(names = "--update", description = "looks for a newer one than is there")
                    boolean update) {
        Path folder = kernels();
        Optional<KernelFiles> there = kernelHere();
        if (there.isPresent() && !update) {
            shell.print(
                    "%s is in %s already; --update looks for a newer one"
                            .formatted(there.get().release(), folder));
            return 0;
        }
        try {
            KernelFiles kernel = new KernelPackage().install(folder);
            shell.print("%s is in %s".formatted(kernel.release(), folder));
            return 0;
        } catch (IOException e) {
            throw CliException.failed("no kernel: " + Reason.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliException.failed("it was interrupted; nothing is left of it");
        }
    }

    private static String labels(String between) {
        return Arrays.stream(ImageRecipe.values())
                .map(ImageRecipe::label)
                .collect(Collectors.joining(between));
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Removes an image; tasks that run on it go on, others find it no more.")
    Integer remove(@Parameters(paramLabel = "NAME", description = "as listed") String name) {
        BaseImages images = images();
        List<BaseImage> all = all(images);
        String here =
                all.isEmpty()
                        ? "there is none"
                        : all.stream().map(BaseImage::name).collect(Collectors.joining(", "));
        try {
            if (!images.remove(name)) {
                throw CliException.failed(
                        "no image '%s' in %s (%s)".formatted(name, images.folder(), here));
            }
        } catch (IOException e) {
            throw unusable(images, e);
        }
        shell.print("%s is removed".formatted(name));
        return 0;
    }
}
