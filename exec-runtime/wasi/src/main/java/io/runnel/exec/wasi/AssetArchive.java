package io.runnel.exec.wasi;

import io.runnel.exec.wasi.AssetsRejectedException.Code;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes the archive of a folder of assets, alone or in a package. The same files give the same
 * bytes, on every machine and at any time: entries are in order, without times, owners and modes,
 * and not compressed, since compressors differ.
 */
public final class AssetArchive {
    /**
     * Not the first that the format has: that one the JDK takes for an earlier time of its zone.
     */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

    private final Path folder;
    private final AssetLimits limits;
    private final List<Path> found = new ArrayList<>();
    private long contentBytes;

    private AssetArchive(Path folder, AssetLimits limits) {
        this.folder = folder;
        this.limits = limits;
    }

    /** The archive of this folder, within the default limits. */
    public static byte[] of(Path folder) throws IOException, AssetsRejectedException {
        return of(folder, AssetLimits.DEFAULT);
    }

    /**
     * The archive of this folder.
     *
     * @throws AssetsRejectedException if there is a link or a device in it, or more than the limits
     *     allow; what this returns, {@link Assets#fromZip} takes
     */
    public static byte[] of(Path folder, AssetLimits limits)
            throws IOException, AssetsRejectedException {
        AssetArchive archive = new AssetArchive(folder, limits);
        archive.collect(folder, AssetLimits.MOST_DEPTH);
        byte[] bytes = archive.write("", Optional.empty());
        Assets.fromZip(bytes, limits);
        return bytes;
    }

    /** As {@link #of(Path, AssetLimits)}, of a package with this module. */
    static byte[] packaged(byte[] module, Path folder, AssetLimits limits)
            throws IOException, AssetsRejectedException {
        AssetArchive archive = new AssetArchive(folder, limits);
        archive.collect(folder, AssetLimits.MOST_DEPTH);
        byte[] bytes = archive.write(TaskPackage.ASSETS, Optional.of(module));
        TaskPackage.open(bytes, limits);
        return bytes;
    }

    private void collect(Path in, int depthLeft) throws IOException, AssetsRejectedException {
        List<Path> inside;
        try (Stream<Path> list = Files.list(in)) {
            inside = list.sorted((a, b) -> name(a).compareTo(name(b))).toList();
        }
        for (Path path : inside) {
            if (found.size() >= limits.entries()) {
                throw ZipDirectory.tooMany(limits.entries());
            }
            found.add(path);
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                if (depthLeft == 0) {
                    throw new AssetsRejectedException(
                            Code.BAD_PATH, "folders lie too deep in each other: " + relative(path));
                }
                collect(path, depthLeft - 1);
            } else {
                requireFile(path);
            }
        }
    }

    private void requireFile(Path path) throws IOException, AssetsRejectedException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new AssetsRejectedException(
                    Code.NOT_A_FILE, "neither a file nor a folder: " + relative(path));
        }
        contentBytes += Files.size(path);
        if (contentBytes > limits.contents().bytes()) {
            throw new AssetsRejectedException(
                    Code.TOO_LARGE, "assets may have at most %s".formatted(limits.contents()));
        }
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    private String relative(Path path) {
        List<String> names = new ArrayList<>();
        folder.relativize(path).forEach(name -> names.add(name.toString()));
        return String.join("/", names);
    }

    /** All names, in order: those of assets begin so, that of the module comes after them. */
    private byte[] write(String before, Optional<byte[]> module) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Path path : found) {
                boolean inner = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
                byte[] content = inner ? new byte[0] : Files.readAllBytes(path);
                put(zip, before + relative(path) + (inner ? "/" : ""), content);
            }
            if (module.isPresent()) {
                put(zip, TaskPackage.MODULE, module.get());
            }
        }
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(entry(name, content));
        zip.write(content);
        zip.closeEntry();
    }

    private static ZipEntry entry(String name, byte[] content) {
        CRC32 sum = new CRC32();
        sum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(sum.getValue());
        entry.setTimeLocal(NO_TIME);
        return entry;
    }
}
