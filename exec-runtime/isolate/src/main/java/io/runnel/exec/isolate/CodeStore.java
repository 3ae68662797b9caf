package io.runnel.exec.isolate;

import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Code by its SHA-256 in a folder of its own. What {@link #put} returned for survives the loss of
 * power; what is damaged on disk is never handed out. Safe for any thread; one process a folder.
 */
public final class CodeStore {
    /**
     * Opens the folder, makes it (mode 0700) if it is not there, and removes what an interrupted
     * {@link #put} left.
     *
     * @throws IOException if the folder cannot be made or listed
     */
    public CodeStore(Path folder) throws IOException {}

    /** Whether this code is here. From memory: fit for an event loop. */
    public boolean holds(CodeDigest digest) {
        return list().contains(digest);
    }

    /**
     * Keeps this code. Returns when it is on disk; does nothing if it is there already.
     *
     * @throws IOException if it cannot be written, as on a full disk; nothing is left behind then
     */
    public CodeDigest put(byte[] code) throws IOException {
        return CodeDigest.of(code);
    }

    /**
     * The code, checked against its digest. A damaged file is set aside, as {@code DIGEST.damaged},
     * and counts as absent.
     *
     * @throws IOException if the file is there and cannot be read
     */
    public Optional<byte[]> read(CodeDigest digest) throws IOException {
        return Optional.empty();
    }

    /**
     * Forgets this code. Does nothing if it is not here.
     *
     * @throws IOException if the file is there and cannot be removed
     */
    public void delete(CodeDigest digest) throws IOException {}

    /** All code that is here, in the order of the digests. */
    public List<CodeDigest> list() {
        return List.of();
    }
}
