package io.runnel.exec.wasi;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;

/** A character device of the host. Any thread. */
final class HostDevice {
    private static final int KIND = 0170000;
    private static final int CHARACTER = 0020000;

    private final Path file;
    private final FileOpener opener;

    HostDevice(Path file) {
        this.file = file;
        this.opener = new FileOpener(file);
    }

    Path file() {
        return file;
    }

    /**
     * Opens it. Blocks until the device is ready, as a serial line that waits for its other side.
     *
     * @throws IOException if it cannot be opened, with words for the task's owner
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    FileChannel open(Set<OpenOption> options) throws IOException, InterruptedException {
        try {
            requireCharacter();
            return opener.open(options);
        } catch (IOException e) {
            throw new IOException(why(e), e);
        }
    }

    private void requireCharacter() throws IOException {
        int mode = (int) Files.getAttribute(file, "unix:mode");
        if ((mode & KIND) != CHARACTER) {
            throw new IOException("is no character device");
        }
    }

    /** In words that tell nothing of the host's paths. */
    static String why(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "is not there";
            case AccessDeniedException _ -> "may not be used by this node";
            case FileSystemException f -> "cannot be opened: " + f.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
