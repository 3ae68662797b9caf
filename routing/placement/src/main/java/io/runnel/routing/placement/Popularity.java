package io.runnel.routing.placement;

import io.runnel.exec.task.TaskRef;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * How much each task is asked for at this node, for any number of tasks in 3.3 MiB. A call counts 1
 * when it comes; by one measure half of that is left after 60 s, by another after {@link
 * #LASTING_HALF_LIFE}.
 *
 * <p>A task is popular at 20 calls by the first measure. That alone would leave to regions what is
 * called every few minutes, all day, though there is room for it: so once the node has counted for
 * a quarter of an hour, a task is wanted too that has returned by the second measure. And it would
 * let whatever is called often push out everything else, whatever it costs: so each has to be worth
 * its memory. {@link #tend} finds the bar, in calls a second for each byte, above which all that is
 * wanted fits into the memory there is; a hundred small tasks that are called now and then stand
 * above a huge one that is called more than any of them. What is ready already needs a little less
 * than the bar, so that tasks of nearly equal worth do not push each other out by turns. While
 * there is room for all, as on a node that is empty, the bar is 0, and 20 calls are all it takes.
 *
 * <p>The difficulty is to stay right when more tasks come than can be remembered. An exact table of
 * the hottest, which evicts the least counted, forgets a task that is on its way up whenever a
 * flood of tasks comes that are called once. A sketch forgets nothing, but its error grows with the
 * flood, until everything looks popular. So both work together, after the Augmented Sketch (Roy,
 * Khan and Alonso, SIGMOD 2016), with counts that fade (forward decay: Cormode, Shkapenyuk,
 * Srivastava and Xu, ICDE 2009):
 *
 * <ul>
 *   <li>A task in the table of {@link HotTable} is counted there, exactly. Only such a task can be
 *       popular.
 *   <li>Another one is counted in the {@link DecayingSketch}. When its estimate, less what others
 *       may have brought to it, is a whole call more than the coldest of its set in the table, the
 *       two change places: the one that leaves is raised in the sketch to what it had, so nothing
 *       that was counted is lost.
 *   <li>A task enters the table with its estimate, but with 10 recent calls at most, and never for
 *       one that has more. Hence, whatever the flood: a task with 10 calls or more is not driven
 *       out; and as at most 10 calls of an estimate are ever believed, a task with less than 10
 *       calls of its own is not popular.
 *   <li>What was called often long ago gives its place to what is called often now: of lasting
 *       calls at most 9 count for a place.
 *   <li>As long as the table has room, which is nearly always, every count is exact from the first
 *       call on.
 * </ul>
 *
 * <p>Tasks are told apart by a 64-bit hash under a random key, so that nobody can name a task such
 * that it shares another's count. Lock-free, allocates nothing that grows with the tasks, any
 * thread; calls of one task that are counted at the same instant on several threads may lose one of
 * them.
 */
public final class Popularity {
    /** Calls, faded, from which on a task is popular. */
    public static final int POPULAR_CALLS = 20;

    /** How long until a call counts half. */
    public static final Duration HALF_LIFE = Duration.ofSeconds(60);

    /** How long until a call counts half by the longer measure. */
    public static final Duration LASTING_HALF_LIFE = Duration.ofHours(1);

    /** How often {@link #tend} should be called. */
    public static final Duration TEND_EVERY = Duration.ofSeconds(10);

    /** How long it counts before it tells what returns from what comes once. */
    public static final Duration SEASONED_AFTER = Duration.ofMinutes(15);

    private static final float MOST_BELIEVED = POPULAR_CALLS / 2f;
    private static final Decay RECENT = new Decay(HALF_LIFE);
    private static final Decay LASTING = new Decay(LASTING_HALF_LIFE);
    private static final Bars NO_BARS = new Bars(0, 0);

    private record Bars(double worth, double slots) {}

    private final long originNanos;
    private final long seed;
    private final long multiplier;
    private final long warmBytes;
    private final int slots;
    private final HotTable table = new HotTable(RECENT, LASTING);
    private final DecayingSketch sketch = new DecayingSketch(RECENT, LASTING);
    private final RunTimes times = new RunTimes(table, this);
    private final ReentrantLock tending = new ReentrantLock();

    /** For the thread that holds the lock. */
    private final LogSums sums = new LogSums();

    private volatile Bars bars = NO_BARS;

    /**
     * Nothing is popular yet, and there is room for everything.
     *
     * @param nowNanos now, on the clock of all later calls
     * @param random draws the key of the hash
     */
    public Popularity(long nowNanos, RandomGenerator random) {
        this(nowNanos, random, Long.MAX_VALUE, Integer.MAX_VALUE);
    }

    /**
     * Nothing is popular yet.
     *
     * @param nowNanos now, on the clock of all later calls
     * @param random draws the key of the hash
     * @param warmBytes memory for programs that are ready
     * @param slots calls that run at once
     */
    public Popularity(long nowNanos, RandomGenerator random, long warmBytes, int slots) {
        this.originNanos = nowNanos;
        this.seed = random.nextLong();
        this.multiplier = random.nextLong() | 1;
        this.warmBytes = warmBytes;
        this.slots = slots;
    }

    /** How long calls take. */
    public RunTimes times() {
        return times;
    }

    /** What stands for a task in all that is asked here. */
    public long key(TaskRef task) {
        return hash(task);
    }

    /** Counts a call; whether the task is popular with it, be there room for it or not. */
    public boolean record(TaskRef task, long nowNanos) {
        return record(hash(task), 1, nowNanos).recentCalls() >= POPULAR_CALLS;
    }

    /**
     * Counts a call.
     *
     * @param key of its task
     * @param memoryBytes what its program costs when it is ready, positive
     */
    public Demand record(long key, long memoryBytes, long nowNanos) {
        int tick = tick(nowNanos);
        int place = table.find(key);
        if (place >= 0) {
            table.add(place, tick);
            table.cost(place, memoryBytes);
            return demand(
                    table.recent(place, tick), table.lasting(place, tick), memoryBytes, nowNanos);
        }
        long counts = recordUnknown(key, memoryBytes, tick);
        return demand(
                DecayingSketch.recent(counts),
                DecayingSketch.lasting(counts),
                memoryBytes,
                nowNanos);
    }

    /** As {@link #record(long, long, long)}, without counting a call. */
    public Demand look(long key, long memoryBytes, long nowNanos) {
        int tick = tick(nowNanos);
        int place = table.find(key);
        if (place >= 0) {
            return demand(
                    table.recent(place, tick), table.lasting(place, tick), memoryBytes, nowNanos);
        }
        long counts = believed(sketch.estimate(key, tick), sketch.noise(tick));
        return demand(
                DecayingSketch.recent(counts),
                DecayingSketch.lasting(counts),
                memoryBytes,
                nowNanos);
    }

    private Demand demand(float recent, float lasting, long memoryBytes, long nowNanos) {
        Bars now = bars;
        double worth = memoryBytes > warmBytes ? Double.MAX_VALUE : now.worth();
        return new Demand(recent, lasting, memoryBytes, isSeasoned(nowNanos), worth, now.slots());
    }

    private boolean isSeasoned(long nowNanos) {
        return nowNanos - originNanos >= SEASONED_AFTER.toNanos();
    }

    /** Whether the task is popular. */
    public boolean isPopular(TaskRef task, long nowNanos) {
        int place = table.find(hash(task));
        return place >= 0 && table.recent(place, tick(nowNanos)) >= POPULAR_CALLS;
    }

    /** The calls of a task, faded: exact for what is often called, never too few for the rest. */
    public double calls(TaskRef task, long nowNanos) {
        long hash = hash(task);
        int tick = tick(nowNanos);
        int place = table.find(hash);
        return place >= 0
                ? table.recent(place, tick)
                : DecayingSketch.recent(sketch.estimate(hash, tick));
    }

    /**
     * Looks through all that is counted exactly for the bars that tasks have to pass: some hundred
     * microseconds, for a thread that is no event loop. Who comes while another is at it does
     * nothing.
     */
    public void tend(long nowNanos) {
        if (tending.tryLock()) {
            try {
                double worth = worthBar(nowNanos);
                bars = new Bars(worth, slotBar(nowNanos, worth));
            } finally {
                tending.unlock();
            }
        }
    }

    private double worthBar(long nowNanos) {
        int tick = tick(nowNanos);
        boolean seasoned = isSeasoned(nowNanos);
        sums.clear();
        for (int place = 0; place < HotTable.PLACES; place++) {
            long bytes = table.bytes(place);
            double rate = bytes <= warmBytes ? wantedRate(place, tick, seasoned) : 0;
            if (rate > 0) {
                sums.add(rate / bytes, (double) bytes);
            }
        }
        return sums.bar((double) warmBytes);
    }

    private double slotBar(long nowNanos, double worthBar) {
        int tick = tick(nowNanos);
        boolean seasoned = isSeasoned(nowNanos);
        sums.clear();
        for (int place = 0; place < HotTable.PLACES; place++) {
            double rate = wantedRate(place, tick, seasoned);
            if (rate > 0 && rate >= worthBar * table.bytes(place)) {
                sums.add(rate, rate * times.slotSeconds(place));
            }
        }
        return sums.lowBar(slots);
    }

    /** Calls a second of the task in this place; 0 if there is none that is wanted here. */
    private double wantedRate(int place, int tick, boolean seasoned) {
        if (table.bytes(place) == 0 || table.isAway(place)) {
            return 0;
        }
        float recent = table.recent(place, tick);
        float lasting = table.lasting(place, tick);
        return Demand.isWanted(recent, lasting, seasoned) ? Demand.rate(recent, lasting) : 0;
    }

    private long recordUnknown(long hash, long memoryBytes, int tick) {
        long estimate = sketch.add(hash, tick);
        long noise = sketch.noise(tick);
        int coldest = table.coldest(hash, tick);
        float heat =
                HotTable.heat(
                        DecayingSketch.recent(estimate) - DecayingSketch.recent(noise),
                        DecayingSketch.lasting(estimate) - DecayingSketch.lasting(noise));
        long believed = believed(estimate, noise);
        if (Math.min(heat, MOST_BELIEVED) >= table.heat(coldest, tick) + 1) {
            table.replace(coldest, hash, believed, tick, sketch);
            table.cost(coldest, memoryBytes);
        }
        return believed;
    }

    /** What of an estimate counts as a task's own. */
    private static long believed(long estimate, long noise) {
        return DecayingSketch.counts(
                Math.min(DecayingSketch.recent(estimate), MOST_BELIEVED),
                Math.clamp(
                        DecayingSketch.lasting(estimate) - DecayingSketch.lasting(noise),
                        0,
                        MOST_BELIEVED));
    }

    int tick(long nowNanos) {
        return Decay.tick(nowNanos - originNanos);
    }

    private long hash(TaskRef task) {
        long hash = absorb(seed, task.account().value());
        hash = absorb((hash ^ '/') * multiplier, task.name().value());
        hash = (hash ^ (hash >>> 33)) * 0xFF51_AFD7_ED55_8CCDL;
        hash = (hash ^ (hash >>> 33)) * 0xC4CE_B9FE_1A85_EC53L;
        hash ^= hash >>> 33;
        return hash == 0 ? 1 : hash;
    }

    private long absorb(long state, String text) {
        long hash = state;
        for (int i = 0; i < text.length(); i++) {
            hash = Long.rotateLeft((hash ^ text.charAt(i)) * multiplier, 29);
        }
        return hash;
    }
}
