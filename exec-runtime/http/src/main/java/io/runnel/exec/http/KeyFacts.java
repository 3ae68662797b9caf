package io.runnel.exec.http;

import io.runnel.exec.task.AccountId;

/**
 * What a node knows of a key.
 *
 * @param secretSha256 the secret's SHA-256, 64 lower-case hexadecimal digits
 */
public record KeyFacts(AccountId account, String secretSha256) {}
