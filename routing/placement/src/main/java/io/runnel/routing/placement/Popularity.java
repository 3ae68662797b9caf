package io.runnel.routing.placement;

import io.runnel.exec.task.TaskRef;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often each task was called at this node lately, for any number of tasks in 2.3 MiB. A call
 * counts 1 when it comes and half of that after each 60 s; a task is popular at 20.
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
 *   <li>Another one is counted in the {@link DecayingSketch}. When its estimate is a whole call
 *       more than the coldest of its set in the table, the two change places: the one that leaves
 *       is raised in the sketch to what it had, so nothing that was counted is lost.
 *   <li>A task enters the table with its estimate, but with 10 at most, and never for one that has
 *       more. Hence, whatever the flood: a task with 10 calls or more is not driven out; and as at
 *       most 10 calls of an estimate are ever believed, a task with less than 10 calls of its own
 *       is not popular.
 *   <li>As long as the table has room, which is nearly always, every count is exact from the first
 *       call on.
 * </ul>
 *
 * <p>Tasks are told apart by a 64-bit hash under a random key, so that nobody can name a task such
 * that it shares another's count. Lock-free, allocates nothing, any thread; calls of one task that
 * are counted at the same instant on several threads may lose one of them.
 */
public final class Popularity {
    /** Calls, faded, from which on a task is popular. */
    public static final int POPULAR_CALLS = 20;

    /** How long until a call counts half. */
    public static final Duration HALF_LIFE = Duration.ofSeconds(60);

    private static final float MOST_BELIEVED = POPULAR_CALLS / 2f;

    private final long originNanos;
    private final long seed;
    private final long multiplier;
    private final HotTable table;
    private final DecayingSketch sketch;

    /**
     * Nothing is popular yet.
     *
     * @param nowNanos now, on the clock of all later calls
     * @param random draws the key of the hash
     */
    public Popularity(long nowNanos, RandomGenerator random) {
        this.originNanos = nowNanos;
        this.seed = random.nextLong();
        this.multiplier = random.nextLong() | 1;
        var decay = new Decay(HALF_LIFE);
        this.table = new HotTable(decay);
        this.sketch = new DecayingSketch(decay);
    }

    /** Counts a call; whether the task is popular with it. */
    public boolean record(TaskRef task, long nowNanos) {
        long hash = hash(task);
        int tick = tick(nowNanos);
        int place = table.find(hash);
        return place >= 0
                ? table.add(place, tick) >= POPULAR_CALLS
                : recordUnknown(hash, tick) >= POPULAR_CALLS;
    }

    /** Whether the task is popular. */
    public boolean isPopular(TaskRef task, long nowNanos) {
        int place = table.find(hash(task));
        return place >= 0 && table.count(place, tick(nowNanos)) >= POPULAR_CALLS;
    }

    /** The calls of a task, faded: exact for what is often called, never too few for the rest. */
    public double calls(TaskRef task, long nowNanos) {
        long hash = hash(task);
        int tick = tick(nowNanos);
        int place = table.find(hash);
        return place >= 0 ? table.count(place, tick) : sketch.estimate(hash, tick);
    }

    private float recordUnknown(long hash, int tick) {
        float believed = Math.min(sketch.add(hash, tick), MOST_BELIEVED);
        int coldest = table.coldest(hash, tick);
        if (believed >= table.count(coldest, tick) + 1) {
            table.replace(coldest, hash, believed, tick, sketch);
        }
        return believed;
    }

    private int tick(long nowNanos) {
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
