package io.runnel.exec.wasi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Opening a pipe blocks until somebody opens its other end: as a line without a carrier does. */
class FileOpenerTest {
    @TempDir private Path folder;

    private Path pipe;
    private FileOpener opener;

    @BeforeEach
    void makePipe() throws Exception {
        pipe = folder.resolve("pipe");
        Process made = new ProcessBuilder("mkfifo", pipe.toString()).inheritIO().start();
        assertEquals(0, made.waitFor());
        opener = new FileOpener(pipe);
    }

    /** Somebody who opens it; how that ended. */
    private final class Waiter {
        private final CompletableFuture<FileChannel> end = new CompletableFuture<>();
        private final Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .start(
                                () -> {
                                    try {
                                        end.complete(opener.open(Set.of(StandardOpenOption.READ)));
                                    } catch (Exception e) {
                                        end.completeExceptionally(e);
                                    }
                                });

        Throwable interrupted() throws Exception {
            while (thread.getState() != Thread.State.WAITING) {
                assertTrue(thread.isAlive(), "it did not wait");
                Thread.onSpinWait();
            }
            thread.interrupt();
            return assertThrows(Exception.class, () -> end.get(30, TimeUnit.SECONDS)).getCause();
        }
    }

    @Test
    void whoWaitsForItCanBeInterruptedAndWhoComesLaterToo() throws Exception {
        assertEquals(InterruptedException.class, new Waiter().interrupted().getClass());
        assertEquals(1, opening());
        // The one that was given up still opens; nobody else begins meanwhile.
        assertEquals(InterruptedException.class, new Waiter().interrupted().getClass());
        assertEquals(1, opening());
        Waiter last = new Waiter();
        // Of those that opened it one is left, who reads; then nobody does.
        try (FileChannel other = FileChannel.open(pipe, StandardOpenOption.WRITE)) {
            try (FileChannel opened = last.end.get(30, TimeUnit.SECONDS)) {
                other.write(ByteBuffer.wrap(new byte[] {7}));
                ByteBuffer read = ByteBuffer.allocate(2);
                assertEquals(1, opened.read(read));
                assertEquals(7, read.get(0));
            }
            assertThrows(
                    IOException.class,
                    () -> other.write(ByteBuffer.wrap(new byte[] {7})),
                    "somebody still has it open");
        }
    }

    /** How many threads open it. */
    private long opening() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("opens " + pipe))
                .count();
    }

    @Test
    void whatCannotBeOpenedIsToldEachTime() {
        opener = new FileOpener(folder.resolve("gone"));
        for (int i = 0; i < 2; i++) {
            Waiter waiter = new Waiter();
            Exception e = assertThrows(Exception.class, () -> waiter.end.get(30, TimeUnit.SECONDS));
            assertEquals(NoSuchFileException.class, e.getCause().getClass());
        }
    }
}
