package io.runnel.routing.cache;

/**
 * Which answers went lately without having been given often, by 32 bits of each: a table with room
 * for one at each place, in which newer ones take the places of older. For one thread at a time.
 */
final class Ghosts {
    private final int[] marks;
    private final int[] turns;
    private int turn;

    /**
     * Room for so many.
     *
     * @param places a power of two
     */
    Ghosts(int places) {
        this.marks = new int[places];
        this.turns = new int[places];
    }

    void add(long mark) {
        int place = place(mark);
        turn++;
        marks[place] = upper(mark);
        turns[place] = turn;
    }

    /** Whether it is among the last so many that went; then it is no longer. */
    boolean take(long mark, int ofLast) {
        int place = place(mark);
        boolean known = marks[place] == upper(mark) && turns[place] != 0;
        boolean lately = known && turn - turns[place] < ofLast;
        if (known) {
            turns[place] = 0;
        }
        return lately;
    }

    private int place(long mark) {
        return (int) mark & (marks.length - 1);
    }

    private static int upper(long mark) {
        return (int) (mark >>> Integer.SIZE);
    }
}
