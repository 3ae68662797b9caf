package io.runnel.exec.microvm.image;

import io.runnel.exec.isolate.CodeRejectedException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Packs a folder, or one program, as the code of a {@code linux} task: the same files give the same
 * archive, whoever packs them and when, with the same JDK. What it returns, {@link CodeArchive}
 * takes. Not thread-safe.
 */
public final class CodePacker {
    private static final int FOLDER = 040755;
    private static final int FILE = 0100644;
    private static final int PROGRAM = 0100755;
    private static final int LINK = 0120777;
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] EMPTY_ZIP = {'P', 'K', 5, 6};
    private static final int MOST_PACKED = Math.toIntExact(CodeArchive.MOST_PACKED.bytes());

    private final Path top;
    private final ZipWriter zip = new ZipWriter(MOST_PACKED);
    private long unpackedBytes;
    private int entries;

    private CodePacker(Path top) {
        this.top = top;
    }

    /**
     * The archive of a folder or of a program, which becomes its {@code bootstrap}; a file that is
     * an archive already stays as it is.
     *
     * @throws CodeRejectedException if no task could have this code, for the reason that {@link
     *     CodeArchive#read} would give
     * @throws InterruptedException if the thread was interrupted
     */
    public static byte[] pack(Path path)
            throws IOException, CodeRejectedException, InterruptedException {
        byte[] packed = isArchive(path) ? archive(path) : packed(path);
        CodeArchive checked = CodeArchive.read(packed);
        assert checked.entries() > 0;
        return packed;
    }

    private static boolean isArchive(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] head = in.readNBytes(ZIP.length);
            return Arrays.equals(head, ZIP) || Arrays.equals(head, EMPTY_ZIP);
        }
    }

    /** One byte too much is enough to be told that it is too large. */
    private static byte[] archive(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(MOST_PACKED + 1);
        }
    }

    private static byte[] packed(Path path)
            throws IOException, CodeRejectedException, InterruptedException {
        CodePacker packer = new CodePacker(path);
        try (packer.zip) {
            if (Files.isDirectory(path)) {
                packer.addAll(path);
            } else {
                packer.addFile(Bootstrap.NAME, PROGRAM, path);
            }
            return packer.zip.finish();
        }
    }

    private void addAll(Path folder)
            throws IOException, CodeRejectedException, InterruptedException {
        List<Path> inside;
        try (Stream<Path> paths = Files.list(folder)) {
            inside = paths.sorted((a, b) -> name(a).compareTo(name(b))).toList();
        }
        for (Path path : inside) {
            add(path);
            if (Thread.interrupted()) {
                throw new InterruptedException("packing was interrupted");
            }
        }
    }

    private void add(Path path) throws IOException, CodeRejectedException, InterruptedException {
        String name = name(path);
        entries++;
        if (entries > CodeArchive.MOST_ENTRIES) {
            throw Rejections.tooMany(CodeArchive.MOST_ENTRIES);
        }
        if (Files.isSymbolicLink(path)) {
            add(name, LINK, CodeTree.bytes(Files.readSymbolicLink(path).toString()));
        } else if (Files.isDirectory(path)) {
            add(name + "/", FOLDER, new byte[0]);
            addAll(path);
        } else if (Files.isRegularFile(path)) {
            addFile(name, isRunnable(path) ? PROGRAM : FILE, path);
        } else {
            throw Rejections.refused(name, "is neither a file, a folder nor a link");
        }
    }

    private void addFile(String name, int mode, Path file)
            throws IOException, CodeRejectedException {
        unpackedBytes += Files.size(file);
        if (unpackedBytes > CodeArchive.MOST_UNPACKED.bytes()) {
            throw Rejections.tooLargeUnpacked(name);
        }
        try (InputStream content = Files.newInputStream(file)) {
            zip.add(name, mode, content);
        }
        requireSmall();
    }

    private void add(String name, int mode, byte[] content)
            throws IOException, CodeRejectedException {
        zip.add(name, mode, new ByteArrayInputStream(content));
        requireSmall();
    }

    private void requireSmall() throws CodeRejectedException {
        if (zip.isTooLarge()) {
            throw Rejections.tooLarge(
                    "code may have at most %s when packed; it has more"
                            .formatted(CodeArchive.MOST_PACKED));
        }
    }

    private static boolean isRunnable(Path path) throws IOException {
        return Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS)
                .contains(PosixFilePermission.OWNER_EXECUTE);
    }

    /** From the top, with {@code /} between. */
    private String name(Path path) {
        return top.relativize(path).toString().replace(path.getFileSystem().getSeparator(), "/");
    }
}
