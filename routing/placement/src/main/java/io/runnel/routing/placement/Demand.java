package io.runnel.routing.placement;

/**
 * How much a task is asked for at a POP, against what the POP can hold.
 *
 * @param recentCalls faded with {@link Popularity#HALF_LIFE}
 * @param lastingCalls faded with {@link Popularity#LASTING_HALF_LIFE}
 * @param memoryBytes what its program costs when it is ready
 * @param seasoned whether this POP has counted for long enough that what is seldom called can be
 *     told from what is called once
 * @param worthBar calls a second for each byte, below which a task finds no room among those worth
 *     more; 0 while there is room for all
 * @param slotBar calls a second, below which a task gets no slot when those called more need theirs
 */
public record Demand(
        float recentCalls,
        float lastingCalls,
        long memoryBytes,
        boolean seasoned,
        double worthBar,
        double slotBar) {

    /** Of a task that nobody asks for. */
    public static final Demand NONE = new Demand(0, 0, 1, false, 0, 0);

    /** What is ready stays as long as it is worth this part of what has to be worth to come in. */
    private static final double STAYING = 0.7;

    private static final double RECENT_RATE = Math.log(2) / Popularity.HALF_LIFE.toSeconds();
    private static final double LASTING_RATE =
            Math.log(2) / Popularity.LASTING_HALF_LIFE.toSeconds();

    /** What a task has to have been called lastingly; one call alone says nothing. */
    private static final float LEAST_LASTING = 1.5f;

    /** As much of it has to be older than a minute or so: a burst is not a habit. */
    private static final float LEAST_OLDER = 0.5f;

    /** Calls a second. */
    public double rate() {
        return rate(recentCalls, lastingCalls);
    }

    static double rate(float recent, float lasting) {
        double lastingly = lasting * LASTING_RATE;
        return recent >= Popularity.POPULAR_CALLS
                ? Math.max(recent * RECENT_RATE, lastingly)
                : lastingly;
    }

    /** Calls a second for each byte that it costs. */
    public double worth() {
        return rate() / memoryBytes;
    }

    /** Whether it is called often, or returns lastingly. */
    public boolean isWanted() {
        return isWanted(recentCalls, lastingCalls, seasoned);
    }

    /** The same, where so many calls lately are often. */
    boolean isWanted(double popularFrom) {
        return recentCalls >= popularFrom || isWanted();
    }

    static boolean isWanted(float recent, float lasting, boolean seasoned) {
        return recent >= Popularity.POPULAR_CALLS
                || (seasoned && lasting >= LEAST_LASTING && lasting - recent >= LEAST_OLDER);
    }

    /**
     * Whether it is worth its memory here.
     *
     * @param ready whether it has that memory already: then a little less is enough
     */
    public boolean isWorthIt(boolean ready) {
        return worth() >= (ready ? worthBar * STAYING : worthBar);
    }

    /** Whether those called more leave slots for it. */
    public boolean hasRank() {
        return rate() >= slotBar;
    }
}
