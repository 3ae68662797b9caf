package io.runnel.exec.microvm.guest;

import io.runnel.exec.isolate.OutputSink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
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
 * <p>A machine that is to be moved is held first, by any thread: then nothing is on its way in
 * either direction, and another channel can go on where this one stood.
 *
 * <p>Deadlines are of {@link System#nanoTime}.
 */
public final class AgentChannel implements AutoCloseable {
    private static final int READ_BYTES = 64 * 1024;

    private final SocketChannel socket;
    private final Outbox outbox;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Inbox inbox; // Guarded by lock.
    private boolean midway; // Guarded by lock: the guest's last frame is not whole.
    private boolean over; // Guarded by lock: nothing more will be read.
    private long pings; // The calling thread's.

    private AgentChannel(SocketChannel socket, Inbox inbox, Outbox outbox) {
        this.socket = socket;
        this.inbox = inbox;
        this.outbox = outbox;
    }

    /** To a machine that boots. The socket is this channel's from now on; it must block. */
    public static AgentChannel booting(SocketChannel socket) {
        return start(new AgentChannel(socket, new Inbox(), new Outbox(socket)));
    }

    /** To a machine that is restored from a snapshot; {@link #restored} comes first. */
    public static AgentChannel resuming(SocketChannel socket, SnapshotPoint point) {
        return start(new AgentChannel(socket, new Inbox(point), new Outbox(socket)));
    }

    /** To a machine that was moved here, and is still held; {@link #release} comes first. */
    public static AgentChannel adopting(SocketChannel socket, MovePoint point) {
        return start(new AgentChannel(socket, new Inbox(point), new Outbox(socket, point)));
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
            end(new GuestAnswer.Broken(reason));
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

    private void end(GuestAnswer how) {
        lock.lock();
        try {
            inbox.end(how);
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
        outbox.send(FrameWriter.frame(FrameType.CONFIG, config.payload(wake)));
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
        var unused = under(inbox::restored);
        outbox.send(
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
                outbox.ask(payload, () -> under(inbox::ask));
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

    /**
     * Waits for the end of the call that ran when the machine was moved here.
     *
     * @param onHead as in {@link #invoke}, as the others
     */
    public GuestAnswer await(Consumer<ResponseHead> onHead, OutputSink out, OutputSink log)
            throws IOException, InterruptedException {
        boolean whole = false;
        try {
            InputStream nothing = InputStream.nullInputStream();
            GuestAnswer answer = new CallExchange(this, nothing, onHead, out, log).run(false);
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
        var unused = under(() -> inbox.bodySent(length));
        outbox.send(FrameWriter.frame(FrameType.BODY, bytes, 0, length));
    }

    void sendBodyEnd() throws InterruptedException {
        outbox.bodyEnd();
    }

    /** Data has left this room: the guest may send as much again. */
    void grant(long bytes) throws InterruptedException {
        outbox.grant(bytes, this::granted);
    }

    private void granted(int bytes) throws InterruptedException {
        var unused = under(() -> inbox.granted(bytes));
    }

    /**
     * Has the guest say nothing more, so that its machine can be moved: what it prints and answers
     * waits in the guest, and nothing is on its way to it. Ends with {@link #release}, {@link
     * #moved} or {@link #close}. Any thread, one at a time.
     *
     * @return where it stands; empty if it cannot be moved now: it begins, answers, has not all of
     *     its call's body, has ended, or does not answer in time. Then it goes on.
     */
    public Optional<MovePoint> hold(long deadlineNanos) throws InterruptedException {
        boolean asked =
                outbox.hold(
                        () -> locked(inbox::isIdle),
                        () -> locked(() -> inbox.mayBeHeld() && under(inbox::hold)));
        if (!asked) {
            return Optional.empty();
        }
        Optional<MovePoint> point =
                await(
                                deadlineNanos,
                                () ->
                                        inbox.isHeld()
                                                ? Optional.of(inbox.movePoint())
                                                : Optional.empty())
                        .flatMap(held -> held);
        if (point.isEmpty()) {
            release(Optional.empty());
        }
        return point;
    }

    /**
     * Lets a guest that is held speak again.
     *
     * @param wake if it is elsewhere now
     */
    public void release(Optional<GuestWake> wake) throws InterruptedException {
        outbox.release(wake, () -> under(inbox::released), this::granted);
    }

    /**
     * The machine was held and goes on elsewhere: what it says there is told to another channel.
     *
     * @return false if this one has ended before
     */
    public boolean moved() {
        end(new GuestAnswer.Moved());
        return ended().filter(how -> how instanceof GuestAnswer.Moved).isPresent();
    }

    /**
     * Ends the function: all its processes get SIGTERM and, after the grace, SIGKILL.
     *
     * @return its end; empty if it has not been told by the deadline
     */
    public Optional<GuestAnswer> stop(int graceMillis, long deadlineNanos)
            throws InterruptedException {
        outbox.send(FrameWriter.number(FrameType.STOP, graceMillis));
        return await(deadlineNanos, inbox::end);
    }

    /** Asks the agent for a sign of life; whether it came in time. */
    public boolean ping(long deadlineNanos) throws InterruptedException {
        pings++;
        long number = pings;
        var unused = under(() -> inbox.pinged(number));
        outbox.send(FrameWriter.number(FrameType.PING, number));
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
            grant(printed.get().bytes().remaining() + 1L);
            printed = takePrinted();
        }
        outbox.grantAll(this::granted);
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

    private boolean under(Runnable change) throws InterruptedException {
        return locked(
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
