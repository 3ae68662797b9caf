package io.runnel.exec.microvm.machine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A guest that sends back what it gets on its port, by {@code cat}: what the way to a guest and
 * back takes at least. For one thread.
 */
public final class RawEcho implements AutoCloseable {
    private final Machine machine;

    private RawEcho(Machine machine) {
        this.machine = machine;
    }

    /** One that runs. */
    public static RawEcho start() throws IOException {
        Machine machine = BootedGuest.here().restore();
        TestGuest.say(machine, "raw");
        return new RawEcho(machine);
    }

    /** Sends this and waits until as much has come back. */
    public void echo(byte[] bytes) throws IOException {
        SocketChannel port = machine.agent();
        ByteBuffer out = ByteBuffer.wrap(bytes);
        while (out.hasRemaining()) {
            port.write(out);
        }
        ByteBuffer in = ByteBuffer.allocate(bytes.length);
        while (in.hasRemaining()) {
            if (port.read(in) < 0) {
                throw new IOException("the guest ended: " + machine.console());
            }
        }
    }

    @Override
    public void close() {
        machine.halt();
    }
}
