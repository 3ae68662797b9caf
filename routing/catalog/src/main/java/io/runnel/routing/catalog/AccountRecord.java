package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;

/**
 * An account.
 *
 * @param home the region where all its other records are written
 * @param admin whether its keys may manage accounts and nodes
 */
public record AccountRecord(AccountId id, RegionId home, boolean admin) implements CatalogRecord {
    @Override
    public RecordKind kind() {
        return RecordKind.ACCOUNT;
    }

    @Override
    public String key() {
        return id.value();
    }
}
