package io.runnel.topology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gathers what is wrong with a file, up to a limit. */
final class Problems {
    /** Nobody reads more, and a hostile file could have a hundred thousand. */
    static final int MOST = 100;

    private final List<Problem> found = new ArrayList<>();
    private int dropped;

    void add(Mark at, String path, String message) {
        if (found.size() < MOST) {
            found.add(new Problem(at.line(), at.column(), path, message));
        } else {
            dropped++;
        }
    }

    /** Once it is full, a problem's message need not be composed with care. */
    boolean isFull() {
        return found.size() >= MOST;
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** In the order of the file. */
    TopologyException exception() {
        List<Problem> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
        if (dropped > 0) {
            sorted.add(new Problem(0, 0, "", "and %d more problems".formatted(dropped)));
        }
        return new TopologyException(TopologyException.Code.INVALID, sorted);
    }
}
