package io.runnel.exec.isolate;

import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The threads that run calls, one for each slot: who has a slot finds one. A call that begins joins
 * a line, from which the threads take.
 *
 * <p>To wake a thread costs more than many guests run. So it is done only if the threads that are
 * awake would take longer for what is in line, going by how long calls took lately. A thread whose
 * call takes long no longer counts as awake, and the timer looks after what was left in line: a
 * call never waits longer than {@link #LOOK_NANOS} while a thread sleeps. Safe for any thread.
 */
final class SlotThreads implements Expiring {
    /** A call that has a slot. */
    record Begun(Slot slot, Call call, long beganNanos) {}

    /** How often the timer looks at the line, as long as anything was left there. */
    static final long LOOK_NANOS = 2_000_000;

    /** What a wake-up costs who wakes and who is woken, with the caches that it empties: much. */
    private static final long WAKE_NANOS = 50_000;

    /** A call that has run for so long may run for ever. */
    private static final long SHORT_NANOS = 100_000;

    /** Each end moves what is usual by a sixteenth. */
    private static final long FADE = 16;

    private final LongSupplier nanoClock;
    private final LongConsumer watch;
    private final List<SlotThread> threads;
    private final Queue<Begun> line = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final int cores = Runtime.getRuntime().availableProcessors();

    /** The one that slept last is woken first: its caches and its isolate are warm. */
    private final Deque<SlotThread> asleep = new ArrayDeque<>();

    // About the median, which a thread that the system let wait does not move far. Written by any
    // thread, and lost at times: a guide only.
    private volatile long usualNanos = LOOK_NANOS;
    private volatile boolean leftInLine;

    /**
     * Threads that are not started yet.
     *
     * @param watch tells the timer when to look next, on {@code nanoClock}
     */
    SlotThreads(
            int count,
            long stackBytes,
            SlotThread.Work work,
            LongSupplier nanoClock,
            LongConsumer watch) {
        this.nanoClock = nanoClock;
        this.watch = watch;
        List<SlotThread> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(new SlotThread("slot-" + i, stackBytes, work, this, nanoClock));
        }
        this.threads = List.copyOf(made);
    }

    void start() {
        threads.forEach(SlotThread::start);
    }

    /** Runs a call in the slot that was taken for it. */
    void begin(Slot slot, Call call) {
        long nowNanos = nanoClock.getAsLong();
        line.add(new Begun(slot, call, nowNanos));
        if (areEnoughAwake(nowNanos, waiting.incrementAndGet())) {
            leftInLine = true;
            watch.accept(nowNanos + LOOK_NANOS);
        } else {
            wakeOne(nowNanos);
        }
    }

    private boolean areEnoughAwake(long nowNanos, int count) {
        long workNanos = count * usualNanos;
        int awake = 0;
        for (SlotThread thread : threads) {
            if (thread.isAwake(nowNanos - SHORT_NANOS)) {
                awake++;
                if (workNanos <= awake * WAKE_NANOS || awake == cores) {
                    return true;
                }
            }
        }
        return false;
    }

    private void wakeOne(long nowNanos) {
        SlotThread thread;
        synchronized (asleep) {
            thread = asleep.poll();
        }
        if (thread != null) {
            thread.wake(nowNanos);
        }
    }

    /** The next call in line. For the threads. */
    Optional<Begun> next() {
        Begun begun = line.poll();
        if (begun == null) {
            return Optional.empty();
        }
        waiting.decrementAndGet();
        return Optional.of(begun);
    }

    /** A thread goes to sleep. A call that joined the line since it looked wakes it, or another. */
    void sleeps(SlotThread thread) {
        synchronized (asleep) {
            asleep.push(thread);
        }
        if (!line.isEmpty()) {
            wakeOne(nanoClock.getAsLong());
        }
    }

    /** A call took so long. For the threads. */
    void took(long nanos) {
        long usual = usualNanos;
        long step = usual / FADE + 1;
        usualNanos = nanos > usual ? usual + step : usual - step;
    }

    /** Wakes threads for what was left in line for too long. */
    @Override
    public long expire(long nowNanos) {
        boolean wasLeft = leftInLine;
        leftInLine = false;
        Begun first = line.peek();
        if (first != null && nowNanos - first.beganNanos() >= LOOK_NANOS / 2) {
            for (int i = waiting.get(); i > 0; i--) {
                wakeOne(nowNanos);
            }
        }
        return wasLeft || first != null ? LOOK_NANOS : NEVER;
    }

    /** The calls that have begun and not ended, but for those that are just taken from the line. */
    List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        line.forEach(begun -> calls.add(begun.call()));
        threads.forEach(thread -> thread.current().ifPresent(calls::add));
        return calls;
    }

    /** A call of a task, as its thread is at it. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Running(Task task, StackTraceElement[] stack) {}

    /** The calls of this task that run now, with what their threads are doing. */
    List<Running> running(TaskRef task) {
        List<Running> running = new ArrayList<>();
        for (SlotThread thread : threads) {
            Optional<Call> before = thread.current().filter(c -> c.task().ref().equals(task));
            if (before.isPresent()) {
                StackTraceElement[] stack = thread.stack();
                // Else the stack may be another call's.
                if (thread.current().filter(c -> c == before.get()).isPresent()) {
                    running.add(new Running(before.get().task(), stack));
                }
            }
        }
        return running;
    }

    /** Ends the threads once their calls have ended. */
    void close() {
        threads.forEach(SlotThread::close);
    }
}
