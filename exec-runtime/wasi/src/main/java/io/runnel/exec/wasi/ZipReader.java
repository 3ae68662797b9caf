package io.runnel.exec.wasi;

import io.runnel.exec.wasi.AssetsRejectedException.Code;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * Reads assets from a zip archive, by the JDK's reader and within limits that hold while it reads:
 * what an archive says of its own sizes is not believed. What that reader does not show, kinds of
 * entries, {@link ZipDirectory} looks up.
 */
final class ZipReader {
    /**
     * What is where in an archive.
     *
     * @param module the one file that is no asset; empty if all are
     * @param assets what the paths of assets begin with
     */
    private record Layout(String module, String assets) {
        private static final Layout ASSETS = new Layout("", "");
        private static final Layout PACKAGE = new Layout(TaskPackage.MODULE, TaskPackage.ASSETS);

        /** The path of an asset within the assets. */
        String within(String path) throws AssetsRejectedException {
            if (!path.startsWith(assets)) {
                throw new AssetsRejectedException(
                        Code.BAD_PATH,
                        "a package has %s and files in %s, nothing else: %s"
                                .formatted(module, assets, AssetTree.shown(path)));
            }
            return path.substring(assets.length());
        }
    }

    private static final int CHUNK_BYTES = 8192;

    private final byte[] archive;
    private final AssetLimits limits;
    private final Layout layout;
    private final AssetTree tree = new AssetTree();
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private long leftBytes;
    private int entries;
    private Optional<byte[]> module = Optional.empty();
    private boolean folderOfAssets;

    private ZipReader(byte[] archive, AssetLimits limits, Layout layout) {
        this.archive = archive;
        this.limits = limits;
        this.layout = layout;
        this.leftBytes = limits.contents().bytes();
    }

    /** Everything in the archive is an asset. */
    static Assets assets(byte[] archive, AssetLimits limits) throws AssetsRejectedException {
        return new ZipReader(archive, limits, Layout.ASSETS).read();
    }

    /** A module, and assets in a folder beside it. */
    static TaskPackage taskPackage(byte[] archive, AssetLimits limits)
            throws AssetsRejectedException {
        ZipReader reader = new ZipReader(archive, limits, Layout.PACKAGE);
        Assets assets = reader.read();
        byte[] module =
                reader.module.orElseThrow(
                        () ->
                                new AssetsRejectedException(
                                        Code.NO_MODULE,
                                        "a package has its module at %s; this archive has none"
                                                .formatted(TaskPackage.MODULE)));
        return new TaskPackage(module, assets);
    }

    private Assets read() throws AssetsRejectedException {
        if (archive.length > limits.archive().bytes()) {
            throw new AssetsRejectedException(
                    Code.TOO_LARGE,
                    "an archive may be at most %s: %d bytes"
                            .formatted(limits.archive(), archive.length));
        }
        int named = ZipDirectory.check(archive, limits.entries());
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                add(entry, zip);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new AssetsRejectedException(
                    Code.MALFORMED, "not a zip archive that can be read: " + reason(e), e);
        }
        if (entries != named) {
            throw new AssetsRejectedException(
                    Code.MALFORMED,
                    "the archive names %d entries and has %d".formatted(named, entries));
        }
        return tree.freeze();
    }

    private static String reason(Exception e) {
        return e instanceof ZipException ? String.valueOf(e.getMessage()) : "broken";
    }

    private void add(ZipEntry entry, InputStream in) throws IOException, AssetsRejectedException {
        entries++;
        String path = entry.getName();
        if (path.equals(layout.module())) {
            if (module.isPresent()) {
                throw AssetTree.duplicate(path);
            }
            module = Optional.of(content(in));
        } else if (!path.isEmpty() && path.equals(layout.assets())) {
            if (folderOfAssets) {
                throw AssetTree.duplicate(path);
            }
            folderOfAssets = true;
        } else if (entry.isDirectory()) {
            tree.addFolder(layout.within(path));
        } else {
            tree.addFile(layout.within(path), content(in));
        }
        if (tree.nodes() - 1 > limits.entries()) {
            throw ZipDirectory.tooMany(limits.entries());
        }
    }

    private byte[] content(InputStream in) throws IOException, AssetsRejectedException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
            leftBytes -= count;
            if (leftBytes < 0) {
                throw new AssetsRejectedException(
                        Code.TOO_LARGE,
                        "assets may have at most %s when unpacked".formatted(limits.contents()));
            }
            content.write(chunk, 0, count);
        }
        return content.toByteArray();
    }
}
