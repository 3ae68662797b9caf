package io.runnel.exec.microvm.guest;

import io.runnel.exec.isolate.OutputSink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The host's end of the channel to a machine's agent: frames over the socket of its virtio port.
 *
 * <p>One thread at a time calls; a virtual thread of its own reads. Whoever waits here can be
 * interrupted: then the channel is closed, for nobody knows what the guest has of it, and {@link
 * InterruptedException} is thrown. {@link #close} may be called by any thread and ends every wait.
 *
 * <p>What the guest says is hostile. It may send no more data than it has credit for, and nothing
 * at a wrong time; else the channel is closed and its end is {@link GuestAnswer.Broken} with the
 * reason. Never more than 256 KiB of a guest's data wait here, and 3 bytes for each frame. What it
 * prints while no call runs waits for the next call.
 *
 * <p>Deadlines are of {@link System#nanoTime}.
 */
public final class AgentChannel implements AutoCloseable {
    private static final int GRANT_BYTES = 64 * 1024;
    private static final int READ_BYTES = 64 * 1024;

    private final SocketChannel socket;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ReentrantLock writing = new ReentrantLock();
    private final Inbox inbox; // Guarded by lock.
    private boolean midway; // Guarded by lock: the guest's last frame is not whole.
    private boolean over; // Guarded by lock: nothing more will be read.
    private long ungranted; // The calling thread's.
    private long pings; // The calling thread's.

    private AgentChannel(SocketChannel socket, Inbox inbox) {
        this.socket = socket;
        this.inbox = inbox;
    }

    /** To a machine that boots. The socket is this channel's from now on; it must block. */
    public static AgentChannel booting(SocketChannel socket) {
        return start(new AgentChannel(socket, new Inbox()));
    }

    /** To a machine that is restored from a snapshot; {@link #restored} comes first. */
    public static AgentChannel resuming(SocketChannel socket, SnapshotPoint point) {
        return start(new AgentChannel(socket, new Inbox(point)));
    }

    private static AgentChannel start(AgentChannel channel) {
        Thread.ofVirtual().name("guest-frames").start(channel::read);
        return channel;
    }

    private void read() {
        FrameReader frames = new FrameReader();
        ByteBuffer bytes = ByteBuffer.allocate(READ_BYTES);
        String reason = "the machine has ended";
        try {
            while (socket.read(bytes.clear()) >= 0) {
                take(frames, bytes.flip());
            }
        } catch (IOException e) {
            reason = "the machine's connection has ended";
        } catch (BrokenFrameException e) {
            reason = e.getMessage();
        } finally {
            end(reason);
        }
    }

    private void take(FrameReader frames, ByteBuffer bytes) {
        lock.lock();
        try {
            Optional<GuestFrame> frame = frames.next(bytes);
            while (frame.isPresent()) {
                inbox.accept(GuestMessage.of(frame.get()));
                frame = frames.next(bytes);
            }
            midway = frames.isMidway();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end(String reason) {
        lock.lock();
        try {
            inbox.broken(reason);
            over = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        closeSocket();
    }

    /**
     * Waits for the agent of a machine that boots.
     *
     * @return empty if the deadline passes or the machine ends; see {@link #ended}
     */
    public Optional<AgentHello> hello(long deadlineNanos) throws InterruptedException {
        return await(deadlineNanos, inbox::hello);
    }

    /** Starts the function; after {@link #hello}. */
    public void configure(GuestConfig config, GuestWake wake) throws InterruptedException {
        send(FrameWriter.frame(FrameType.CONFIG, config.payload(wake)));
    }

    /**
     * Waits until the function waits, or has failed; after {@link #configure} or {@link #restored}.
     */
    public GuestStart awaitReady(long deadlineNanos) throws InterruptedException {
        return await(deadlineNanos, inbox::start).orElseGet(GuestStart.Late::new);
    }

    /**
     * Tells a machine that it goes on as another one: clock, randomness, and for a function that
     * waits at {@code /restore/next} the changes of its environment, as a JSON object {@code
     * {"environment": {…}}} that answers it.
     */
    public void restored(GuestWake wake, Map<String, String> environment)
            throws InterruptedException {
        under(inbox::restored);
        send(
                FrameWriter.frame(
                        FrameType.RESTORED,
                        Bounds.payload(FrameType.RESTORED, wake.restored(environment))));
    }

    /**
     * Runs a call. Its body is read and its sinks are written by this thread.
     *
     * @param body is read as far as the guest takes it; not closed
     * @param onHead is told of the answer's head before the first of its bytes
     * @param out the answer's bytes; an exception from it, as from the others, closes the channel
     *     and goes on to the caller
     * @param log what the function prints, on either stream
     * @throws IOException if the body cannot be read
     * @throws InterruptedException if this thread is interrupted
     */
    public GuestAnswer invoke(
            GuestCall call,
            InputStream body,
            Consumer<ResponseHead> onHead,
            OutputSink out,
            OutputSink log)
            throws IOException, InterruptedException {
        byte[] payload = call.payload();
        boolean whole = false;
        try {
            boolean asked = ended().isEmpty();
            if (asked) {
                under(inbox::ask);
                send(FrameWriter.frame(FrameType.INVOKE, payload));
            }
            CallExchange exchange = new CallExchange(this, body, onHead, out, log);
            GuestAnswer answer = exchange.run(asked);
            whole = true;
            return answer;
        } finally {
            if (!whole) {
                close();
            }
        }
    }

    /** What a call can do next. */
    sealed interface Step {
        /** The answer begins. */
        record Head(ResponseHead head) implements Step {}

        /** There are bytes. */
        record Bytes(DataQueue.Taken taken) implements Step {}

        /** There is credit for this much of the body. */
        record Send(int most) implements Step {}

        /** It is over. */
        record Over(GuestAnswer answer) implements Step {}
    }

    /** Waits for what is to be done next. */
    Step next(boolean headTold, boolean bodySent) throws InterruptedException {
        return locked(
                () -> {
                    Optional<Step> step = step(headTold, bodySent);
                    while (step.isEmpty()) {
                        changed.await();
                        step = step(headTold, bodySent);
                    }
                    return step.get();
                });
    }

    private Optional<Step> step(boolean headTold, boolean bodySent) {
        if (!headTold && inbox.head().isPresent()) {
            return inbox.head().map(Step.Head::new);
        }
        Optional<GuestAnswer> answer = inbox.answer();
        if (answer.isPresent()) {
            return answer.map(Step.Over::new);
        }
        if (!inbox.data().isEmpty()) {
            return Optional.of(new Step.Bytes(inbox.data().take()));
        }
        long credit = bodySent ? 0 : inbox.bodyCredit();
        return credit > 0
                ? Optional.of(new Step.Send((int) Math.min(credit, GuestFrame.MOST_PAYLOAD)))
                : Optional.empty();
    }

    /** Sends a part of the body, for which there is credit. */
    void sendBody(byte[] bytes, int length) throws InterruptedException {
        under(() -> inbox.bodySent(length));
        send(FrameWriter.frame(FrameType.BODY, bytes, 0, length));
    }

    void sendBodyEnd() throws InterruptedException {
        send(FrameWriter.empty(FrameType.BODY_END));
    }

    /** Data has left this room: the guest may send as much again. */
    void grant(long bytes) throws InterruptedException {
        ungranted += bytes;
        if (ungranted >= GRANT_BYTES) {
            grantAll();
        }
    }

    private void grantAll() throws InterruptedException {
        if (ungranted > 0) {
            int bytes = (int) ungranted;
            ungranted = 0;
            under(() -> inbox.granted(bytes));
            send(FrameWriter.number(FrameType.CREDIT, bytes));
        }
    }

    /**
     * Ends the function: all its processes get SIGTERM and, after the grace, SIGKILL.
     *
     * @return its end; empty if it has not been told by the deadline
     */
    public Optional<GuestAnswer> stop(int graceMillis, long deadlineNanos)
            throws InterruptedException {
        send(FrameWriter.number(FrameType.STOP, graceMillis));
        return await(deadlineNanos, inbox::end);
    }

    /** Asks the agent for a sign of life; whether it came in time. */
    public boolean ping(long deadlineNanos) throws InterruptedException {
        pings++;
        long number = pings;
        under(() -> inbox.pinged(number));
        send(FrameWriter.number(FrameType.PING, number));
        return await(
                        deadlineNanos,
                        () ->
                                inbox.end().isPresent() || !inbox.awaitsPong()
                                        ? Optional.of(inbox.end().isEmpty())
                                        : Optional.<Boolean>empty())
                .orElse(false);
    }

    /**
     * Makes the channel ready for a snapshot: what has been printed goes to the sink, and nothing
     * of ours is on its way to the guest any more. Then the machine is stopped, its snapshot taken,
     * and {@link #point} asked for when it has ended.
     *
     * @return whether the agent has answered in time
     */
    public boolean settle(OutputSink log, long deadlineNanos) throws InterruptedException {
        Optional<DataQueue.Taken> printed = takePrinted();
        while (printed.isPresent()) {
            write(log, printed.get().bytes());
            ungranted += printed.get().bytes().remaining() + 1L;
            printed = takePrinted();
        }
        grantAll();
        return ping(deadlineNanos);
    }

    private Optional<DataQueue.Taken> takePrinted() throws InterruptedException {
        return locked(
                () -> inbox.data().isEmpty() ? Optional.empty() : Optional.of(inbox.data().take()));
    }

    /** Gives a sink these bytes. */
    static void write(OutputSink sink, ByteBuffer bytes) {
        sink.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }

    /**
     * Where the guest stood when it was stopped for a snapshot; waits until its machine has ended,
     * so that all it said is known.
     *
     * @return empty if it was in the middle of a frame: then this snapshot is of no use
     */
    public Optional<SnapshotPoint> point(long deadlineNanos) throws InterruptedException {
        return await(deadlineNanos, () -> over ? Optional.of(!midway) : Optional.empty())
                .filter(whole -> whole)
                .map(whole -> inbox.point());
    }

    /** How the function or its machine has ended, if it has. Any thread. */
    public Optional<GuestAnswer> ended() {
        lock.lock();
        try {
            return inbox.end();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the function waits for a call, as far as it has told. Any thread. */
    public boolean isIdle() {
        lock.lock();
        try {
            return inbox.isIdle();
        } finally {
            lock.unlock();
        }
    }

    private interface Question<T> {
        Optional<T> ask();
    }

    private interface Waiting<T> {
        T run() throws InterruptedException;
    }

    /** Waits for an answer, which is also sought once more when the machine has ended. */
    private <T> Optional<T> await(long deadlineNanos, Question<T> question)
            throws InterruptedException {
        return locked(
                () -> {
                    Optional<T> answer = question.ask();
                    while (answer.isEmpty() && !over) {
                        long left = deadlineNanos - System.nanoTime();
                        if (left <= 0) {
                            return answer;
                        }
                        changed.awaitNanos(left);
                        answer = question.ask();
                    }
                    return answer;
                });
    }

    private void under(Runnable change) throws InterruptedException {
        locked(
                () -> {
                    change.run();
                    return true;
                });
    }

    /** Does something under the lock; who is interrupted leaves no channel behind. */
    private <T> T locked(Waiting<T> waiting) throws InterruptedException {
        try {
            lock.lockInterruptibly();
            try {
                return waiting.run();
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            close();
            throw e;
        }
    }

    /** Sends a frame; one that the machine takes no more is dropped: its end is known soon. */
    private void send(ByteBuffer frame) throws InterruptedException {
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

    /** Closes the connection; whoever waits goes on. */
    @Override
    public void close() {
        lock.lock();
        try {
            inbox.broken("the host has closed its channel");
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        closeSocket();
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no more use either way.
        }
    }
}
