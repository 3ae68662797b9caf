package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.isolate.ExpectedBurst;
import io.runnel.exec.isolate.ExpectedCalls;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What falls to a node of what others expect. Period 60 s, window 4 s, 8 isolates, lead 2 s. */
class BurstBoardTest {
    private static final NodeName B = new NodeName("west-b");
    private static final NodeName C = new NodeName("west-c");
    private static final TaskRef NIGHTLY = TaskRef.of("demo", "nightly");
    private static final long START_MS = 1_764_000_000_000L;
    private static final ExpectedBurst BURST =
            new ExpectedBurst(NIGHTLY, 60_000, 10_000, 14_000, 2_000, 8);

    private long nowMs = START_MS;
    private long lastCallMs;
    private boolean isMine = true;
    private final BurstBoard board =
            new BurstBoard(
                    Set.of(B, C),
                    16,
                    task -> isMine,
                    task -> Optional.of(task(task)),
                    task -> lastCallMs,
                    () -> nowMs);

    private static Task task(TaskRef ref) {
        return new Task(
                ref,
                1,
                RuntimeKind.WASM,
                HandlerKind.HTTP,
                CodeDigest.of("code".getBytes(UTF_8)),
                Limits.DEFAULT,
                Map.of());
    }

    private void says(NodeName node, ExpectedBurst... bursts) {
        List<BurstNote> notes =
                List.of(bursts).stream().map(burst -> BurstNote.of(burst, nowMs)).toList();
        board.heard(Map.of(node, new BurstNote.Said(nowMs, notes).format()));
    }

    private int at(long sinceStartMs) {
        nowMs = START_MS + sinceStartMs;
        return board.expected().stream().mapToInt(ExpectedCalls::isolates).sum();
    }

    @Test
    void itIsWantedFromTheLeadBeforeItsWindowToItsEnd() {
        says(B, BURST);
        assertEquals(0, at(7_999));
        assertEquals(8, at(8_000));
        assertEquals(task(NIGHTLY), board.expected().getFirst().task());
        assertEquals(8, at(14_000));
        assertEquals(0, at(14_001));
        isMine = false;
        assertEquals(0, at(10_000), "another node carries it out");
    }

    @Test
    void whatWasSaidHoldsOnForThreePeriodsAndAsLongAsCallsCome() {
        says(B, BURST);
        board.heard(Map.of());
        assertEquals(8, at(60_000 + 9_000));
        assertEquals(8, at(3 * 60_000 + 9_000));
        lastCallMs = nowMs;
        says(B);
        assertEquals(8, at(6 * 60_000 + 9_000), "its calls come here now");
        assertEquals(0, at(7 * 60_000 + 9_000), "three periods without a call");
        board.heard(Map.of());
        nowMs -= 60_000;
        lastCallMs = nowMs;
        assertEquals(0, board.expected().size(), "forgotten");
    }

    @Test
    void ofSeveralWhoExpectItTheOneThatNeedsMostCounts() {
        says(B, BURST);
        says(C, new ExpectedBurst(NIGHTLY, 60_000, 10_000, 14_000, 2_000, 5));
        assertEquals(8, at(10_000));
        nowMs = START_MS;
        says(C, new ExpectedBurst(NIGHTLY, 60_000, 10_000, 14_000, 2_000, 99));
        assertEquals(16, at(10_000), "there are 16 slots");
    }

    @Test
    void whatIsNoWordOfAMateIsLeftOut() {
        String good = new BurstNote.Said(nowMs, List.of(BurstNote.of(BURST, nowMs))).format();
        board.heard(Map.of(new NodeName("ams"), good));
        assertEquals(0, at(10_000));
        nowMs = START_MS;
        board.heard(
                Map.of(
                        B,
                        good.replace("60000", "0"),
                        C,
                        "at 99999999999999\nx/y\ndemo/nightly 1 2 1 1 1\n\n"
                                + "../etc 1 1 1 1 1\n"
                                + "x".repeat(9)));
        assertEquals(0, at(10_000));
        assertFalse(BurstNote.Said.parse("x".repeat(70_000)).notes().iterator().hasNext());
        BurstNote.Said many = BurstNote.Said.parse("at 1\n" + "a/b 1 1 1 1 1\n".repeat(300));
        assertEquals(BurstNote.MOST, many.notes().size());
    }

    @Test
    void aClockThatIsAheadDoesNotMakeAWordLastLonger() {
        List<BurstNote> notes = List.of(BurstNote.of(BURST, nowMs));
        board.heard(Map.of(B, new BurstNote.Said(nowMs + 9_000_000, notes).format()));
        assertEquals(8, at(3 * 60_000 + 9_000));
        assertEquals(0, at(4 * 60_000 + 9_000));
    }
}
