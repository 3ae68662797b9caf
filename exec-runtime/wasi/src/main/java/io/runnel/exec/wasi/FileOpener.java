package io.runnel.exec.wasi;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Opens a file whose opening may block for as long as it likes, and which nothing interrupts: a
 * serial line without a carrier. So a thread of its own opens it, one at a time, and who waits for
 * it may go; what is opened then after all is closed again. Any thread.
 */
final class FileOpener {
    private final Path file;
    private final Semaphore opening = new Semaphore(1);

    FileOpener(Path file) {
        this.file = file;
    }

    /**
     * Opens it.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    FileChannel open(Set<OpenOption> options) throws IOException, InterruptedException {
        opening.acquire();
        CompletableFuture<FileChannel> opened = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("opens " + file).start(() -> open(options, opened));
        try {
            return opened.get();
        } catch (InterruptedException e) {
            CompletableFuture<Void> unused = opened.thenAccept(FileOpener::close);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        }
    }

    private void open(Set<OpenOption> options, CompletableFuture<FileChannel> opened) {
        try {
            opened.complete(FileChannel.open(file, options));
        } catch (IOException | RuntimeException | Error e) {
            opened.completeExceptionally(e);
        } finally {
            opening.release();
        }
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Nobody wrote to it.
        }
    }
}
