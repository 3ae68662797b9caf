package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.RuntimeKind;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.ToDoubleFunction;

class EvictionTest {
    private static final int KIB = 1024;
    private static final long NOW_MS = 1_000_000;

    private final PoolBudget budget = new PoolBudget(ByteSize.ofMiB(1));
    private final PoolCounters counters = new PoolCounters();
    private final WarmPool pool = new WarmPool(budget);
    private int programs;
    private int isolateKib = 1;

    /** A program that was called, with one idle isolate of 1 KiB. */
    private OpenProgram program(int kib, long startNanos, double chance) {
        OpenProgram program = unused(kib, startNanos, chance);
        PooledIsolate isolate = program.take(Optional.empty(), programs).orElseThrow();
        isolate.isolate().prepare();
        program.giveBack(isolate, KeptLimits.DEFAULT, programs);
        pool.makeRoom(NOW_MS);
        return program;
    }

    private OpenProgram unused(int kib, long startNanos, double chance) {
        return unused(new AccountId("demo"), kib, startNanos, chance);
    }

    private OpenProgram unused(AccountId account, int kib, long startNanos, double chance) {
        FakeProgram fake =
                new FakeProgram(
                        (call, in, out, log) -> 0,
                        kib * (long) KIB,
                        isolateKib * (long) KIB,
                        true,
                        new CountDownLatch(0),
                        () -> {});
        CodeDigest code = CodeDigest.of(new byte[] {(byte) programs, (byte) (programs++ >> 8)});
        OpenProgram program =
                new OpenProgram(
                        new ProgramKey(RuntimeKind.WASM, code),
                        account,
                        fake,
                        startNanos,
                        budget,
                        counters,
                        NOW_MS);
        program.touch(programs);
        program.expect(chance, 0);
        pool.add(program, NOW_MS);
        return program;
    }

    @Test
    void whatIsLeastWorthItsMemoryGoesFirst() {
        OpenProgram unlikely = program(220, 5_000_000, 0.1);
        OpenProgram likely = program(220, 5_000_000, 0.9);
        OpenProgram cheap = program(220, 1_000_000, 0.9);
        OpenProgram slow = program(220, 50_000_000, 0.05);
        assertFalse(unlikely.isClosed());
        OpenProgram last = program(220, 5_000_000, 0.5);
        // Expected to save 0.5, 4.5, 0.9, 2.5 and 2.5 ms.
        assertTrue(unlikely.isClosed());
        assertFalse(likely.isClosed() || cheap.isClosed() || slow.isClosed() || last.isClosed());
        OpenProgram large = program(300, 5_000_000, 0.9);
        assertTrue(cheap.isClosed());
        assertFalse(likely.isClosed() || slow.isClosed() || last.isClosed() || large.isClosed());
    }

    @Test
    void anAccountKeepsItsShareOfWhatIsLeastWorthToItAndOthersKeepAll() {
        AccountId limited = new AccountId("limited");
        OpenProgram others = unused(100, 1_000_000, 0.01);
        OpenProgram likely = unused(limited, 100, 5_000_000, 0.9);
        OpenProgram unlikely = unused(limited, 100, 5_000_000, 0.1);
        OpenProgram middling = unused(limited, 100, 5_000_000, 0.5);
        // Those that were opened last have a call on its way to them.
        long later = NOW_MS + 60_000;
        ToDoubleFunction<AccountId> share = account -> account.equals(limited) ? 0.2 : 1;
        pool.holdToShares(account -> 1, later);
        assertFalse(unlikely.isClosed());
        pool.holdToShares(share, NOW_MS);
        assertFalse(unlikely.isClosed());
        pool.holdToShares(share, later);
        assertTrue(unlikely.isClosed());
        assertFalse(likely.isClosed() || middling.isClosed() || others.isClosed());
        assertEquals(3, pool.all().size());
        pool.holdToShares(share, later);
        assertFalse(likely.isClosed() || middling.isClosed());
    }

    @Test
    void whatSavesAsMuchWithLessMemoryStays() {
        OpenProgram large = program(500, 5_000_000, 0.5);
        OpenProgram small = program(100, 5_000_000, 0.5);
        OpenProgram later = program(500, 5_000_000, 0.6);
        assertTrue(large.isClosed());
        assertFalse(small.isClosed() || later.isClosed());
        OpenProgram last = program(500, 5_000_000, 0.6);
        assertTrue(later.isClosed(), "although it is likelier than the small one");
        assertFalse(small.isClosed() || last.isClosed());
    }

    @Test
    void ofEqualWorthTheLongestUnusedGoesFirst() {
        OpenProgram first = program(300, 1_000_000, 0.5);
        OpenProgram second = program(300, 1_000_000, 0.5);
        OpenProgram third = program(300, 1_000_000, 0.5);
        first.touch(1_000);
        OpenProgram fourth = program(300, 1_000_000, 0.5);
        assertTrue(second.isClosed());
        assertFalse(first.isClosed() || third.isClosed() || fourth.isClosed());
    }

    @Test
    void whatIsInUseStaysWhateverItIsWorth() {
        OpenProgram running = program(600, 1, 0);
        PooledIsolate isolate = running.take(Optional.empty(), 1).orElseThrow();
        OpenProgram other = program(600, 5_000_000, 1);
        assertTrue(other.isClosed(), "one of them has to go");
        assertFalse(running.isClosed());
        assertEquals(IsolateState.RUNNING, isolate.state());
        running.giveBack(isolate, KeptLimits.DEFAULT, 2);
        assertFalse(running.isClosed(), "it fits now");
    }

    @Test
    void theLastFewThatWaitForTheirFirstCallStay() {
        List<OpenProgram> opened = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            opened.add(unused(300, 1_000_000, 0));
        }
        assertTrue(opened.get(0).isClosed() && opened.get(1).isClosed());
        assertTrue(opened.stream().skip(2).noneMatch(OpenProgram::isClosed));
        // Whatever is too large for the pool runs all the same, and goes when it has.
        OpenProgram huge = unused(10_000, 1_000_000, 1);
        assertFalse(huge.isClosed());
        PooledIsolate isolate = huge.take(Optional.empty(), 1).orElseThrow();
        huge.giveBack(isolate, KeptLimits.DEFAULT, 2);
        pool.makeRoom(NOW_MS);
        assertTrue(huge.isClosed());
    }

    @Test
    void noneWaitsForItsFirstCallForLong() {
        OpenProgram first = unused(600, 1_000_000, 0.1);
        OpenProgram second = unused(600, 1_000_000, 0.2);
        pool.makeRoom(NOW_MS + 9_999);
        assertFalse(first.isClosed() || second.isClosed());
        pool.makeRoom(NOW_MS + 10_000);
        assertTrue(first.isClosed());
        assertFalse(second.isClosed());
    }

    @Test
    void spareIsolatesGoBeforeTheLast() {
        isolateKib = 30;
        OpenProgram program = program(100, 5_000_000, 1);
        List<PooledIsolate> taken = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            taken.add(program.take(Optional.empty(), 10).orElseThrow());
        }
        for (int i = 0; i < 8; i++) {
            taken.get(i).isolate().prepare();
            program.giveBack(taken.get(i), KeptLimits.DEFAULT, 10 + i);
        }
        program.expect(1, 3);
        assertEquals(340 * KIB, budget.used().bytes());
        // Somebody else's: it is exceeded by 20 KiB, and relieved when 84 KiB are free again.
        budget.add(704 * KIB);
        pool.makeRoom(NOW_MS);
        assertEquals(taken.subList(3, 8), program.idle(), "the longest unused of them go");
    }

    @Test
    void whatOneHasMoreThanOneOfGoesBeforeTheOnlyOneOfAnother() {
        isolateKib = 100;
        OpenProgram only = program(10, 1_000_000_000, 0.4);
        OpenProgram many = program(10, 1_000_000_000, 0.5);
        List<PooledIsolate> taken = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            taken.add(many.take(Optional.empty(), 10).orElseThrow());
        }
        taken.forEach(isolate -> isolate.isolate().prepare());
        taken.forEach(isolate -> many.giveBack(isolate, KeptLimits.DEFAULT, 20));
        budget.add(20 * KIB);
        pool.makeRoom(NOW_MS);
        assertEquals(1, only.idle().size());
        assertEquals(8, many.idle().size());
    }

    @Test
    void aFloodOfTasksThatAreCalledOnceLeavesWhatIsCalledOften() {
        List<OpenProgram> warm = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            warm.add(program(100, 5_000_000, 0.8));
        }
        for (int i = 0; i < 1_000; i++) {
            program(100, 5_000_000, 0.1);
        }
        assertTrue(warm.stream().noneMatch(OpenProgram::isClosed));
        assertTrue(budget.used().bytes() <= ByteSize.ofMiB(1).bytes());
        assertTrue(pool.all().size() <= 10, () -> pool.all().size() + " are open");
    }
}
