package io.runnel.exec.isolate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;

import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

class FairSharesTest {
    private static final CallStreams NOWHERE =
            new CallStreams(InputStream.nullInputStream(), OutputSink.NOWHERE, OutputSink.NOWHERE);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Map<String, Task> tasks = new HashMap<>();

    private static FairShares shares(int slots, int queue) {
        return new FairShares(
                new RunnerSettings(slots, ByteSize.ofMiB(1024), queue, Duration.ofSeconds(2)));
    }

    /** A task of this account that needs so much memory. */
    private static Task task(String account, int memoryMiB) {
        Limits limits = Limits.DEFAULT.withMemory(ByteSize.ofMiB(memoryMiB));
        return RunnerFixture.of(
                account,
                Contracts.task(RuntimeKind.WASM, "task", FakeRuntime.code("HELLO"), limits));
    }

    private Task small(String account) {
        return tasks.computeIfAbsent(account, name -> task(name, 1));
    }

    private static Call call(Task task) {
        return new Call(
                Contracts.invocation(task),
                NOWHERE,
                end -> {},
                Optional.empty(),
                0,
                Long.MAX_VALUE / 2);
    }

    private static AccountShare of(FairShares shares, Task task) {
        return shares.of(task.ref().account());
    }

    private static boolean take(FairShares shares, Task task) {
        return shares.tryTake(of(shares, task), task);
    }

    private static void giveBack(FairShares shares, Task task) {
        shares.giveBack(of(shares, task), task);
    }

    private static Call wait(FairShares shares, Task task) {
        Call call = call(task);
        shares.addWaiting(of(shares, task), call);
        return call;
    }

    @Test
    void anAccountAloneHasTheWholeNode() {
        FairShares shares = shares(4, 8);
        for (int i = 0; i < 4; i++) {
            assertTrue(take(shares, small("alone")));
        }
        assertFalse(take(shares, small("alone")));
        assertEquals(0, shares.freeSlots());
    }

    @Test
    void aSlotStaysFreeForOthersThatAreActive() {
        FairShares shares = shares(4, 8);
        assertTrue(take(shares, small("quiet")));
        giveBack(shares, small("quiet"));
        for (int i = 0; i < 3; i++) {
            assertTrue(take(shares, small("flood")));
        }
        assertFalse(take(shares, small("flood")), "the last one is not for who has three");
        assertTrue(take(shares, small("quiet")));
    }

    @Test
    void whoHoldsNoMoreThanItsShareMayHaveTheLastSlot() {
        FairShares shares = shares(4, 8);
        assertTrue(take(shares, small("one")));
        for (int i = 0; i < 2; i++) {
            assertTrue(take(shares, small("two")));
        }
        assertTrue(take(shares, small("one")), "its second of four");
        assertEquals(0, shares.freeSlots());
    }

    @Test
    void whoHoldsMoreThanItsShareOfMemoryIsBeyondIt() {
        FairShares shares = shares(4, 8);
        assertTrue(take(shares, small("other")));
        assertTrue(take(shares, task("large", 300)));
        assertTrue(take(shares, task("large", 300)), "beyond, but a slot stays free");
        giveBack(shares, task("large", 300));
        assertTrue(take(shares, small("other")));
        assertFalse(take(shares, task("large", 300)), "600 of 1024 MiB for one of two");
        assertTrue(take(shares, task("large", 200)));
    }

    @Test
    void anAccountIsActiveForAMinuteAfterItsLastCall() {
        FairShares shares = shares(2, 8);
        assertTrue(take(shares, small("quiet")));
        shares.expire(10 * SECOND, Expiring.NEVER, new ArrayList<>());
        giveBack(shares, small("quiet"));
        shares.expire(11 * SECOND, Expiring.NEVER, new ArrayList<>());
        assertTrue(take(shares, small("flood")));
        shares.expire(70 * SECOND, Expiring.NEVER, new ArrayList<>());
        assertFalse(take(shares, small("flood")), "59 s later");
        long delayNanos = shares.expire(71 * SECOND, Expiring.NEVER, new ArrayList<>());
        assertTrue(take(shares, small("flood")), "60 s later");
        assertEquals(SECOND, delayNanos, "it looks again while somebody is active");
        giveBack(shares, small("flood"));
        giveBack(shares, small("flood"));
        shares.expire(72 * SECOND, Expiring.NEVER, new ArrayList<>());
        assertEquals(
                Expiring.NEVER, shares.expire(132 * SECOND, Expiring.NEVER, new ArrayList<>()));
        assertEquals(0, shares.active());
    }

    @Test
    void waitingCallsTakeTurnsByAccount() {
        FairShares shares = shares(1, 100);
        Task running = small("flood");
        assertTrue(take(shares, running));
        List<Call> flood = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            flood.add(wait(shares, small("flood")));
        }
        Call one = wait(shares, small("one"));
        Call two = wait(shares, small("two"));
        Call oneAgain = wait(shares, small("one"));
        List<Call> order = new ArrayList<>();
        for (Optional<Call> next = giveBackAndTake(shares, running);
                next.isPresent();
                next = giveBackAndTake(shares, next.get().task())) {
            order.add(next.get());
        }
        assertEquals(
                List.of(
                        flood.get(0),
                        one,
                        two,
                        flood.get(1),
                        oneAgain,
                        flood.get(2),
                        flood.get(3),
                        flood.get(4)),
                order);
        assertEquals(0, shares.queued());
    }

    private static Optional<Call> giveBackAndTake(FairShares shares, Task ended) {
        giveBack(shares, ended);
        return shares.takeForNext();
    }

    @Test
    void whoIsWithinItsShareGoesBeforeWhoIsBeyond() {
        FairShares shares = shares(4, 100);
        for (int i = 0; i < 3; i++) {
            assertTrue(take(shares, small("flood")));
        }
        assertTrue(take(shares, small("late")));
        wait(shares, small("flood"));
        Call late = wait(shares, small("late"));
        giveBack(shares, small("flood"));
        assertEquals(Optional.of(late), shares.takeForNext());
        giveBack(shares, small("flood"));
        assertTrue(shares.takeForNext().isPresent(), "one of four holds is within a half");
    }

    @Test
    void nobodyGoesBeforeItsOwnCallsThatWait() {
        FairShares shares = shares(2, 100);
        Task large = task("one", 1024);
        assertTrue(take(shares, small("one")));
        wait(shares, large);
        assertFalse(take(shares, small("one")), "there is a slot, but another call came first");
        assertTrue(take(shares, small("two")), "somebody else need not wait for that");
    }

    @Test
    void aCallWithinItsShareOfMemoryIsNotPassedOverForEver() {
        FairShares shares = shares(8, 100);
        for (int i = 0; i < 6; i++) {
            assertTrue(take(shares, task("flood", 150)));
        }
        Call waits = wait(shares, task("other", 500));
        wait(shares, task("flood", 100));
        assertEquals(Optional.empty(), shares.takeForNext(), "124 MiB are free");
        assertFalse(take(shares, task("flood", 100)), "beyond, while somebody within waits");
        giveBack(shares, task("flood", 150));
        giveBack(shares, task("flood", 150));
        assertFalse(take(shares, task("flood", 100)));
        giveBack(shares, task("flood", 150));
        assertEquals(Optional.of(waits), shares.takeForNext());
    }

    @Test
    void aCallThatNeedsMoreMemoryThanIsFreeHoldsUpNobodyElse() {
        FairShares shares = shares(8, 100);
        assertTrue(take(shares, task("one", 100)));
        wait(shares, task("large", 1000));
        Call other = wait(shares, task("other", 100));
        assertEquals(Optional.of(other), shares.takeForNext());
        assertTrue(take(shares, task("third", 100)));
    }

    @Test
    void aFullQueueGivesAPlaceToWhoHasFewInIt() {
        FairShares shares = shares(1, 5);
        assertTrue(take(shares, small("flood")));
        List<Call> flood = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            flood.add(wait(shares, small("flood")));
        }
        assertFalse(shares.hasRoom());
        assertEquals(Optional.empty(), shares.displaceFor(of(shares, small("flood"))));
        assertEquals(Optional.of(flood.get(4)), shares.displaceFor(of(shares, small("other"))));
        assertTrue(shares.hasRoom());
        wait(shares, small("other"));
        assertEquals(Optional.of(flood.get(3)), shares.displaceFor(of(shares, small("other"))));
        wait(shares, small("other"));
        assertEquals(
                Optional.empty(), shares.displaceFor(of(shares, small("other"))), "three and two");
    }

    @Test
    void callsThatWaitForTheirCodeAreDisplacedToo() {
        FairShares shares = shares(1, 2);
        Call older = call(small("flood"));
        Call newer = call(small("flood"));
        shares.addPreparing(of(shares, small("flood")), older);
        shares.addPreparing(of(shares, small("flood")), newer);
        assertEquals(Optional.of(newer), shares.displaceFor(of(shares, small("other"))));
        assertFalse(shares.removePreparing(newer));
        assertTrue(shares.removePreparing(older));
        assertEquals(0, shares.queued());
    }

    @Test
    void whoHasNoMoreThanItsShareMayWaitWhateverOthersHave() {
        FairShares shares = shares(4, 8);
        for (int i = 0; i < 3; i++) {
            assertTrue(take(shares, small("flood")));
        }
        wait(shares, small("flood"));
        wait(shares, small("flood"));
        assertFalse(shares.hasRoom(of(shares, small("flood")), 2), "alone: two wait");
        assertTrue(shares.hasRoom(of(shares, small("flood")), 3));
        AccountShare other = of(shares, small("other"));
        assertFalse(shares.hasRoom(of(shares, small("flood")), 2), "it has more than its share");
        for (int i = 0; i < 2; i++) {
            assertTrue(shares.hasRoom(other, 2));
            wait(shares, small("other"));
        }
        assertFalse(shares.hasRoom(other, 2), "two of its own wait");
    }

    @Test
    void ofWaitingCallsTheNewestIsNextWhereThatIsSaid() {
        FairShares shares = shares(1, 8);
        assertTrue(take(shares, small("one")));
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(wait(shares, small("one")));
        }
        shares.newestFirst(true);
        assertEquals(Optional.of(calls.get(2)), giveBackAndTake(shares, small("one")));
        shares.newestFirst(false);
        assertEquals(Optional.of(calls.get(0)), giveBackAndTake(shares, small("one")));
    }

    @Test
    void whoLooksWithoutTheLockSeesThatItIsNearlyFull() {
        FairShares shares = shares(3, 8);
        assertFalse(shares.isNearlyFull());
        assertTrue(take(shares, small("one")));
        assertFalse(shares.isNearlyFull());
        assertTrue(take(shares, small("one")));
        assertTrue(shares.isNearlyFull());
        giveBack(shares, small("one"));
        assertFalse(shares.isNearlyFull());
        Call waits = wait(shares, small("two"));
        assertTrue(shares.isNearlyFull());
        assertTrue(shares.remove(waits));
        assertFalse(shares.isNearlyFull());
        shares.mostSlots(2);
        assertTrue(shares.isNearlyFull());
    }

    @Test
    void whatIsRememberedIsBounded() {
        FairShares shares = shares(2, 8);
        assertTrue(take(shares, small("busy")));
        for (int i = 0; i < 5_000; i++) {
            Task task = task("account-" + i, 1);
            assertTrue(take(shares, task));
            giveBack(shares, task);
        }
        assertTrue(shares.active() <= 1024, () -> shares.active() + " accounts");
        giveBack(shares, small("busy"));
        assertEquals(2, shares.freeSlots());
    }

    /** Whatever comes: counts are right, order is kept, and nobody within its share waits idly. */
    @Test
    void theRulesHoldWhateverComes() {
        long seed = 20_260_917L;
        Random random = new Random(seed);
        FairShares shares = shares(4, 16);
        Deque<Call> running = new ArrayDeque<>();
        Map<String, Deque<Call>> waiting = new HashMap<>();
        for (int step = 0; step < 50_000; step++) {
            String account = "account-" + random.nextInt(random.nextInt(6) + 1);
            Task task = task(account, 1 << random.nextInt(10));
            if (random.nextInt(3) > 0) {
                if (take(shares, task)) {
                    running.add(call(task));
                } else if (shares.hasRoom()) {
                    waiting.computeIfAbsent(account, n -> new ArrayDeque<>())
                            .add(wait(shares, task));
                }
            } else if (!running.isEmpty()) {
                Call ended = random.nextBoolean() ? running.pollFirst() : running.pollLast();
                giveBack(shares, ended.task());
            }
            for (Optional<Call> next = shares.takeForNext();
                    next.isPresent();
                    next = shares.takeForNext()) {
                String of = next.get().task().ref().account().value();
                assertEquals(waiting.get(of).poll(), next.get(), "seed " + seed);
                running.add(next.get());
            }
            assertConsistent(shares, running, waiting, "seed %d step %d".formatted(seed, step));
        }
    }

    private static void assertConsistent(
            FairShares shares, Deque<Call> running, Map<String, Deque<Call>> waiting, String when) {
        long held = running.stream().mapToLong(call -> call.task().limits().memory().bytes()).sum();
        assertEquals(4 - running.size(), shares.freeSlots(), when);
        assertEquals(ByteSize.ofMiB(1024).bytes() - held, shares.freeMemoryBytes(), when);
        assertEquals(waiting.values().stream().mapToInt(Deque::size).sum(), shares.queued(), when);
        waiting.forEach(
                (account, calls) -> {
                    boolean holdsNone =
                            running.stream()
                                    .noneMatch(
                                            call ->
                                                    call.task()
                                                            .ref()
                                                            .account()
                                                            .value()
                                                            .equals(account));
                    boolean fits =
                            !calls.isEmpty()
                                    && shares.freeSlots() > 0
                                    && calls.peek().task().limits().memory().bytes()
                                            <= shares.freeMemoryBytes();
                    assertFalse(holdsNone && fits, () -> when + ": " + account + " waits idly");
                });
    }
}
