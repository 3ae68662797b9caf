package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;

/**
 * An account.
 *
 * @param home the region where all its records are written
 * @param admin whether its keys may manage accounts and nodes
 */
public record AccountRecord(AccountId id, RegionId home, boolean admin) {}
