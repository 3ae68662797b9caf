package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Requirements;

import java.time.YearMonth;
import java.util.Optional;

/**
 * An account.
 *
 * @param home the region where all its other records are written
 * @param admin whether its keys may manage accounts and nodes
 * @param epoch how often its home was changed or about to be, and 1 at least once the home has said
 *     something of it: of several regions' words on one account the one of the highest epoch holds
 * @param leaving the region that is to be its home next; until that says so itself, nobody writes
 * @param requires what a node must be so that it gets the account's code and runs it
 * @param state what it may do
 * @param quota how much it may call
 * @param usedUp the month (UTC) whose budget is used up, the last time that one was
 */
public record AccountRecord(
        AccountId id,
        RegionId home,
        boolean admin,
        long epoch,
        Optional<RegionId> leaving,
        Requirements requires,
        AccountState state,
        AccountQuota quota,
        Optional<YearMonth> usedUp)
        implements CatalogRecord {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the epoch is negative
     */
    public AccountRecord {
        if (epoch < 0) {
            throw new IllegalArgumentException("epoch must not be negative: " + epoch);
        }
    }

    /** An account that was never moved and lets its code be everywhere. */
    public AccountRecord(AccountId id, RegionId home, boolean admin) {
        this(
                id,
                home,
                admin,
                0,
                Optional.empty(),
                Requirements.NONE,
                AccountState.ACTIVE,
                AccountQuota.NONE,
                Optional.empty());
    }

    /**
     * As its home says it from now on. The first time it may have been another region that made its
     * name; so it is said under an epoch of the home's own.
     */
    public AccountRecord requiring(Requirements asked) {
        return new AccountRecord(
                id, home, admin, Math.max(1, epoch), leaving, asked, state, quota, usedUp);
    }

    /** As its home says it from now on; as {@link #requiring}. */
    public AccountRecord with(AccountState next) {
        return new AccountRecord(
                id, home, admin, Math.max(1, epoch), leaving, requires, next, quota, usedUp);
    }

    /** As its home says it from now on; as {@link #requiring}. */
    public AccountRecord with(AccountQuota next) {
        return new AccountRecord(
                id,
                home,
                admin,
                Math.max(1, epoch),
                leaving,
                requires,
                state,
                next,
                Optional.empty());
    }

    /** As its home says it when a month's budget is used up; as {@link #requiring}. */
    public AccountRecord usedUpIn(YearMonth month) {
        return new AccountRecord(
                id,
                home,
                admin,
                Math.max(1, epoch),
                leaving,
                requires,
                state,
                quota,
                Optional.of(month));
    }

    /** Whether it may do anything. */
    public boolean isActive() {
        return state == AccountState.ACTIVE;
    }

    /**
     * As its home says it when nothing is written there any more, for {@code next} to take over.
     */
    public AccountRecord leavingFor(RegionId next) {
        return new AccountRecord(
                id, home, admin, epoch + 1, Optional.of(next), requires, state, quota, usedUp);
    }

    /** As {@code next} says it when it has become its home. */
    public AccountRecord movedTo(RegionId next) {
        return new AccountRecord(
                id, next, admin, epoch + 1, Optional.empty(), requires, state, quota, usedUp);
    }

    @Override
    public RecordKind kind() {
        return RecordKind.ACCOUNT;
    }

    @Override
    public String key() {
        return id.value();
    }
}
