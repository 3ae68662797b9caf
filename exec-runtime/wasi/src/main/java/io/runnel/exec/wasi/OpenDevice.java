package io.runnel.exec.wasi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;

/**
 * A device that a guest has open: a stream of bytes without places. What reads or writes it blocks
 * until the device has or takes some; who interrupts the guest ends that. One thread.
 */
final class OpenDevice implements Node {
    private static final int MOST_BYTES = 64 * 1024;

    private final DeviceNode device;
    private final FileChannel channel;
    private final OpenDevices all;
    private int descriptors;

    OpenDevice(DeviceNode device, FileChannel channel, OpenDevices all) {
        this.device = device;
        this.channel = channel;
        this.all = all;
    }

    @Override
    public FileKind kind() {
        return device.kind();
    }

    @Override
    public FileStatus status() {
        return device.status();
    }

    @Override
    public void retain() {
        descriptors++;
    }

    @Override
    public void release() {
        descriptors--;
        if (descriptors == 0) {
            all.close(this);
        }
    }

    /**
     * Reads what there is into the first part that takes something.
     *
     * @return how many bytes; 0 at the end
     */
    int read(WasiMemory memory, int at, int parts) {
        int part = firstFilled(memory, at, parts);
        if (part == parts) {
            return 0;
        }
        int address = Parts.address(memory, at, part);
        int most = Math.min(Parts.length(memory, at, part), MOST_BYTES);
        ByteBuffer into = ByteBuffer.wrap(memory.arrayForWriting(address, most), address, most);
        return Math.max(done(() -> channel.read(into)), 0);
    }

    /** Writes some of the first part that has something; how many bytes. */
    int write(WasiMemory memory, int at, int parts) {
        int part = firstFilled(memory, at, parts);
        if (part == parts) {
            return 0;
        }
        int most = Math.min(Parts.length(memory, at, part), MOST_BYTES);
        ByteBuffer from = ByteBuffer.wrap(memory.array(), Parts.address(memory, at, part), most);
        return done(() -> channel.write(from));
    }

    private static int firstFilled(WasiMemory memory, int at, int parts) {
        int part = 0;
        while (part < parts && Parts.length(memory, at, part) == 0) {
            part++;
        }
        return part;
    }

    @FunctionalInterface
    private interface Transfer {
        int run() throws IOException;
    }

    private static int done(Transfer transfer) {
        GuestInterrupted.check();
        try {
            return transfer.run();
        } catch (ClosedByInterruptException e) {
            throw new GuestInterrupted();
        } catch (IOException e) {
            throw new WasiFailure(Errno.IO);
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // What the device did not take is lost, as it is where nobody closes it.
        }
    }
}
