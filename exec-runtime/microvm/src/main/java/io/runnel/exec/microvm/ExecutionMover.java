package io.runnel.exec.microvm;

import io.runnel.exec.isolate.CallMoves;
import io.runnel.exec.isolate.MoveLink;
import io.runnel.exec.isolate.NotMovedException;
import io.runnel.exec.isolate.RunningExecution;
import io.runnel.exec.task.MoveId;
import io.runnel.exec.task.MovedTo;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Moves calls from this node's machines to other nodes. The order is what keeps a call from running
 * twice: room is kept for it there; all of it is brought while it may go on here; then it is given
 * up here, for good; then the other node is told that it is its own.
 */
public final class ExecutionMover implements CallMoves {
    private static final System.Logger LOG = System.getLogger(ExecutionMover.class.getName());
    private static final int TIMES_TOLD = 3;
    private static final int ID_BYTES = 16;

    private final MachineMoves moves;
    private final Function<NodeName, Optional<Target>> targets;
    private final SecureRandom random;

    /** A node that calls may go to. */
    public record Target(RegionId region, MoveLink link) {}

    /**
     * That of one node.
     *
     * @param targets the nodes by their names
     */
    public ExecutionMover(
            MachineMoves moves, Function<NodeName, Optional<Target>> targets, SecureRandom random) {
        this.moves = moves;
        this.targets = targets;
        this.random = random;
    }

    @Override
    public List<RunningExecution> running() {
        return moves.running();
    }

    @Override
    public Report move(RequestId call, NodeName to) throws NotMovedException, InterruptedException {
        Target target =
                targets.apply(to)
                        .orElseThrow(
                                () ->
                                        new NotMovedException(
                                                "calls go to nodes of regions, and not to where"
                                                        + " they are: "
                                                        + to));
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        MovedTo goal = new MovedTo(target.region(), to, MoveId.of(bytes));
        Report report = move(call, goal, target.link());
        LOG.log(
                Level.INFO,
                "call {0} goes on at {1}: {2} bytes in {3} ms, it stood still for {4} ms",
                call,
                to,
                report.bytes(),
                report.took().toMillis(),
                report.stood().toMillis());
        return report;
    }

    private Report move(RequestId call, MovedTo to, MoveLink link)
            throws NotMovedException, InterruptedException {
        long beganNanos = System.nanoTime();
        boolean isGone = false;
        try {
            offer(moves.offer(call), to, link);
            try (Departure departure = moves.depart(call)) {
                long bytes = bring(departure, to, link);
                byte[] state = leave(departure, to);
                isGone = true;
                tell(to, state, link);
                long endNanos = System.nanoTime();
                return new Report(
                        bytes,
                        Duration.ofNanos(endNanos - beganNanos),
                        Duration.ofNanos(endNanos - departure.stoppedNanos()));
            }
        } finally {
            if (!isGone) {
                link.drop(to.id());
            }
        }
    }

    /** While the guest knows nothing of it: whoever does not answer delays nothing. */
    private static void offer(MoveOffer offer, MovedTo to, MoveLink link)
            throws NotMovedException, InterruptedException {
        try {
            link.offer(to.id(), offer.toJson());
        } catch (IOException e) {
            throw stays(e);
        }
    }

    private static long bring(Departure departure, MovedTo to, MoveLink link)
            throws NotMovedException, InterruptedException {
        long[] bytes = new long[1];
        try {
            link.bring(
                    to.id(),
                    out -> {
                        Counted counted = new Counted(out);
                        departure.send(counted);
                        bytes[0] = counted.bytes;
                    });
            return bytes[0];
        } catch (IOException e) {
            throw stays(e);
        }
    }

    private static NotMovedException stays(IOException why) {
        return new NotMovedException("it goes on here: " + why.getMessage());
    }

    private static byte[] leave(Departure departure, MovedTo to) throws NotMovedException {
        try {
            return departure.leave(to);
        } catch (IOException e) {
            throw new NotMovedException(e.getMessage());
        }
    }

    /** From here on it is nowhere but there. */
    private static void tell(MovedTo to, byte[] state, MoveLink link)
            throws NotMovedException, InterruptedException {
        IOException last = new IOException("not told");
        for (int times = 0; times < TIMES_TOLD; times++) {
            try {
                if (link.goOn(to.id(), state)) {
                    return;
                }
                throw new NotMovedException("it is lost: the other node has it no more");
            } catch (IOException e) {
                last = e;
            }
        }
        throw new NotMovedException(
                "it is lost: the other node is not heard: " + last.getMessage());
    }

    /** Counts what is written. */
    private static final class Counted extends OutputStream {
        private final OutputStream to;
        private long bytes;

        Counted(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int one) throws IOException {
            to.write(one);
            bytes++;
        }

        @Override
        public void write(byte[] some, int from, int length) throws IOException {
            to.write(some, from, length);
            bytes += length;
        }

        @Override
        public void flush() throws IOException {
            to.flush();
        }
    }
}
