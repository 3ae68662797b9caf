package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.exec.task.Usage;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.AliasRecord;
import io.runnel.routing.catalog.Canary;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.CatalogRecord;
import io.runnel.routing.catalog.WrittenLog;
import io.runnel.routing.placement.CanaryCall;
import io.runnel.topology.CanaryCount;
import io.runnel.topology.NodeStatus;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class CanaryTallyTest {
    private static final RegionId WEST = new RegionId("eu-west");
    private static final TaskRef HELLO = TaskRef.of("demo", "hello");
    private static final Outcome COMPLETED = new Outcome.Completed(Usage.NONE);
    private static final Outcome TRAPPED = new Outcome.Trapped(Usage.NONE, "unreachable");

    private final CatalogHolder holder = new CatalogHolder(() -> 0);
    private final WrittenLog log = new WrittenLog(WEST, "log1", Instant.EPOCH);
    private final CanaryTally tally = new CanaryTally(holder);

    private long write(CatalogRecord record) {
        var written = log.write(record);
        holder.apply(List.of(written));
        return written.seq();
    }

    private static AliasRecord live(TaskRef task, int permille) {
        return new AliasRecord(
                task,
                "live",
                1,
                Optional.of(new Canary(2, permille, Optional.empty())),
                Optional.empty());
    }

    @Test
    void whatEndsIsCountedOfEachVersion() {
        write(new AccountRecord(new AccountId("demo"), WEST, false));
        long seq = write(live(HELLO, 100));
        CanaryCall canary = new CanaryCall("live", seq, true);
        CanaryCall other = new CanaryCall("live", seq, false);
        for (int i = 0; i < 3; i++) {
            tally.ran(HELLO, other, COMPLETED, 200);
        }
        tally.ran(HELLO, other, COMPLETED, 404);
        tally.ran(HELLO, other, COMPLETED, 503);
        tally.ran(HELLO, canary, COMPLETED, 499);
        tally.ran(HELLO, canary, TRAPPED, 200);
        tally.ran(HELLO, canary, new Outcome.FunctionError(Usage.NONE, 1), 200);
        tally.ran(HELLO, canary, new Outcome.Cancelled(Usage.NONE), 500);
        assertEquals(List.of(new CanaryCount(HELLO, "live", seq, 5, 1, 3, 2)), tally.counts());
        assertEquals(
                tally.counts().getFirst(),
                tally.count(holder.current().alias(HELLO, "live").orElseThrow()).orElseThrow());
    }

    @Test
    void anotherRecordIsCountedAnewAndOneWithoutACanaryNot() {
        write(new AccountRecord(new AccountId("demo"), WEST, false));
        long first = write(live(HELLO, 100));
        tally.ran(HELLO, new CanaryCall("live", first, true), TRAPPED, 200);
        long second = write(live(HELLO, 200));
        assertEquals(List.of(), tally.counts());
        tally.ran(HELLO, new CanaryCall("live", second, true), COMPLETED, 200);
        assertEquals(List.of(new CanaryCount(HELLO, "live", second, 0, 0, 1, 0)), tally.counts());
        write(new AliasRecord(HELLO, "live", 1, Optional.empty(), Optional.empty()));
        assertEquals(List.of(), tally.counts());
    }

    @Test
    void asManyAsAStatusHoldsAreCountedAndThoseThatAreOverMakeRoom() {
        write(new AccountRecord(new AccountId("demo"), WEST, false));
        Catalog nothing = holder.current();
        for (int i = 0; i < NodeStatus.MOST_CANARIES + 5; i++) {
            TaskRef task = TaskRef.of("demo", "task-" + i);
            long seq = write(live(task, 100));
            tally.ran(task, new CanaryCall("live", seq, true), COMPLETED, 200);
        }
        assertEquals(NodeStatus.MOST_CANARIES, tally.counts().size());
        TaskRef first = TaskRef.of("demo", "task-0");
        write(new AliasRecord(first, "live", 1, Optional.empty(), Optional.empty()));
        long seq = write(live(HELLO, 100));
        tally.ran(HELLO, new CanaryCall("live", seq, true), COMPLETED, 200);
        assertEquals(NodeStatus.MOST_CANARIES, tally.counts().size());
        assertEquals(1, tally.counts().stream().filter(one -> one.task().equals(HELLO)).count());
        assertEquals(0, nothing.aliases(HELLO).size());
    }
}
