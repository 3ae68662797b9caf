package io.runnel.exec.microvm;

import io.runnel.exec.microvm.guest.MovePoint;
import io.runnel.exec.network.NetworkPoint;
import io.runnel.exec.task.MovedTo;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/**
 * A call on its way to another node. Until {@link #leave} it is here, and {@link #close} has it go
 * on here as if nothing had been; from then on it can go on elsewhere only. For one thread.
 */
public final class Departure implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Departure.class.getName());

    private final Execution execution;
    private final MovePoint point;
    private boolean sent;
    private long stoppedNanos;
    private boolean left;

    /**
     * That of a function that is held.
     *
     * @param point where it stands
     */
    Departure(Execution execution, MovePoint point) {
        this.execution = execution;
        this.point = point;
    }

    /**
     * Sends the machine, which runs on meanwhile and stands still at the end. Blocks.
     *
     * @param to gets it; its exceptions are thrown on
     * @throws IOException if it is not sent whole; the function goes on here
     */
    public void send(OutputStream to) throws IOException {
        Duration stood = execution.live().machine().send(to);
        stoppedNanos = System.nanoTime() - stood.toNanos();
        sent = true;
    }

    /** When the machine was stopped, after {@link #send}. */
    long stoppedNanos() {
        return stoppedNanos;
    }

    /**
     * Gives the call up: its peers on the network are told that their connections are over, and
     * whoever waits for its answer is sent there. To be called when the other node has all of it,
     * for its machine ends here.
     *
     * @return what the other node needs to go on
     * @throws IOException if it has ended meanwhile; nobody goes on with it then
     */
    public byte[] leave(MovedTo to) throws IOException {
        if (!sent || left) {
            throw new IllegalStateException("it is not sent, or has left");
        }
        NetworkPoint network = execution.live().network().halt();
        long ranNanos = execution.program().clock().now() - execution.beganNanos();
        left = true;
        byte[] state =
                new MovedState(point, network, execution.start(), Math.max(0, ranNanos)).toJson();
        execution.moved().to(to);
        if (!execution.live().channel().moved()) {
            throw new IOException("the call has ended meanwhile");
        }
        return state;
    }

    /** Has it go on here, unless it has left. */
    @Override
    public void close() {
        if (left) {
            return;
        }
        try {
            if (sent) {
                execution.live().machine().resume();
            }
            execution.live().channel().release(Optional.empty());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "call {0} does not go on: {1}", execution.call().id(), e);
            execution.live().channel().close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
