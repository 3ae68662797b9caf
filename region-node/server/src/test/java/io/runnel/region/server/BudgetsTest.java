package io.runnel.region.server;

import static io.runnel.region.server.OneNodeRegion.WEST;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.cluster.store.Draft;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.AccountQuota;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.AccountState;
import io.runnel.routing.usage.RequestDigest;
import io.runnel.routing.usage.UsageBatch;
import io.runnel.routing.usage.UsageOutcome;
import io.runnel.routing.usage.UsageRecord;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** With a real store; time goes as the test says. */
class BudgetsTest {
    private static final AccountId BETA = new AccountId("beta");
    private static final Instant LATE_IN_JANUARY = Instant.parse("2027-01-31T23:59:00Z");
    private static final YearMonth JANUARY = YearMonth.of(2027, 1);

    private final Random random = new Random();
    @TempDir private Path data;
    private RegionState state;
    private Budgets budgets;
    private Instant now = LATE_IN_JANUARY;
    private long nanos = random.nextLong();
    private long place;

    @BeforeEach
    void open() throws IOException {
        state = OneNodeRegion.in(data).open();
        budgets = new Budgets(state.store(), state.catalog(), () -> now, () -> nanos);
        say(new AccountRecord(BETA, WEST, false).with(budget(2)));
    }

    @AfterEach
    void close() {
        state.store().close();
    }

    private static AccountQuota budget(int gbSeconds) {
        return new AccountQuota(
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.of(gbSeconds));
    }

    private void say(AccountRecord account) {
        state.store().append(List.of(Draft.of(account)), List.of()).join();
    }

    private AccountRecord beta() {
        return state.catalog().current().account(BETA).orElseThrow();
    }

    /** So many milliseconds with 1 GiB are charged now, and looked at. */
    private void charge(AccountId payer, long millis) {
        UsageRecord record =
                new UsageRecord(
                        RequestId.next(now.toEpochMilli(), random),
                        now.toEpochMilli(),
                        payer,
                        Optional.empty(),
                        TaskRef.of("acme", "charge"),
                        1,
                        WEST,
                        StartKind.WARM,
                        UsageOutcome.COMPLETED,
                        0,
                        TimeUnit.MILLISECONDS.toNanos(millis),
                        0,
                        1 << 30,
                        0,
                        0,
                        Optional.empty(),
                        RequestDigest.NONE);
        var spool = new UsageBatch.Spool(new NodeName("edge"), "0123456789abcdef");
        List<UsageBatch.Entry> entries = List.of(new UsageBatch.Entry(place, record));
        UsageBatch batch = new UsageBatch(spool, place, place + 1, entries);
        place++;
        state.store().usage().take(batch, now).join();
        budgets.charged(batch).join();
    }

    private void later() {
        nanos += Budgets.EVERY.toNanos();
    }

    @Test
    void whatIsUsedUpIsSaidOnceAndForThisMonth() {
        charge(BETA, 1_999);
        assertEquals(Optional.empty(), beta().usedUp());
        charge(BETA, 1);
        assertEquals(Optional.empty(), beta().usedUp(), "it is looked at once a second");
        later();
        charge(BETA, 1);
        assertEquals(Optional.of(JANUARY), beta().usedUp());
        assertEquals(budget(2), beta().quota());
        long said = state.store().snapshot(WEST).join().getLast().seq();
        later();
        charge(BETA, 500);
        assertEquals(said, state.store().snapshot(WEST).join().getLast().seq());

        now = LATE_IN_JANUARY.plusSeconds(60);
        later();
        charge(BETA, 1_999);
        assertEquals(Optional.of(JANUARY), beta().usedUp(), "in February nothing is yet");
        later();
        charge(BETA, 1);
        assertEquals(Optional.of(YearMonth.of(2027, 2)), beta().usedUp());
    }

    @Test
    void aLargerBudgetIsNotUsedUp() {
        charge(BETA, 2_000);
        assertEquals(Optional.of(JANUARY), beta().usedUp());
        say(beta().with(budget(3)));
        assertEquals(Optional.empty(), beta().usedUp());
        later();
        charge(BETA, 999);
        assertEquals(Optional.empty(), beta().usedUp());
        later();
        charge(BETA, 1);
        assertEquals(Optional.of(JANUARY), beta().usedUp());
        assertEquals(AccountState.ACTIVE, beta().state());
    }

    @Test
    void whoHasNoBudgetOrIsOnItsWayElsewhereIsLeftAlone() {
        say(new AccountRecord(BETA, WEST, false).with(AccountQuota.NONE));
        charge(BETA, 10_000);
        assertEquals(Optional.empty(), beta().usedUp());
        say(beta().with(budget(1)).leavingFor(WEST));
        later();
        charge(BETA, 10_000);
        assertEquals(Optional.empty(), beta().usedUp());
        charge(new AccountId("nobody"), 10_000);
    }
}
