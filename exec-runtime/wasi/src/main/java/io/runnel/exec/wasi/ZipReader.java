package io.runnel.exec.wasi;

import io.runnel.exec.wasi.AssetsRejectedException.Code;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/**
 * Reads assets from a zip archive, by the JDK's reader and within limits that hold while it reads:
 * what an archive says of its own sizes is not believed. What that reader does not show, kinds of
 * entries, {@link ZipDirectory} looks up.
 */
final class ZipReader {
    private static final int CHUNK_BYTES = 8192;

    private final byte[] archive;
    private final AssetLimits limits;
    private final AssetTree tree = new AssetTree();
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private long leftBytes;
    private int entries;

    ZipReader(byte[] archive, AssetLimits limits) {
        this.archive = archive;
        this.limits = limits;
        this.leftBytes = limits.contents().bytes();
    }

    Assets read() throws AssetsRejectedException {
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
        if (entry.isDirectory()) {
            tree.addFolder(entry.getName());
        } else {
            tree.addFile(entry.getName(), content(in));
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
