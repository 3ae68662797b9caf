package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;

import java.util.Optional;

/**
 * An account.
 *
 * @param home the region where all its other records are written
 * @param admin whether its keys may manage accounts and nodes
 * @param epoch how often its home was changed or about to be: of several regions' words on one
 *     account the one of the highest epoch holds
 * @param leaving the region that is to be its home next; until that says so itself, nobody writes
 */
public record AccountRecord(
        AccountId id, RegionId home, boolean admin, long epoch, Optional<RegionId> leaving)
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

    /** An account that was never moved. */
    public AccountRecord(AccountId id, RegionId home, boolean admin) {
        this(id, home, admin, 0, Optional.empty());
    }

    /**
     * As its home says it when nothing is written there any more, for {@code next} to take over.
     */
    public AccountRecord leavingFor(RegionId next) {
        return new AccountRecord(id, home, admin, epoch + 1, Optional.of(next));
    }

    /** As {@code next} says it when it has become its home. */
    public AccountRecord movedTo(RegionId next) {
        return new AccountRecord(id, next, admin, epoch + 1, Optional.empty());
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
