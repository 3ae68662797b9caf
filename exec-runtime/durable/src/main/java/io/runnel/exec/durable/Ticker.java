package io.runnel.exec.durable;

import io.runnel.exec.durable.EventStore.Accepted;
import io.runnel.exec.durable.EventStore.Tick;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Schedule;
import io.runnel.exec.task.ScheduleName;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Has the ticks of schedules become events. Every node of a region does it for all of them: the
 * store keeps each tick once, so nobody has to be chosen, and none is missed while any node is up.
 *
 * <p>Safe for any thread. It does nothing by itself: somebody calls {@link #look} about once a
 * second, on a thread that may take a while, for calendars are read there.
 */
public final class Ticker {
    /**
     * The most ticks that the store is asked to keep at once: the rest are not late in a second.
     */
    static final int MOST_GIVEN = 256;

    private static final System.Logger LOG = System.getLogger(Ticker.class.getName());

    private final EventStore store;
    private final Supplier<Stream<StandingSchedule>> schedules;
    private final InstantSource clock;
    private final Runnable wake;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicInteger given = new AtomicInteger();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final LongAdder kept = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile boolean open = true;

    /** Of the one who looks. */
    private Map<Key, WaitingTick> waiting = Map.of();

    private record Key(AccountId account, ScheduleName name) {}

    /**
     * What the store said.
     *
     * @param failure why it keeps no event of the tick; empty if it does
     */
    private record Answer(WaitingTick to, Instant tick, Optional<String> failure) {}

    /**
     * A node's.
     *
     * @param schedules those that tick in this region now
     * @param wake there is something to run
     */
    public Ticker(
            EventStore store,
            Supplier<Stream<StandingSchedule>> schedules,
            InstantSource clock,
            Runnable wake) {
        this.store = store;
        this.schedules = schedules;
        this.clock = clock;
        this.wake = wake;
    }

    /** Gives the store what is due; not while another thread does. */
    public void look() {
        if (!open || !looking.compareAndSet(false, true)) {
            return;
        }
        try {
            settle();
            lookAtAll(clock.instant());
        } finally {
            looking.set(false);
        }
    }

    private void settle() {
        int late = 0;
        String why = "";
        for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
            answer.to().settle(answer.tick(), answer.failure().isEmpty());
            late += answer.failure().isPresent() ? 1 : 0;
            why = answer.failure().orElse(why);
        }
        if (late > 0) {
            failed.add(late);
            LOG.log(Level.WARNING, "{0} ticks of schedules wait: {1}", late, why);
        }
    }

    private void lookAtAll(Instant now) {
        Map<Key, WaitingTick> still = new HashMap<>();
        try (Stream<StandingSchedule> all = schedules.get()) {
            all.forEach(
                    one -> {
                        Key key = new Key(one.schedule().account(), one.schedule().name());
                        WaitingTick its = waiting.get(key);
                        WaitingTick known =
                                its != null && its.of().equals(one) ? its : new WaitingTick(one);
                        still.put(key, known);
                        lookAt(known, now);
                    });
        }
        waiting = still;
    }

    private void lookAt(WaitingTick one, Instant now) {
        if (given.get() < MOST_GIVEN) {
            one.takeDue(now).ifPresent(tick -> give(one, tick, now));
        }
    }

    private void give(WaitingTick one, Instant tick, Instant now) {
        given.incrementAndGet();
        Schedule schedule = one.of().schedule();
        var unused =
                store.accept(
                                TickEvent.of(schedule, tick, now),
                                new Tick(schedule.account(), schedule.name(), tick))
                        .whenComplete(
                                (kept, failure) -> {
                                    given.decrementAndGet();
                                    answers.add(
                                            new Answer(one, tick, whyNot(schedule, kept, failure)));
                                    if (kept == Accepted.KEPT) {
                                        this.kept.increment();
                                        wake.run();
                                    }
                                });
    }

    private static Optional<String> whyNot(Schedule schedule, Accepted kept, Throwable failure) {
        if (failure != null) {
            return Optional.of(failure.toString());
        }
        return kept == Accepted.TOO_MANY
                ? Optional.of(schedule.account() + " has too many events")
                : Optional.empty();
    }

    /** How many ticks this node made events of. */
    public long kept() {
        return kept.sum();
    }

    /** How often a tick could not become one, and was to wait. */
    public long failed() {
        return failed.sum();
    }

    /** Gives the store nothing more. */
    public void stop() {
        open = false;
    }
}
