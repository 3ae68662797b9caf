package io.runnel.exec.microvm.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What goes to a guest: whole frames, one after the other, and none that needs to arrive while the
 * guest is held. Any thread; blocks as long as the machine does not take what is written.
 */
final class Outbox {
    private static final int GRANT_BYTES = 64 * 1024;

    private final SocketChannel socket;
    private final ReentrantLock writing = new ReentrantLock();
    private long ungranted; // Guarded by writing, as all that follows.
    private boolean bodyOver;
    private boolean frozen;

    /** Of a machine that is not held. */
    Outbox(SocketChannel socket) {
        this.socket = socket;
    }

    /** Of a machine that was moved here and is held: all that is missing of its credit is given. */
    Outbox(SocketChannel socket, MovePoint point) {
        this(socket);
        this.frozen = true;
        this.bodyOver = true;
        this.ungranted = GuestFrame.START_CREDIT - point.guestCredit();
    }

    /** Something that is noted with a frame, before it is sent. */
    @FunctionalInterface
    interface Note<T> {
        /** Notes it. */
        T take() throws InterruptedException;
    }

    /** Is told of credit, before the guest is. */
    @FunctionalInterface
    interface Granting {
        /** So much more may come. */
        void granted(int bytes) throws InterruptedException;
    }

    /** Begins a call. */
    void ask(byte[] payload, Note<Boolean> note) throws InterruptedException {
        writing.lock();
        try {
            if (frozen) {
                throw new IllegalStateException("no call can begin of a machine that is held");
            }
            bodyOver = false;
            var unused = note.take();
            send(FrameWriter.frame(FrameType.INVOKE, payload));
        } finally {
            writing.unlock();
        }
    }

    void bodyEnd() throws InterruptedException {
        writing.lock();
        try {
            bodyOver = true;
            send(FrameWriter.empty(FrameType.BODY_END));
        } finally {
            writing.unlock();
        }
    }

    /** Data has left this room: the guest may send as much again, when that is worth a frame. */
    void grant(long bytes, Granting granting) throws InterruptedException {
        writing.lock();
        try {
            ungranted += bytes;
            if (ungranted >= GRANT_BYTES) {
                grantAll(granting);
            }
        } finally {
            writing.unlock();
        }
    }

    void grantAll(Granting granting) throws InterruptedException {
        writing.lock();
        try {
            if (ungranted > 0 && !frozen) {
                int bytes = (int) ungranted;
                ungranted = 0;
                granting.granted(bytes);
                send(FrameWriter.number(FrameType.CREDIT, bytes));
            }
        } finally {
            writing.unlock();
        }
    }

    /**
     * Asks the guest to be silent, and sends nothing more that it needs.
     *
     * @param waits whether no call runs
     * @param note whether the guest can be asked
     * @return false if not, or while a call's body is on its way
     */
    boolean hold(Note<Boolean> waits, Note<Boolean> note) throws InterruptedException {
        writing.lock();
        try {
            if (frozen || !(bodyOver || waits.take()) || !note.take()) {
                return false;
            }
            frozen = true;
            send(FrameWriter.empty(FrameType.HOLD));
            return true;
        } finally {
            writing.unlock();
        }
    }

    /** Lets it speak again, and gives it what credit it would have got meanwhile. */
    void release(Optional<GuestWake> wake, Note<Boolean> note, Granting granting)
            throws InterruptedException {
        writing.lock();
        try {
            var unused = note.take();
            byte[] payload = wake.map(GuestWake::elsewhere).orElseGet(() -> new byte[0]);
            send(FrameWriter.frame(FrameType.RELEASE, payload));
            frozen = false;
            grantAll(granting);
        } finally {
            writing.unlock();
        }
    }

    /** Sends a frame; one that the machine takes no more is dropped: its end is known soon. */
    void send(ByteBuffer frame) throws InterruptedException {
        writing.lock();
        try {
            while (frame.hasRemaining()) {
                socket.write(frame);
            }
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw interrupted(e);
        } catch (IOException e) {
            // The reader tells why, when it has read what came before.
            frame.position(frame.limit());
        } finally {
            writing.unlock();
        }
    }

    private static InterruptedException interrupted(Exception cause) {
        InterruptedException interrupted = new InterruptedException();
        interrupted.initCause(cause);
        return interrupted;
    }
}
