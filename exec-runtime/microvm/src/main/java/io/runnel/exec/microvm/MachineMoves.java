package io.runnel.exec.microvm;

import io.runnel.exec.isolate.CodeRejectedException;
import io.runnel.exec.isolate.NotMovedException;
import io.runnel.exec.isolate.RunningExecution;
import io.runnel.exec.task.Mobility;
import io.runnel.exec.task.MoveId;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.Task;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Moves calls that run in machines from one node to another: the first offers one, which the other
 * {@link #expect}s, takes a {@link Departure} and sends it; the other {@link #receive}s it; when it
 * has come whole the first gives it up ({@link Departure#leave}), and only then the other lets it
 * {@link #goOn}. So it never runs at both, and as long as the first has not given it up it goes on
 * there. Safe for any thread.
 */
public final class MachineMoves {
    private static final Duration HOLD_LIMIT = Duration.ofSeconds(5);

    private final MicrovmRuntime runtime;
    private final Executions executions;
    private final Arrivals arrivals;

    MachineMoves(MicrovmRuntime runtime, Executions executions, Arrivals arrivals) {
        this.runtime = runtime;
        this.executions = executions;
        this.arrivals = arrivals;
    }

    /** The calls that run here, the longest running first. */
    public List<RunningExecution> running() {
        return executions.all().stream()
                .map(MachineMoves::told)
                .sorted(Comparator.comparing(RunningExecution::ran).reversed())
                .toList();
    }

    private static RunningExecution told(Execution execution) {
        Task task = execution.call().task();
        return new RunningExecution(
                execution.call().id(),
                task.ref(),
                task.version(),
                ran(execution),
                execution.live().machine().spec().memoryBytes(),
                fixedBy(execution).isEmpty());
    }

    /** Why it may not be moved at all. */
    private static Optional<String> fixedBy(Execution execution) {
        if (execution.call().task().options().secrets().isPresent()) {
            return Optional.of("its task has secrets, which are in its memory");
        }
        return switch (execution.call().mobility()) {
            case Mobility.Fixed _ ->
                    Optional.of("whoever waits for its answer would not find it elsewhere");
            case Mobility.Movable(Duration within) when ran(execution).compareTo(within) > 0 ->
                    Optional.of("its caller's signature may have lapsed meanwhile");
            case Mobility.Movable _, Mobility.Resumed _ -> Optional.empty();
        };
    }

    private static Duration ran(Execution execution) {
        return Duration.ofNanos(execution.program().clock().now() - execution.beganNanos());
    }

    /**
     * What another node is told of a call before it is moved there.
     *
     * @throws NotMovedException if it does not run here, or cannot be moved
     */
    public MoveOffer offer(RequestId call) throws NotMovedException {
        Execution execution = movable(call);
        Task task = execution.call().task();
        try {
            return new MoveOffer(
                    task.ref(), task.version(), task.code(), execution.program().traits());
        } catch (IOException e) {
            throw new NotMovedException(e.getMessage());
        }
    }

    private Execution movable(RequestId call) throws NotMovedException {
        Execution execution =
                executions
                        .find(call)
                        .orElseThrow(() -> new NotMovedException("no such call runs here"));
        Optional<String> fixed = fixedBy(execution);
        if (fixed.isPresent()) {
            throw new NotMovedException(fixed.get());
        }
        return execution;
    }

    /**
     * Begins to move a call: from now on its guest is silent. Blocks for some milliseconds.
     *
     * @throws NotMovedException if it does not run here, or cannot be moved now
     */
    public Departure depart(RequestId call) throws NotMovedException, InterruptedException {
        Execution execution = movable(call);
        long untilNanos = System.nanoTime() + HOLD_LIMIT.toNanos();
        return execution
                .live()
                .channel()
                .hold(untilNanos)
                .map(point -> new Departure(execution, point))
                .orElseThrow(
                        () ->
                                new NotMovedException(
                                        "it begins, has begun to answer, or has ended"));
    }

    /**
     * Makes ready for a call that another node offers.
     *
     * @param task of the version that is offered
     * @param code the task's
     * @throws IOException if it cannot go on here; says why
     */
    public void expect(MoveId id, MoveOffer offer, Task task, byte[] code)
            throws IOException, InterruptedException {
        try {
            MicrovmProgram program = runtime.open(task, code);
            Optional<String> difference = program.differenceTo(offer.traits());
            if (difference.isPresent()) {
                program.close();
                throw new IOException("its machine cannot go on here: " + difference.get());
            }
            arrivals.expect(id, program);
        } catch (CodeRejectedException e) {
            throw new IOException("its code is none for here: " + e.getMessage(), e);
        }
    }

    /**
     * Takes in a call that is expected. Blocks until all of it has come; it stands still then.
     *
     * @param stream what {@link Departure#send} sends
     * @throws IOException if it does not come whole, or is not expected; says why
     */
    public void receive(MoveId id, InputStream stream) throws IOException {
        arrivals.receive(id, stream);
    }

    /**
     * Lets a call go on that its node has given up; once more for the same call does nothing.
     *
     * @param state what {@link Departure#leave} returned
     * @return whether it goes on; false if it is not here any more
     * @throws IOException if the state is none, or the machine has ended
     */
    public boolean goOn(MoveId id, Task task, byte[] state)
            throws IOException, InterruptedException {
        try {
            return arrivals.goOn(id, task, MovedState.ofJson(state));
        } catch (IllegalArgumentException e) {
            throw new IOException("no state of a moved call: " + e.getMessage(), e);
        }
    }

    /** How long one that came is waited for: first by its node, then by who asks for its answer. */
    public static Duration patience() {
        return Arrivals.PATIENCE;
    }

    /** Ends a call that was sent here and that its node has not given up. */
    public void drop(MoveId id) {
        arrivals.drop(id);
    }
}
