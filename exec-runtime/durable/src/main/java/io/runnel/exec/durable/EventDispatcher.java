package io.runnel.exec.durable;

import io.runnel.exec.durable.EventStore.Claim;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.EventRule;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Has a node run the events that are due, so many at once. The last place is only for an account
 * that has no event running here, so that one that fills the others holds up nobody. While events
 * run their leases are renewed; what cannot be written is written at a later tick.
 *
 * <p>Safe for any thread; never blocks. It does nothing by itself: somebody calls {@link #tick}
 * about once a second, and {@link #wake} when there is something new.
 */
public final class EventDispatcher {
    /** How long a node has an event that it does not renew. */
    public static final Duration LEASE = Duration.ofSeconds(30);

    private static final System.Logger LOG = System.getLogger(EventDispatcher.class.getName());
    private static final Duration RENEW_EVERY = LEASE.dividedBy(3);

    private final Place place;
    private final EventStore store;
    private final EventRunner runner;
    private final Function<TaskRef, EventRule> rules;
    private final EventWitness witness;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Letters letters;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<RequestId, RunningEvent> running = new LinkedHashMap<>();
    private boolean started;
    private boolean open;
    private boolean claiming;
    private boolean wanted;
    private String lastPayer = "";
    private Instant renewed = Instant.EPOCH;

    /**
     * Where events run.
     *
     * @param most at once, 1 to {@link EventStore#MOST_CLAIMED}
     */
    public record Place(String region, String node, int most) {
        /**
         * Checks the number.
         *
         * @throws IllegalArgumentException if it is none of those
         */
        public Place {
            if (most < 1 || most > EventStore.MOST_CLAIMED) {
                throw new IllegalArgumentException(
                        "events at once must be 1 to %d: %d"
                                .formatted(EventStore.MOST_CLAIMED, most));
            }
        }
    }

    /**
     * A node's; it takes nothing before {@link #start}.
     *
     * @param rules what a task's owner wants
     * @param random safe for any thread
     */
    public EventDispatcher(
            Place place,
            EventStore store,
            EventRunner runner,
            Function<TaskRef, EventRule> rules,
            EventWitness witness,
            InstantSource clock,
            RandomGenerator random) {
        this.place = place;
        this.store = store;
        this.runner = runner;
        this.rules = rules;
        this.witness = witness;
        this.clock = clock;
        this.random = random;
        this.letters = new Letters(place.region(), random);
    }

    /**
     * Begins, or goes on after {@link #stop}. The first time it gives back what the node had before
     * it ended last.
     */
    public void start() {
        if (isFirst()) {
            var unused =
                    store.release(place.node(), clock.instant())
                            .whenComplete(
                                    (count, failure) -> {
                                        logFailure("release", failure);
                                        goOn();
                                    });
        } else {
            goOn();
        }
    }

    private boolean isFirst() {
        lock.lock();
        try {
            boolean first = !started;
            started = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    private void goOn() {
        lock.lock();
        try {
            open = true;
        } finally {
            lock.unlock();
        }
        look();
    }

    /** There may be something new. */
    public void wake() {
        look();
    }

    /** Renews leases, writes what could not be written, takes what is due. */
    public void tick() {
        renew();
        unsettled().forEach(this::write);
        look();
    }

    /** The event of this id, to be run now; once for each time that it was given to the runner. */
    public Optional<KeptEvent> begin(RequestId id) {
        lock.lock();
        try {
            return Optional.ofNullable(running.get(id)).flatMap(RunningEvent::begin);
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more; what runs goes on. */
    public void stop() {
        lock.lock();
        try {
            open = false;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more, and gives back what did not end. */
    public CompletableFuture<Void> close() {
        stop();
        return store.release(place.node(), clock.instant()).thenApply(count -> null);
    }

    private void look() {
        next().ifPresent(this::claim);
    }

    private Optional<Claim> next() {
        lock.lock();
        try {
            int free = place.most() - running.size();
            if (!open || free == 0) {
                return Optional.empty();
            }
            if (claiming) {
                wanted = true;
                return Optional.empty();
            }
            claiming = true;
            wanted = false;
            return Optional.of(claimOf(free));
        } finally {
            lock.unlock();
        }
    }

    private Claim claimOf(int free) {
        Instant now = clock.instant();
        boolean last = free == 1 && place.most() > 1;
        Set<AccountId> busy =
                last
                        ? running.values().stream()
                                .map(each -> each.event().payer())
                                .collect(Collectors.toSet())
                        : Set.of();
        int most = Math.max(1, free - 1);
        return new Claim(place.node(), now, now.plus(LEASE), most, lastPayer, busy);
    }

    private void claim(Claim claim) {
        var unused =
                store.claim(claim)
                        .whenComplete(
                                (events, failure) -> {
                                    logFailure("claim", failure);
                                    claimed(claim, failure == null ? events : List.of());
                                });
    }

    private void claimed(Claim claim, List<KeptEvent> events) {
        List<RunningEvent> begun;
        boolean more;
        lock.lock();
        try {
            claiming = false;
            more = wanted || events.size() == claim.most();
            begun = open ? events.stream().map(RunningEvent::new).toList() : List.of();
            begun.forEach(each -> running.put(each.event().id(), each));
            lastPayer = events.isEmpty() ? lastPayer : events.getLast().payer().value();
        } finally {
            lock.unlock();
        }
        begun.forEach(this::run);
        if (more) {
            look();
        }
    }

    private void run(RunningEvent it) {
        KeptEvent event = it.event();
        if (RetryRule.isTooOld(event, rules.apply(event.task()), clock.instant())) {
            settle(it, new Judgement.Over(EventEnd.AGE_EXCEEDED), Optional.empty());
            return;
        }
        var unused =
                runner.run(event)
                        .whenComplete((answer, failure) -> judge(it, Optional.ofNullable(answer)));
    }

    private void judge(RunningEvent it, Optional<RunAnswer> answer) {
        KeptEvent event = it.event();
        EventRule rule = rules.apply(event.task());
        settle(it, RetryRule.judge(event, answer, rule, clock.instant(), random), answer);
    }

    private void settle(RunningEvent it, Judgement judgement, Optional<RunAnswer> answer) {
        KeptEvent event = it.event();
        Instant now = clock.instant();
        List<KeptEvent> about =
                judgement instanceof Judgement.Over(EventEnd end)
                        ? letters.of(event, end, answer, rules.apply(event.task()), now)
                        : List.of();
        lock.lock();
        try {
            it.settle(judgement, about);
        } finally {
            lock.unlock();
        }
        write(it);
    }

    private void write(RunningEvent it) {
        switch (it.judgement()) {
            case Judgement.Again(KeptEvent.Progress progress) ->
                    written(it, store.again(place.node(), it.event(), progress), kept -> {});
            case Judgement.Over(EventEnd end) ->
                    written(
                            it,
                            store.end(place.node(), it.event(), clock.instant(), it.letters()),
                            ended -> witness.ended(it.event(), end, ended));
        }
    }

    private <T> void written(RunningEvent it, CompletableFuture<T> done, Consumer<T> then) {
        var unused =
                done.whenComplete(
                        (result, failure) -> {
                            logFailure("write the end of " + it.event().id(), failure);
                            if (failure == null) {
                                then.accept(result);
                            }
                            written(it, failure == null);
                        });
    }

    private void written(RunningEvent it, boolean done) {
        lock.lock();
        try {
            if (done) {
                running.remove(it.event().id(), it);
            } else {
                it.failedToWrite();
            }
        } finally {
            lock.unlock();
        }
        if (done) {
            look();
        }
    }

    private List<RunningEvent> unsettled() {
        lock.lock();
        try {
            return running.values().stream().filter(RunningEvent::tryWriteAgain).toList();
        } finally {
            lock.unlock();
        }
    }

    private void renew() {
        Instant now = clock.instant();
        List<RequestId> ids;
        lock.lock();
        try {
            if (running.isEmpty() || now.isBefore(renewed.plus(RENEW_EVERY))) {
                return;
            }
            renewed = now;
            ids = List.copyOf(running.keySet());
        } finally {
            lock.unlock();
        }
        var unused =
                store.renew(place.node(), ids, now.plus(LEASE))
                        .whenComplete((done, failure) -> logFailure("renew leases", failure));
    }

    private static void logFailure(String what, Throwable failure) {
        if (failure != null) {
            LOG.log(Level.WARNING, "events: cannot {0}: {1}", what, failure.toString());
        }
    }
}
