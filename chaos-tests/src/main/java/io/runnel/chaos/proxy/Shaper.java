package io.runnel.chaos.proxy;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;

/**
 * Decides what becomes of the bytes of one direction of one connection, and when. It knows time
 * only from its caller and does no input or output. Not safe for several threads.
 *
 * <p>The toxics of a direction add up: latencies are summed, the smallest bandwidth holds, the
 * first limit of bytes cuts.
 */
final class Shaper {
    private static final long MILLI = 1_000_000;
    private static final long MICRO = 1_000;
    private static final long NEVER = -1;

    /** A piece that is later than this was held up: what it missed is not made up for. */
    private static final long LATE = 20 * MILLI;

    /** A toxic on this connection. */
    private static final class Running {
        final Toxic toxic;
        final boolean hit;
        final long sinceNanos;
        long sentBytes;

        Running(Toxic toxic, boolean hit, long sinceNanos, long sentBytes) {
            this.toxic = toxic;
            this.hit = hit;
            this.sinceNanos = sinceNanos;
            this.sentBytes = sentBytes;
        }
    }

    /** Bytes that came together. */
    private static final class Chunk {
        final byte[] bytes;
        final long arrivedNanos;
        int offset;
        long delayNanos = -1;

        Chunk(byte[] bytes, long arrivedNanos) {
            this.bytes = bytes;
            this.arrivedNanos = arrivedNanos;
        }

        int left() {
            return bytes.length - offset;
        }
    }

    private final RandomGenerator random;
    private final Acts acts;
    private final ArrayDeque<Chunk> queue = new ArrayDeque<>();
    private List<Running> running = List.of();
    private int queuedBytes;
    private boolean ended;
    private long endedNanos;

    /** The next piece, once it is chosen: its length and when it is due. */
    private int pieceBytes;

    private long pieceDueNanos;

    /** When the piece before was due: the next one's time starts there, if it waited for it. */
    private long paceNanos;

    private boolean paced;
    private boolean cut;

    /**
     * @param acts is told what the toxics do
     */
    Shaper(RandomGenerator random, Acts acts) {
        this.random = random;
        this.acts = acts;
    }

    /** From now on these toxics hold. One that is new or changed is drawn and starts now. */
    void apply(List<Toxic> toxics, long nowNanos) {
        List<Running> next = new ArrayList<>();
        for (Toxic toxic : toxics) {
            next.add(started(toxic, nowNanos));
        }
        // Whoever waited in a timeout finds the connection closed when that is lifted.
        cut |= hit(running, Effect.Timeout.class) && !hit(next, Effect.Timeout.class);
        running = List.copyOf(next);
        pieceBytes = 0;
        queue.forEach(chunk -> chunk.delayNanos = -1);
    }

    private Running started(Toxic toxic, long nowNanos) {
        Optional<Running> before =
                running.stream().filter(r -> r.toxic.name().equals(toxic.name())).findFirst();
        if (before.isPresent() && before.get().toxic.equals(toxic)) {
            return before.get();
        }
        long sent = before.map(r -> r.sentBytes).orElse(0L);
        return new Running(toxic, random.nextDouble() < toxic.toxicity(), nowNanos, sent);
    }

    private static boolean hit(List<Running> running, Class<? extends Effect> effect) {
        return running.stream().anyMatch(r -> r.hit && effect.isInstance(r.toxic.effect()));
    }

    /** Bytes came from the source. The array is the shaper's from now on. */
    void offer(byte[] bytes, long nowNanos) {
        queue.add(new Chunk(bytes, nowNanos));
        queuedBytes += bytes.length;
    }

    /** The source has ended. */
    void end(long nowNanos) {
        ended = true;
        endedNanos = nowNanos;
    }

    /** Bytes that came and were not sent yet. */
    int queuedBytes() {
        return queuedBytes;
    }

    /** What to do now. The bytes of a {@link Step.Send} count as sent. */
    Step next(long nowNanos) {
        if (cut) {
            return new Step.Cut();
        }
        Optional<Long> reset = soonest(Effect.ResetPeer.class, Effect.ResetPeer::timeoutMs);
        if (reset.isPresent() && reset.get() - nowNanos <= 0) {
            acted(Effect.ResetPeer.class, 1);
            return new Step.Reset();
        }
        Step step = hit(running, Effect.Timeout.class) ? vanish(nowNanos) : pass(nowNanos);
        return reset.isPresent() && step instanceof Step.Wait wait
                ? new Step.Wait(Math.min(wait.nanos(), reset.get() - nowNanos))
                : step;
    }

    private Step vanish(long nowNanos) {
        acted(Effect.Timeout.class, queue.size());
        queue.clear();
        queuedBytes = 0;
        if (ended) {
            return new Step.Finish();
        }
        Optional<Long> due =
                soonest(Effect.Timeout.class, t -> t.timeoutMs() == 0 ? NEVER : t.timeoutMs());
        if (due.isEmpty()) {
            return Step.Wait.UNTIL_CHANGE;
        }
        return due.get() - nowNanos <= 0 ? new Step.Cut() : new Step.Wait(due.get() - nowNanos);
    }

    private Step pass(long nowNanos) {
        if (hits(Effect.Bandwidth.class).stream().anyMatch(b -> b.rateKilobytes() == 0)) {
            return Step.Wait.UNTIL_CHANGE;
        }
        if (queue.isEmpty()) {
            return ended ? finish(nowNanos) : Step.Wait.UNTIL_CHANGE;
        }
        if (pieceBytes == 0) {
            choosePiece(queue.peek());
        }
        long wait = pieceDueNanos - nowNanos;
        return wait > 0 ? new Step.Wait(wait) : send(queue.peek(), nowNanos);
    }

    private Step finish(long nowNanos) {
        long delayMs =
                hits(Effect.SlowClose.class).stream().mapToLong(Effect.SlowClose::delayMs).sum();
        long wait = endedNanos + delayMs * MILLI - nowNanos;
        if (wait > 0) {
            return new Step.Wait(wait);
        }
        acted(Effect.SlowClose.class, 1);
        return new Step.Finish();
    }

    private void choosePiece(Chunk chunk) {
        if (chunk.delayNanos < 0) {
            chunk.delayNanos = delayNanos();
        }
        long start = chunk.arrivedNanos + chunk.delayNanos;
        long bytes = chunk.left();
        long costNanos = 0;
        for (Effect.Slicer slicer : hits(Effect.Slicer.class)) {
            bytes = Math.min(bytes, slice(slicer));
            acted(Effect.Slicer.class, bytes < chunk.left() ? 1 : 0);
            costNanos += slicer.delayMicros() * MICRO;
        }
        long rate =
                hits(Effect.Bandwidth.class).stream()
                        .mapToLong(Effect.Bandwidth::rateKilobytes)
                        .min()
                        .orElse(0);
        if (rate > 0) {
            bytes = Math.max(1, Math.min(bytes, rate * 100)); // at most 100 ms at once
            costNanos += bytes * MILLI / rate;
            acted(Effect.Bandwidth.class, 1);
        }
        if (paced && paceNanos - start > 0) {
            start = paceNanos;
        }
        paced = true;
        pieceBytes = (int) bytes;
        pieceDueNanos = start + costNanos;
    }

    private long delayNanos() {
        long total = 0;
        for (Effect.Latency latency : hits(Effect.Latency.class)) {
            long jitter =
                    latency.jitterMs() == 0
                            ? 0
                            : random.nextLong(-latency.jitterMs(), latency.jitterMs() + 1);
            total += Math.max(0, latency.latencyMs() + jitter) * MILLI;
            acted(Effect.Latency.class, 1);
        }
        return total;
    }

    private long slice(Effect.Slicer slicer) {
        long variation =
                slicer.variationBytes() == 0
                        ? 0
                        : random.nextLong(-slicer.variationBytes(), slicer.variationBytes() + 1);
        return Math.max(1, slicer.averageBytes() + variation);
    }

    private Step send(Chunk chunk, long nowNanos) {
        long most = pieceBytes;
        for (Running limit : running) {
            if (limit.hit && limit.toxic.effect() instanceof Effect.LimitData(long bytes)) {
                most = Math.min(most, bytes - limit.sentBytes);
                cut |= most <= 0 || limit.sentBytes + most >= bytes;
                acted(Effect.LimitData.class, cut ? 1 : 0);
            }
        }
        if (most <= 0) {
            return new Step.Cut();
        }
        int length = (int) most;
        for (Running each : running) {
            each.sentBytes += length;
        }
        ByteBuffer piece = ByteBuffer.wrap(chunk.bytes, chunk.offset, length);
        chunk.offset += length;
        queuedBytes -= length;
        paceNanos = nowNanos - pieceDueNanos > LATE ? nowNanos : pieceDueNanos;
        pieceBytes = 0;
        if (chunk.left() == 0) {
            queue.remove();
        }
        return new Step.Send(piece);
    }

    /** One of the toxics of this kind did something; nothing if there is none here. */
    private void acted(Class<? extends Effect> kind, int times) {
        running.stream()
                .filter(r -> r.hit && kind.isInstance(r.toxic.effect()))
                .limit(1)
                .forEach(r -> acts.count(r.toxic.effect().type(), times));
    }

    private <E extends Effect> List<E> hits(Class<E> kind) {
        return running.stream()
                .filter(r -> r.hit && kind.isInstance(r.toxic.effect()))
                .map(r -> kind.cast(r.toxic.effect()))
                .toList();
    }

    private <E extends Effect> Optional<Long> soonest(Class<E> kind, ToLongFunction<E> afterMs) {
        Optional<Long> soonest = Optional.empty();
        for (Running each : running) {
            if (!each.hit || !kind.isInstance(each.toxic.effect())) {
                continue;
            }
            long after = afterMs.applyAsLong(kind.cast(each.toxic.effect()));
            long due = each.sinceNanos + after * MILLI;
            if (after != NEVER && (soonest.isEmpty() || due - soonest.get() < 0)) {
                soonest = Optional.of(due);
            }
        }
        return soonest;
    }
}
