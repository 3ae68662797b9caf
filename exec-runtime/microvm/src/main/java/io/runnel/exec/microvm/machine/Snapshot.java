package io.runnel.exec.microvm.machine;

import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * A machine at rest: a folder with {@code manifest.json}, the devices' state ({@code state}) and
 * the guest's memory ({@code memory}), which machines that begin with it map and share. It never
 * changes; it is written whole or not at all. The state and the manifest are checked each time that
 * a snapshot is opened, the memory when it is asked for ({@link Check#ALL}).
 *
 * <p>All machines of one snapshot have the same random numbers, identifiers and clock in memory:
 * the agent has to be told so first of all.
 *
 * <p>Safe for any thread. The folder may be deleted while machines run that began with it.
 */
public final class Snapshot {
    private static final System.Logger LOG = System.getLogger(Snapshot.class.getName());
    private static final String MANIFEST = "manifest.json";
    private static final String STATE = "state";
    private static final String MEMORY = "memory";
    private static final String TEMPORARY = ".tmp";

    /** The most that QEMU says of its devices; it is 54 KB for a small guest. */
    static final int MOST_STATE_BYTES = 16 << 20;

    /** How much of a snapshot is compared with its digests. */
    public enum Check {
        /** All but the memory, unless the computer has started again since: for our own. */
        STATE,

        /** Everything: for what came from elsewhere. */
        ALL
    }

    private final Path folder;
    private final SnapshotManifest manifest;

    private Snapshot(Path folder, SnapshotManifest manifest) {
        this.folder = folder;
        this.manifest = manifest;
    }

    /**
     * Opens one.
     *
     * @throws IOException if it is not there, damaged, cut short or of another format
     */
    static Snapshot open(Path folder, Check check) throws IOException {
        SnapshotManifest manifest = SnapshotManifest.read(folder.resolve(MANIFEST));
        Snapshot snapshot = new Snapshot(folder, manifest);
        var unused = snapshot.readState();
        long bytes = (long) manifest.chunks().size() * MemoryCopy.CHUNK_BYTES;
        if (Files.size(snapshot.memory()) != bytes
                || !Long.toString(bytes).equals(manifest.traits().values().get("memoryBytes"))) {
            throw new MachineException("its memory is not of %d bytes".formatted(bytes));
        }
        boolean old = !manifest.bootId().equals(HostFacts.bootId());
        if ((old || check == Check.ALL)
                && !MemoryCopy.matches(snapshot.memory(), manifest.chunks())) {
            throw new MachineException("its memory is not what was written");
        }
        return snapshot;
    }

    /**
     * Opens one for machines of a kind; what is no snapshot for them, or damaged, is deleted with a
     * line in the log.
     *
     * @return empty if there is none, or none any more
     * @throws IOException if it cannot be deleted
     */
    static Optional<Snapshot> openOrDelete(Path folder, Check check, SnapshotTraits wanted)
            throws IOException {
        if (!Files.exists(folder)) {
            return Optional.empty();
        }
        String flaw;
        try {
            Snapshot snapshot = open(folder, check);
            Optional<String> difference = snapshot.traits().differenceTo(wanted);
            if (difference.isEmpty()) {
                return Optional.of(snapshot);
            }
            flaw = difference.get();
        } catch (IOException e) {
            flaw = e.toString();
        }
        LOG.log(Level.WARNING, "snapshot {0} is of no use, deleted: {1}", folder, flaw);
        Trees.delete(folder);
        return Optional.empty();
    }

    /**
     * Writes one, in place of what is there.
     *
     * @param memory the machine's file; the machine does not run meanwhile
     */
    static Snapshot write(Path folder, SnapshotTraits traits, byte[] state, Path memory, long bytes)
            throws IOException {
        Path made = folder.resolveSibling(folder.getFileName() + TEMPORARY);
        Trees.delete(made);
        Files.createDirectories(
                made,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            List<CodeDigest> chunks = MemoryCopy.copy(memory, made.resolve(MEMORY), bytes);
            Files.setPosixFilePermissions(
                    made.resolve(MEMORY), PosixFilePermissions.fromString("rw-r--r--"));
            Files.write(made.resolve(STATE), state);
            SnapshotManifest manifest =
                    new SnapshotManifest(traits, HostFacts.bootId(), CodeDigest.of(state), chunks);
            Files.write(made.resolve(MANIFEST), manifest.toJson());
            Trees.delete(folder);
            Files.move(made, folder, StandardCopyOption.ATOMIC_MOVE);
            return new Snapshot(folder, manifest);
        } finally {
            Trees.delete(made);
        }
    }

    /**
     * The devices' state, checked: the bytes that are checked are those that are used.
     *
     * @throws IOException if it is damaged
     */
    byte[] readState() throws IOException {
        byte[] state;
        try (InputStream in = Files.newInputStream(folder.resolve(STATE))) {
            state = in.readNBytes(MOST_STATE_BYTES + 1);
        }
        if (!CodeDigest.of(state).equals(manifest.state())) {
            throw new MachineException("its state is not what was written");
        }
        return state;
    }

    /** The file with the guest's memory. */
    Path memory() {
        return folder.resolve(MEMORY);
    }

    /** What machines that begin with it must be like. */
    SnapshotTraits traits() {
        return manifest.traits();
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    /** Of the guest's memory, holes and all. */
    public long memoryBytes() {
        return (long) manifest.chunks().size() * MemoryCopy.CHUNK_BYTES;
    }
}
