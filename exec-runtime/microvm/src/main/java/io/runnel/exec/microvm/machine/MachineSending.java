package io.runnel.exec.microvm.machine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends a machine while it runs, by QEMU's migration with pre-copy: its memory first, then what has
 * changed meanwhile, again and again, until the rest is so little that it may stand still for it
 * (Clark et al., Live Migration of Virtual Machines, NSDI 2005). For one thread.
 */
final class MachineSending {
    /** More than any link has: what is to be slower, is so by its reader. */
    private static final long BYTES_PER_SECOND = 10L << 30;

    private static final Duration PAUSE = Duration.ofMillis(200);

    /** So long it runs on; then it is stopped, and the rest is sent. */
    private static final Duration LIVE_LIMIT = Duration.ofSeconds(20);

    /** For all of it. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int READ_BYTES = 256 << 10;

    private final MachineEnd end;
    private final Path sockets;
    private final Path socketsOfQemu;
    private final long beganNanos = System.nanoTime();
    private boolean stopped;

    /**
     * That of a machine that runs or stands still.
     *
     * @param sockets the folder of its sockets, and as QEMU sees it
     */
    MachineSending(MachineEnd end, Path sockets, Path socketsOfQemu) {
        this.end = end;
        this.sockets = sockets;
        this.socketsOfQemu = socketsOfQemu;
    }

    Duration send(OutputStream to) throws IOException {
        Qmp control = end.control();
        long deadlineNanos = beganNanos + LIMIT.toNanos();
        Path socket = sockets.resolve(QemuPaths.STATE);
        Files.deleteIfExists(socket);
        try (ServerSocketChannel server = TimedChannel.listen(socket)) {
            control.ignoreSharedMemory(false);
            control.migrationLimits(BYTES_PER_SECOND, PAUSE);
            control.migrate("unix:" + socketsOfQemu.resolve(QemuPaths.STATE));
            try (SocketChannel channel =
                    TimedChannel.accept(server, deadlineNanos, end::checkThatItRuns)) {
                pass(channel, to, deadlineNanos);
            }
            awaitCompletion(deadlineNanos);
            return control.migrationPause();
        } finally {
            Files.deleteIfExists(socket);
        }
    }

    private void pass(SocketChannel from, OutputStream to, long deadlineNanos) throws IOException {
        from.configureBlocking(false);
        ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
        while (TimedChannel.read(from, buffer, deadlineNanos, end::checkThatItRuns) >= 0) {
            to.write(buffer.array(), 0, buffer.position());
            buffer.clear();
            stopIfLate();
        }
        to.flush();
    }

    private void stopIfLate() throws IOException {
        if (!stopped && System.nanoTime() - beganNanos > LIVE_LIMIT.toNanos()) {
            stopped = true;
            end.control().stop();
        }
    }

    private void awaitCompletion(long deadlineNanos) throws IOException {
        String status = end.control().migration();
        while (!status.equals("completed")) {
            boolean over = status.startsWith("failed") || status.equals("cancelled");
            if (over || System.nanoTime() - deadlineNanos > 0) {
                throw new MachineException("the machine is not sent: " + status);
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
            status = end.control().migration();
        }
    }
}
