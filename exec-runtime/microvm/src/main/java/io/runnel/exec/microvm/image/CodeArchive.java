package io.runnel.exec.microvm.image;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.Limits;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The code of a {@code linux} task: a ZIP archive with an executable {@code bootstrap} at its top,
 * checked throughout. Nothing of it has been written anywhere, nor run. Immutable, safe for any
 * thread; keeps the archive's bytes.
 *
 * <p>What an archive says of itself is checked against what it is: sizes are counted while it is
 * unpacked, sums computed, and both of its lists of entries compared. Of owners, times and
 * permissions it keeps only which files may be run.
 */
public final class CodeArchive {
    /** The largest archive. */
    public static final ByteSize MOST_PACKED = Limits.MODULE;

    /** The most that all files of one may have together when unpacked. */
    public static final ByteSize MOST_UNPACKED = ByteSize.ofMiB(512);

    /** The most files, folders and links of one. */
    public static final int MOST_ENTRIES = 100_000;

    private static final int MOST_TARGET_BYTES = 1024;
    private static final int MOST_NOTES = 5;

    private final byte[] zip;
    private final CodeTree tree;
    private final BootstrapNeeds needs;
    private final long unpackedBytes;
    private final List<String> notes;

    private CodeArchive(byte[] zip, CodeTree tree, BootstrapNeeds needs, Reading reading) {
        this.zip = zip;
        this.tree = tree;
        this.needs = needs;
        this.unpackedBytes = reading.unpackedBytes;
        this.notes = reading.notes();
    }

    /**
     * Reads and checks an archive: unpacks all of it once, without keeping it.
     *
     * @param zip not to be changed afterwards
     * @throws CodeRejectedException if it is none, or has what code may not have
     * @throws InterruptedException if the thread was interrupted
     */
    public static CodeArchive read(byte[] zip) throws CodeRejectedException, InterruptedException {
        if (zip.length > MOST_PACKED.bytes()) {
            throw Rejections.tooLarge(
                    "code may have at most %s when packed; it has %,d bytes"
                            .formatted(MOST_PACKED, zip.length));
        }
        try (ZipContent contents = new ZipContent(zip)) {
            Reading reading = new Reading(contents);
            for (ZipMember member : ZipDirectory.read(zip, MOST_ENTRIES)) {
                reading.add(member);
            }
            BootstrapNeeds needs = Bootstrap.check(reading.tree, contents);
            return new CodeArchive(zip, reading.tree, needs, reading);
        }
    }

    /** The name of the code: that of the archive's bytes. */
    public CodeDigest digest() {
        return CodeDigest.of(zip);
    }

    /** What {@code bootstrap} needs that is not in the archive. */
    public BootstrapNeeds needs() {
        return needs;
    }

    /** How many bytes its files have together. */
    public ByteSize unpacked() {
        return new ByteSize(unpackedBytes);
    }

    /** How many files, folders and links there are. */
    public int entries() {
        return tree.entries().size();
    }

    /** What was left out, for its owner. */
    public List<String> notes() {
        return notes;
    }

    /** The paths of all files, folders and links, in order. */
    public List<String> paths() {
        return tree.entries().stream().map(CodeEntry::path).toList();
    }

    /**
     * Writes everything as a tar archive (POSIX.1-2001): sorted, root's, without times. The same
     * archive always gives the same bytes.
     *
     * @throws IOException if {@code out} takes no more
     * @throws InterruptedException if the thread was interrupted
     */
    void writeTar(OutputStream out) throws IOException, InterruptedException {
        try (ZipContent contents = new ZipContent(zip)) {
            TarStream tar = new TarStream(out);
            for (CodeEntry entry : tree.entries()) {
                tar.begin(entry);
                if (entry.content().isPresent()) {
                    contents.copy(entry.content().get(), out);
                }
                tar.end(entry);
            }
            tar.finish();
        } catch (CodeRejectedException e) {
            throw new IllegalStateException("it was read before", e);
        }
    }

    /** One reading, from the first entry to the last. */
    private static final class Reading {
        private final CodeTree tree = new CodeTree(MOST_ENTRIES);
        private final ZipContent contents;
        private final List<String> noted = new ArrayList<>();
        private int left;
        private long unpackedBytes;

        private Reading(ZipContent contents) {
            this.contents = contents;
        }

        private void add(ZipMember member) throws CodeRejectedException, InterruptedException {
            String name = member.name();
            switch (member.kind()) {
                case FOLDER -> {
                    String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
                    tree.add(name, CodeEntry.folder(path));
                    count(member);
                }
                case FILE -> {
                    tree.add(name, CodeEntry.file(name, member));
                    count(member);
                    if (member.isSpecial()) {
                        note(name, "is not setuid, setgid or sticky any more");
                    }
                }
                case LINK -> {
                    String target = target(member);
                    CodeTree.requireWithin(name, name, target);
                    tree.add(name, CodeEntry.link(name, target));
                }
                case OTHER -> note(name, "is left out: a device, pipe or socket");
            }
        }

        private void note(String name, String text) {
            left++;
            if (left <= MOST_NOTES) {
                noted.add("%s %s".formatted(Rejections.shown(name), text));
            }
        }

        private List<String> notes() {
            List<String> all = new ArrayList<>(noted);
            if (left > MOST_NOTES) {
                all.add("and %,d more like that".formatted(left - MOST_NOTES));
            }
            return List.copyOf(all);
        }

        /** Unpacks it, for its size and its sum. */
        private void count(ZipMember member) throws CodeRejectedException, InterruptedException {
            try {
                contents.copy(
                        member,
                        (chunk, count) -> {
                            unpackedBytes += count;
                            if (unpackedBytes > MOST_UNPACKED.bytes()) {
                                throw Rejections.tooLargeUnpacked(member.name());
                            }
                            return true;
                        });
            } catch (IOException e) {
                throw new IllegalStateException("nothing is written", e);
            }
            if (member.kind() == ZipMember.Kind.FOLDER && member.bytes() > 0) {
                throw Rejections.refused(member.name(), "is a folder with content");
            }
        }

        private String target(ZipMember member) throws CodeRejectedException, InterruptedException {
            if (member.bytes() > MOST_TARGET_BYTES) {
                throw Rejections.refused(
                        member.name(),
                        "is a symbolic link of more than %d bytes".formatted(MOST_TARGET_BYTES));
            }
            ByteArrayOutputStream target = new ByteArrayOutputStream();
            try {
                contents.copy(member, target);
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(target.toByteArray()))
                        .toString();
            } catch (CharacterCodingException e) {
                throw Rejections.refused(member.name(), "is a symbolic link to what is not UTF-8");
            } catch (IOException e) {
                throw new IllegalStateException("arrays take all", e);
            }
        }
    }
}
