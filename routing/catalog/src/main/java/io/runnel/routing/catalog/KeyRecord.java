package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;

/**
 * An access key, as every node knows it.
 *
 * @param id {@code RNL} and 17 of A-Z and 2-7
 * @param secretSha256 the secret's SHA-256 in hexadecimal: enough to check a bearer
 */
public record KeyRecord(String id, AccountId account, String secretSha256) {}
