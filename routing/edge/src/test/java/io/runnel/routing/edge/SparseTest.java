package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.OptionalLong;

/** What is told of what happens often. */
class SparseTest {
    private long now = 5_000;
    private final Sparse sparse = new Sparse(() -> now, 100);

    @Test
    void oneInAWhileIsToldAndTheOthersAreCounted() {
        assertEquals(OptionalLong.of(0), sparse.next());
        now += 99;
        assertEquals(OptionalLong.empty(), sparse.next());
        assertEquals(OptionalLong.empty(), sparse.next());
        now += 1;
        assertEquals(OptionalLong.of(2), sparse.next());
        now += 1_000;
        assertEquals(OptionalLong.of(0), sparse.next());
    }

    @Test
    void aClockThatIsSetBackDoesNotSilenceIt() {
        assertEquals(OptionalLong.of(0), sparse.next());
        now -= 1;
        assertEquals(OptionalLong.of(0), sparse.next());
        assertEquals(OptionalLong.empty(), sparse.next());
    }
}
