package io.runnel.exec.microvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.CallMoves;
import io.runnel.exec.isolate.MoveLink;
import io.runnel.exec.isolate.NotMovedException;
import io.runnel.exec.microvm.TestMoves.Running;
import io.runnel.exec.task.MoveId;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RegionId;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.stream.Stream;

/** Moves over a link that fails, at each point where it can. */
final class ExecutionMoverIT {
    private static final NodeName THERE = new NodeName("eu-west-2");
    private static TestMoves moves;

    @BeforeAll
    static void open(@TempDir Path folder) throws Exception {
        moves = new TestMoves(folder);
    }

    @AfterAll
    static void close() {
        moves.close();
    }

    /** Where the link fails, and what becomes of the call then. */
    enum Fault {
        /** It does not. */
        NONE(true),
        /** Before the other node has heard of it. */
        AT_ONCE(false),
        /** When the other node expects it, which this one does not hear. */
        OFFER_LOST(false),
        /** When it is to come. */
        BEFORE_ALL(false),
        /** When the other node has some of it. */
        MIDWAY(false),
        /** When the other node has all of it, which this one does not hear. */
        ANSWER_LOST(false),
        /** The other node is told that the call is its own, and its answer does not come. */
        GO_ON_LOST_ONCE(true),
        /** The other node hears nothing for a while. */
        GO_ON_LATE(true);

        private final boolean moves;

        Fault(boolean moves) {
            this.moves = moves;
        }
    }

    /** The other node's own, with a fault. */
    private static final class FaultyLink implements MoveLink {
        private final Fault fault;
        private final MoveLink inner = moves.link();
        private int told;
        private boolean dropped;

        FaultyLink(Fault fault) {
            this.fault = fault;
        }

        @Override
        public void offer(MoveId id, byte[] offer) throws IOException, InterruptedException {
            if (fault == Fault.AT_ONCE) {
                throw new IOException("the link is cut");
            }
            inner.offer(id, offer);
            if (fault == Fault.OFFER_LOST) {
                throw new IOException("the answer is lost");
            }
        }

        @Override
        public void bring(MoveId id, Sending sending) throws IOException, InterruptedException {
            switch (fault) {
                case BEFORE_ALL -> throw new IOException("the link is cut");
                case MIDWAY -> inner.bring(id, out -> sending.to(new CutStream(out)));
                default -> inner.bring(id, sending);
            }
            if (fault == Fault.ANSWER_LOST) {
                throw new IOException("the answer is lost");
            }
        }

        @Override
        public boolean goOn(MoveId id, byte[] state) throws IOException, InterruptedException {
            told++;
            if (told < 3 && fault == Fault.GO_ON_LATE) {
                throw new IOException("the link is cut");
            }
            boolean goesOn = inner.goOn(id, state);
            if (told == 1 && fault == Fault.GO_ON_LOST_ONCE) {
                throw new IOException("the answer is lost");
            }
            return goesOn;
        }

        @Override
        public void drop(MoveId id) throws InterruptedException {
            dropped = true;
            inner.drop(id);
        }
    }

    /** Breaks after 2 MiB. */
    private static final class CutStream extends FilterOutputStream {
        private long left = 2 << 20;

        CutStream(OutputStream to) {
            super(to);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            left -= length;
            if (left < 0) {
                throw new IOException("the link is cut");
            }
            out.write(bytes, from, length);
        }
    }

    private static CallMoves over(MoveLink link) {
        return new ExecutionMover(
                moves.here().runtime().moves(),
                node ->
                        node.equals(THERE)
                                ? Optional.of(
                                        new ExecutionMover.Target(new RegionId("eu-west"), link))
                                : Optional.empty(),
                new SecureRandom());
    }

    @TestFactory
    Stream<DynamicTest> aCallEndsOnceWhateverTheLinkDoes() {
        return Stream.of(Fault.values())
                .map(fault -> DynamicTest.dynamicTest(fault.name(), () -> endsOnce(fault)));
    }

    private static void endsOnce(Fault fault) throws Exception {
        Running running = moves.begun();
        FaultyLink link = new FaultyLink(fault);
        CallMoves mover = over(link);
        if (!fault.moves) {
            assertThrows(NotMovedException.class, () -> mover.move(running.id(), THERE));
            moves.assertEndsHere(running);
            assertEquals(0, moves.thereRunning());
            assertTrue(link.dropped, "room is kept there for nothing");
            return;
        }
        CallMoves.Report report = mover.move(running.id(), THERE);
        assertTrue(report.bytes() > 1 << 20, report.toString());
        assertTrue(report.stood().compareTo(report.took()) < 0, report.toString());
        Outcome.Moved moved = assertInstanceOf(Outcome.Moved.class, running.end());
        assertEquals(THERE, moved.to().node());
        moves.assertEndsThere(running, moved.to().id());
        assertFalse(link.dropped);
    }

    @Test
    void whatIsGivenUpAndNotHeardOfEndsAndRunsNowhere() throws Exception {
        Running running = moves.begun();
        MoveLink deaf =
                new MoveLink() {
                    private final MoveLink inner = moves.link();

                    @Override
                    public void offer(MoveId id, byte[] offer)
                            throws IOException, InterruptedException {
                        inner.offer(id, offer);
                    }

                    @Override
                    public void bring(MoveId id, Sending sending)
                            throws IOException, InterruptedException {
                        inner.bring(id, sending);
                        inner.drop(id);
                    }

                    @Override
                    public boolean goOn(MoveId id, byte[] state)
                            throws IOException, InterruptedException {
                        return inner.goOn(id, state);
                    }

                    @Override
                    public void drop(MoveId id) {}
                };
        NotMovedException lost =
                assertThrows(NotMovedException.class, () -> over(deaf).move(running.id(), THERE));
        assertTrue(lost.getMessage().startsWith("it is lost"), lost.getMessage());
        assertInstanceOf(Outcome.Moved.class, running.end());
        assertEquals(0, moves.thereRunning());
    }

    @Test
    void whereNoNodeIsNothingGoes() throws Exception {
        Running running = moves.begun();
        CallMoves mover = over(moves.link());
        assertThrows(
                NotMovedException.class, () -> mover.move(running.id(), new NodeName("nowhere")));
        moves.assertEndsHere(running);
    }
}
