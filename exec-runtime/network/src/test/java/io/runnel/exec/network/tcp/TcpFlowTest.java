package io.runnel.exec.network.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.network.tcp.TcpFlow.Phase;
import io.runnel.exec.network.wire.FrameWriter;
import io.runnel.exec.network.wire.TcpOptions;
import io.runnel.exec.network.wire.TcpSegment;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Consumer;

final class TcpFlowTest {
    private static final int RUNS = 150;

    private static byte[] some(Random random, int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void eachSeed(Consumer<Random> test) {
        long first = new Random().nextLong();
        for (int i = 0; i < RUNS; i++) {
            try {
                test.accept(new Random(first + i));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + (first + i), e);
            }
        }
    }

    /** Who has heard the last word closes at once, and the other may ask in vain whether it has. */
    private static void carriesEverything(Random random, double trouble) {
        byte[] there = some(random, 400_000);
        byte[] back = some(random, 400_000);
        FlowPair pair = new FlowPair(random, trouble, there, back);
        while (pair.step()) {
            assertFalse(pair.now() > 1e14, "it takes for ever");
        }
        assertArrayEquals(there, pair.called().heard());
        assertArrayEquals(back, pair.caller().heard());
        boolean callerKnows = pair.caller().flow().isFinished();
        boolean calledKnows = pair.called().flow().isFinished();
        assertTrue(trouble == 0 ? callerKnows && calledKnows : callerKnows || calledKnows);
    }

    @Test
    void whatIsSaidIsHeardOnceAndInOrder() {
        eachSeed(random -> carriesEverything(random, 0));
    }

    @Test
    void aWireThatLosesRepeatsAndReordersChangesNothing() {
        eachSeed(random -> carriesEverything(random, 0.15));
    }

    /** Some steps of a connection that goes on; both ends are open then. */
    private static FlowPair begun(Random random) {
        FlowPair pair = new FlowPair(random, 0, new byte[2_000_000], new byte[2_000_000]);
        while (!pair.isOpen()) {
            pair.step();
        }
        for (int i = random.nextInt(15); i > 0; i--) {
            pair.step();
        }
        assertTrue(pair.isOpen());
        return pair;
    }

    private static TcpSegment reset(FlowPoint point) {
        ByteBuffer out = ByteBuffer.allocate(FrameWriter.MOST_HEADERS);
        FlowPoint.reset(new FrameWriter(out), point);
        byte[] frame = new byte[out.flip().remaining()];
        out.get(frame);
        return FlowPair.parse(frame);
    }

    @Test
    void theResetOfAPointIsObeyedByTheOtherEnd() {
        eachSeed(
                random -> {
                    FlowPair pair = begun(random);
                    TcpFlow other = pair.caller().flow();
                    FlowPoint point = pair.called().flow().point().orElseThrow();
                    // What is on the wire comes first.
                    while (pair.wireToCaller() > 0) {
                        pair.deliverToCaller();
                    }
                    other.accept(reset(point), pair.now());
                    assertTrue(other.isClosed(), point.toString());
                });
    }

    @Test
    void aResetWithAnotherNumberIsAskedAboutAndNotObeyed() {
        eachSeed(
                random -> {
                    FlowPair pair = begun(random);
                    TcpFlow flow = pair.called().flow();
                    FlowPoint guest = flow.point().orElseThrow();
                    var unused = FlowPair.emitted(flow, pair.now());
                    int off = 1 + random.nextInt(1000);
                    flow.accept(reset(new FlowPoint(FlowPair.KEY, guest.fromGuest() + off, 0)), 1);
                    assertEquals(Phase.OPEN, flow.phase());
                    List<byte[]> said = FlowPair.emitted(flow, pair.now());
                    TcpSegment challenge = FlowPair.parse(said.getFirst());
                    assertEquals(guest.fromGuest(), challenge.acknowledgment());
                });
    }

    @Test
    void nothingThatAGuestSendsBreaksIt() {
        eachSeed(
                random -> {
                    FlowPair pair = begun(random);
                    TcpFlow flow = pair.called().flow();
                    for (int i = 0; i < 300; i++) {
                        flow.accept(any(random, flow), pair.now());
                        assertTrue(flow.room() >= 0 && flow.forPeer() >= 0);
                        flow.passedOn(random.nextInt(flow.forPeer() + 1));
                        flow.expire(pair.now() + random.nextLong(1L << 42));
                        FlowPair.emitted(flow, pair.now()).forEach(FlowPair::parse);
                    }
                });
    }

    /** Numbers near those that count, and others. */
    private static TcpSegment any(Random random, TcpFlow flow) {
        FlowPoint point = flow.point().orElse(new FlowPoint(FlowPair.KEY, 0, 0));
        int near = random.nextInt(200_000) - 100_000;
        int flags = random.nextInt(64) & (random.nextInt(20) == 0 ? 63 : ~TcpSegment.RST);
        return new TcpSegment(
                4000,
                80,
                random.nextBoolean() ? point.fromGuest() + near : random.nextInt(),
                random.nextBoolean() ? point.toGuest() + near : random.nextInt(),
                flags,
                random.nextInt(65_536),
                new TcpOptions(1460, OptionalInt.of(random.nextInt(15))),
                ByteBuffer.allocate(random.nextInt(3000)));
    }

    @Test
    void aPeerThatIsNotThereRefuses() {
        FlowPair pair = new FlowPair(new Random(1), 0, new byte[0], new byte[0]);
        TcpFlow caller = pair.caller().flow();
        TcpSegment syn = FlowPair.parse(FlowPair.emitted(caller, 1).getFirst());
        TcpFlow called = new TcpFlow(FlowPair.KEY, syn, 77, 1 << 16, new ByteBudget(1 << 20));
        called.refuse();
        TcpSegment reset = FlowPair.parse(FlowPair.emitted(called, 1).getFirst());
        assertTrue(reset.has(TcpSegment.RST | TcpSegment.ACK));
        assertEquals(syn.sequence() + 1, reset.acknowledgment());
        assertTrue(called.isClosed());
        caller.accept(reset, 1);
        assertTrue(caller.isClosed());
    }

    private static TcpFlow opened() {
        TcpFlow caller = new TcpFlow(FlowPair.KEY, 5, 1 << 16, new ByteBudget(1 << 20));
        TcpSegment syn = FlowPair.parse(FlowPair.emitted(caller, 1).getFirst());
        TcpFlow called = new TcpFlow(FlowPair.KEY, syn, 77, 1 << 16, new ByteBudget(1 << 20));
        called.connected();
        caller.accept(FlowPair.parse(FlowPair.emitted(called, 1).getFirst()), 1);
        called.accept(FlowPair.parse(FlowPair.emitted(caller, 1).getFirst()), 1);
        assertEquals(Phase.OPEN, called.phase());
        return called;
    }

    @Test
    void aGuestThatHasNoRoomIsAskedForAsLongAsItAnswers() {
        TcpFlow flow = opened();
        FlowPoint point = flow.point().orElseThrow();
        int number = point.toGuest();
        flow.fromPeer(ByteBuffer.allocate(1000));
        long now = 1;
        flow.accept(noRoom(point, number), now);
        var unused = FlowPair.emitted(flow, now);
        for (int i = 0; i < 40; i++) {
            now = flow.dueNanos();
            flow.expire(now);
            List<byte[]> probe = FlowPair.emitted(flow, now);
            assertEquals(1, FlowPair.parse(probe.getFirst()).payload().remaining());
            flow.accept(noRoom(point, number), now);
            assertEquals(Phase.OPEN, flow.phase());
        }
    }

    private static TcpSegment noRoom(FlowPoint point, int number) {
        return new TcpSegment(
                4000,
                80,
                point.fromGuest(),
                number,
                TcpSegment.ACK,
                0,
                new TcpOptions(1460, OptionalInt.empty()),
                ByteBuffer.allocate(0));
    }

    @Test
    void aGuestThatAnswersNothingIsGivenUp() {
        TcpFlow flow = opened();
        flow.fromPeer(ByteBuffer.allocate(10));
        long now = 1;
        int tries = 0;
        while (!flow.isClosed()) {
            var unused = FlowPair.emitted(flow, now);
            now = flow.dueNanos();
            flow.expire(now);
            tries++;
            assertTrue(tries < 20);
        }
        assertTrue(tries > 5, "after " + tries);
    }
}
