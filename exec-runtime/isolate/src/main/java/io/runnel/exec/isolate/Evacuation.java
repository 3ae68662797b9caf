package io.runnel.exec.isolate;

import io.runnel.exec.task.NodeName;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Moves the calls that run at a node to others: all that can be moved while the node is emptied, to
 * the first that takes them and again and again; and while it is full those that have run for long,
 * one after the other until it is not, for what has run long is likely to run on. Safe for any
 * thread.
 */
public final class Evacuation {
    /** To move one takes about as much of a processor as a second of running it. */
    static final Duration LONG = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger(Evacuation.class.getName());
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final CallMoves moves;
    private final List<NodeName> goals;
    private final BooleanSupplier emptied;
    private final BooleanSupplier full;
    private final AtomicBoolean underWay = new AtomicBoolean();

    /**
     * That of one node.
     *
     * @param goals where calls may go, the best first
     * @param emptied whether the node is being emptied
     * @param full whether calls come that find no slot
     */
    public Evacuation(
            CallMoves moves, List<NodeName> goals, BooleanSupplier emptied, BooleanSupplier full) {
        this.moves = moves;
        this.goals = List.copyOf(goals);
        this.emptied = emptied;
        this.full = full;
    }

    /** Looks whether calls are to be moved, and begins if so; does not block. */
    public void look() {
        if (isWanted() && !goals.isEmpty() && underWay.compareAndSet(false, true)) {
            Thread.ofVirtual().name("evacuation").start(this::run);
        }
    }

    private boolean isWanted() {
        return emptied.getAsBoolean() || full.getAsBoolean();
    }

    private void run() {
        try {
            while (isWanted() && moveAll()) {
                LockSupport.parkNanos(AGAIN.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            underWay.set(false);
        }
    }

    /** Tries each once, the longest running first; whether some are left to be tried again. */
    private boolean moveAll() throws InterruptedException {
        boolean left = false;
        for (RunningExecution call : moves.running()) {
            if (call.movable() && isToGo(call)) {
                left |= !move(call) && emptied.getAsBoolean();
            }
        }
        return left;
    }

    private boolean isToGo(RunningExecution call) {
        return emptied.getAsBoolean() || (call.ran().compareTo(LONG) >= 0 && full.getAsBoolean());
    }

    private boolean move(RunningExecution call) throws InterruptedException {
        for (NodeName goal : goals) {
            try {
                moves.move(call.call(), goal);
                return true;
            } catch (NotMovedException e) {
                LOG.log(
                        Level.INFO,
                        "call {0} does not go to {1}: {2}",
                        call.call(),
                        goal,
                        e.getMessage());
            }
        }
        return false;
    }
}
