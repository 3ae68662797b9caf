package io.runnel.exec.microvm.image;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A task's code as a read-only disk image (squashfs), in use until it is closed: so long its file
 * stays where it is. Safe for any thread.
 */
public final class CodeImage implements AutoCloseable {
    private final CodeDigest code;
    private final Path file;
    private final ByteSize size;
    private final String digest;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    CodeImage(CodeDigest code, Path file, ByteSize size, String digest, Runnable release) {
        this.code = code;
        this.file = file;
        this.size = size;
        this.digest = digest;
        this.release = release;
    }

    /** Of which code it is. */
    public CodeDigest code() {
        return code;
    }

    /** The image, mode 0444. */
    public Path file() {
        return file;
    }

    public ByteSize size() {
        return size;
    }

    /** The SHA-256 of the image's bytes, which the same code and tools always give. */
    public String digest() {
        return digest;
    }

    /** Says that it is not used any more; a second time does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release.run();
        }
    }
}
