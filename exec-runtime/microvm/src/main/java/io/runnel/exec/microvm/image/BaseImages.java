package io.runnel.exec.microvm.image;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.microvm.image.ImageException.Code;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The base images of this machine, in a folder: of each its file, named by its digest, and a
 * manifest, which is written last. Several processes may use a folder and one of them build in it.
 * Safe for any thread.
 */
public final class BaseImages {
    /** The variable that names the folder. */
    public static final String VARIABLE = "RUNNEL_IMAGES";

    private static final String MANIFEST = ".json";
    private static final String IMAGE = ".squashfs";
    private static final String MAKING = ".making";
    private static final String LOCK = "lock";
    private static final int BRIEF = 12;

    private final Path folder;

    /** Digests of files whose bytes were looked at. */
    private final Map<Path, String> proved = new ConcurrentHashMap<>();

    private BaseImages(Path folder) {
        this.folder = folder;
    }

    /** Those in this folder, which need not be there. */
    public static BaseImages in(Path folder) {
        return new BaseImages(folder);
    }

    /**
     * Where a user's images are: what the variable says, else a folder in the user's cache, for
     * root that of the machine.
     */
    public static Path defaultFolder(Map<String, String> environment) {
        Optional<String> named =
                Optional.ofNullable(environment.get(VARIABLE)).filter(text -> !text.isBlank());
        String user = System.getProperty("user.name");
        Path home = Path.of(System.getProperty("user.home"));
        return named.map(Path::of)
                .orElseGet(
                        () ->
                                user.equals("root")
                                        ? Path.of("/var/cache/runnel/images")
                                        : home.resolve(".cache/runnel/images"));
    }

    public Path folder() {
        return folder;
    }

    /**
     * All that are there, the smallest first.
     *
     * @throws IOException if the folder cannot be read, or what it says is broken
     */
    public List<BaseImage> list() throws IOException {
        List<BaseImage> images = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> manifests =
                    Files.newDirectoryStream(folder, "*" + MANIFEST)) {
                for (Path manifest : manifests) {
                    images.add(Manifest.read(manifest));
                }
            }
        }
        images.sort(Comparator.comparing(BaseImage::size).thenComparing(BaseImage::name));
        return images;
    }

    /** The one of this name. */
    public Optional<BaseImage> find(String name) throws IOException {
        return list().stream().filter(image -> image.name().equals(name)).findFirst();
    }

    /**
     * Which one a task runs on: the one that its owner names, else the smallest that has what its
     * {@code bootstrap} needs. Empty if it needs none.
     *
     * @param named by its owner, if so; {@code none} for none
     * @throws CodeRejectedException if it is not here; says what builds it
     * @throws IOException if it is here and cannot be used
     * @throws InterruptedException if the thread was interrupted
     */
    public Optional<BaseImage> choose(CodeArchive code, Optional<String> named)
            throws CodeRejectedException, IOException, InterruptedException {
        List<BaseImage> here = list();
        Optional<BaseImage> chosen =
                named.isPresent()
                        ? named(code.needs(), named.get(), here)
                        : smallest(code.needs(), here);
        if (chosen.isPresent()) {
            requireWhole(chosen.get());
        }
        return chosen;
    }

    private static Optional<BaseImage> smallest(BootstrapNeeds needs, List<BaseImage> here)
            throws CodeRejectedException {
        if (needs.areNone()) {
            return Optional.empty();
        }
        return Optional.of(
                here.stream()
                        .filter(image -> image.has(needs))
                        .findFirst()
                        .orElseThrow(() -> missing(needs, here)));
    }

    private static CodeRejectedException missing(BootstrapNeeds needs, List<BaseImage> here) {
        String advice =
                ImageRecipe.offering(needs)
                        .map(
                                recipe ->
                                        "build one that has it: runnel images build "
                                                + recipe.label())
                        .orElse("no base image has it: put it into the archive");
        return Rejections.noEntry(
                "bootstrap needs %s, which is neither in the archive nor in a base image here (%s); %s"
                        .formatted(words(needs), names(here), advice));
    }

    private static Optional<BaseImage> named(
            BootstrapNeeds needs, String name, List<BaseImage> here) throws CodeRejectedException {
        if (name.equals("none")) {
            if (!needs.areNone()) {
                throw Rejections.noEntry(
                        "bootstrap needs %s, which is not in the archive, and is to run on no base"
                                .concat(" image")
                                .formatted(words(needs)));
            }
            return Optional.empty();
        }
        BaseImage image =
                here.stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> unknown(name, here));
        if (!image.has(needs)) {
            throw Rejections.noEntry(
                    "bootstrap needs %s, which is neither in the archive nor in the base image %s"
                            .formatted(words(needs), name));
        }
        return Optional.of(image);
    }

    private static CodeRejectedException unknown(String name, List<BaseImage> here) {
        String advice =
                ImageRecipe.ofLabel(name)
                        .map(recipe -> "; build it: runnel images build " + recipe.label())
                        .orElse("");
        return Rejections.noEntry(
                "the base image %s is not here (%s)%s"
                        .formatted(Rejections.shown(name), names(here), advice));
    }

    private static String words(BootstrapNeeds needs) {
        List<String> words = new ArrayList<>(needs.commands());
        words.addAll(needs.files());
        return words.stream().map(Rejections::shown).collect(Collectors.joining(" and "));
    }

    private static String names(List<BaseImage> here) {
        return here.isEmpty()
                ? "there is none"
                : here.stream().map(BaseImage::name).collect(Collectors.joining(", "));
    }

    /** Reads all of it once; that it is there, each time. */
    private void requireWhole(BaseImage image) throws IOException, InterruptedException {
        Path file = image.file();
        boolean there = Files.isRegularFile(file) && Files.size(file) == image.size().bytes();
        if (there && !image.digest().equals(proved.get(file))) {
            proved.put(file, FileDigest.of(file));
        }
        if (!there || !image.digest().equals(proved.get(file))) {
            proved.remove(file);
            throw new ImageException(
                    Code.FAILED,
                    "the base image %s is damaged; build it again: runnel images build %s"
                            .formatted(image.name(), image.name()));
        }
    }

    private static DebianSources sources(Optional<String> mirror, Path work)
            throws IOException, InterruptedException {
        return mirror.isPresent()
                ? DebianSources.at(mirror.get())
                : DebianSources.ofThisComputer(work);
    }

    /**
     * Builds one of Debian's packages, which are fetched; takes the place of an earlier one. A
     * build that fails leaves nothing.
     *
     * @param mirror a URL with {@code /debian} and {@code /debian-security} below it; empty for
     *     where this computer's own packages come from
     * @param progress gets lines for people
     * @throws ImageException if it cannot be built here, or another process builds one
     */
    public BaseImage build(ImageRecipe recipe, Optional<String> mirror, Consumer<String> progress)
            throws IOException, InterruptedException {
        Files.createDirectories(folder);
        try (FileChannel file =
                FileChannel.open(
                        folder.resolve(LOCK),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE)) {
            if (!isLocked(file)) {
                throw new ImageException(
                        Code.FAILED, "another process builds an image in %s".formatted(folder));
            }
            removeUnfinished();
            Path work = Files.createDirectory(folder.resolve(recipe.label() + MAKING));
            try {
                BaseImage built =
                        new BaseImageBuild(recipe, work, progress).build(sources(mirror, work));
                return keep(built);
            } finally {
                RootFolder.delete(work);
            }
        }
    }

    private static boolean isLocked(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void removeUnfinished() throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder, "*" + MAKING)) {
            for (Path unfinished : folders) {
                RootFolder.delete(unfinished);
            }
        }
    }

    /** The image where it stays, and its manifest; what it replaces goes. */
    BaseImage keep(BaseImage built) throws IOException {
        String brief = built.digest().substring(0, BRIEF);
        Path file = folder.resolve(built.name() + "-" + brief + IMAGE);
        Files.setPosixFilePermissions(built.file(), PosixFilePermissions.fromString("r--r--r--"));
        Files.move(built.file(), file, StandardCopyOption.ATOMIC_MOVE);
        BaseImage kept =
                new BaseImage(
                        built.name(),
                        file,
                        built.digest(),
                        built.size(),
                        built.release(),
                        built.packages(),
                        built.programs());
        Path manifest = folder.resolve(built.name() + MANIFEST);
        Path making = folder.resolve(built.name() + MANIFEST + MAKING);
        Files.write(making, Manifest.of(kept));
        Files.move(making, manifest, StandardCopyOption.ATOMIC_MOVE);
        removeFiles(built.name(), Optional.of(file));
        return kept;
    }

    /** Removes one; guests that run on it go on. False if it was not there. */
    public boolean remove(String name) throws IOException {
        if (find(name).isEmpty()) {
            return false;
        }
        Files.deleteIfExists(folder.resolve(name + MANIFEST));
        removeFiles(name, Optional.empty());
        return true;
    }

    private void removeFiles(String name, Optional<Path> but) throws IOException {
        String digest = "?".repeat(BRIEF);
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(folder, name + "-" + digest + IMAGE)) {
            for (Path file : files) {
                if (!file.equals(but.orElse(folder))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
