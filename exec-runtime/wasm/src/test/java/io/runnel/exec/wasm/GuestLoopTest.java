package io.runnel.exec.wasm;

import static io.runnel.exec.wasm.ModuleBytes.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;

/** Loops that go round until a number equals a limit. */
class GuestLoopTest {
    private static final int MOST_ROUNDS = 3000;

    /** Adds the step to the first parameter until it is the second; gives up after some rounds. */
    private static CompiledGuest counting(int step) throws Exception {
        return CompiledGuest.ofFunction(
                rounds().raw(0x20, 0, 0x41)
                        .signed(step)
                        .raw(0x6A, 0x22, 0, 0x20, 1, 0x47, 0x0D, 0)
                        .add(end()));
    }

    /** A block with a loop that counts its rounds in variable 2, and leaves after many. */
    private static ModuleBytes rounds() {
        return bytes().raw(1, 1, 0x7F, 0x02, 0x40, 0x03, 0x40)
                .raw(0x20, 2, 0x41, 1, 0x6A, 0x21, 2, 0x20, 2, 0x41)
                .signed(MOST_ROUNDS)
                .raw(0x4B, 0x0D, 1);
    }

    /** The end of both; gives rounds * 31 + parameter 0. */
    private static ModuleBytes end() {
        return bytes().raw(0x0B, 0x0B, 0x20, 2, 0x41, 31, 0x6C, 0x20, 0, 0x6A, 0x0B);
    }

    private static int expected(int from, int limit, int step) {
        int number = from;
        int rounds = 0;
        while (++rounds <= MOST_ROUNDS) {
            number += step;
            if (number == limit) {
                break;
            }
        }
        return rounds * 31 + number;
    }

    @Test
    void countsAsItWouldIfItAskedEachTime() throws Exception {
        Random random = new Random(7);
        for (int step : List.of(1, 4, 3, 0x10000001, -1, -12, Integer.MIN_VALUE + 1)) {
            CompiledGuest guest = counting(step);
            assertEquals(List.of("turns"), turns(guest), "it is one that is counted");
            for (int i = 0; i < 200; i++) {
                int from = random.nextInt();
                int rounds = random.nextInt(2 * MOST_ROUNDS);
                int limit = from + rounds * step + (i % 4 == 0 ? random.nextInt(3) - 1 : 0);
                assertEquals(
                        expected(from, limit, step),
                        guest.apply(from, limit),
                        "from %d to %d by %d".formatted(from, limit, step));
            }
            for (int rounds = 0; rounds < 5; rounds++) {
                int limit = rounds * step;
                assertEquals(expected(0, limit, step), guest.apply(0, limit));
                assertEquals(expected(limit, 0, step), guest.apply(limit, 0));
            }
        }
    }

    private static List<String> turns(CompiledGuest guest) {
        return guest.calls(1).stream().filter("turns"::equals).toList();
    }

    @Test
    void aNumberThatIsAlsoSetElsewhereIsNotCounted() throws Exception {
        // Parameter 0 becomes what it is besides, in the loop.
        CompiledGuest counter =
                CompiledGuest.ofFunction(
                        rounds().raw(0x20, 0, 0x21, 0, 0x20, 0, 0x41, 4, 0x6A, 0x22, 0)
                                .raw(0x20, 1, 0x47, 0x0D, 0)
                                .add(end()));
        // The limit grows by one each time.
        CompiledGuest limit =
                CompiledGuest.ofFunction(
                        rounds().raw(0x20, 1, 0x41, 1, 0x6A, 0x21, 1, 0x20, 0, 0x41, 4, 0x6A)
                                .raw(0x22, 0, 0x20, 1, 0x47, 0x0D, 0)
                                .add(end()));
        // A second way back, which passes the limit by.
        CompiledGuest twice =
                CompiledGuest.ofFunction(
                        rounds().raw(0x20, 2, 0x41, 3, 0x71, 0x0D, 0, 0x20, 0, 0x41, 4, 0x6A)
                                .raw(0x22, 0, 0x20, 1, 0x47, 0x0D, 0)
                                .add(end()));
        for (CompiledGuest guest : List.of(counter, limit, twice)) {
            assertFalse(guest.calls(1).contains("turns"), guest.calls(1).toString());
        }
        assertEquals(expected(0, 400, 4), counter.apply(0, 400));
        assertEquals(100 * 31 + 400, limit.apply(0, 300));
        assertEquals(400 * 31 + 400, twice.apply(0, 400));
    }
}
