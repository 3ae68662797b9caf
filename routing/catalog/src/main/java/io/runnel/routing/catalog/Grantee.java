package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;

import java.util.Optional;

/**
 * Whom a grant is for.
 *
 * @param account empty for every account
 */
public record Grantee(Optional<AccountId> account) {
    /** Every account of the network. */
    public static final Grantee EVERY_ACCOUNT = new Grantee(Optional.empty());

    private static final String EVERY = "*";

    /** One account. */
    public static Grantee of(AccountId account) {
        return new Grantee(Optional.of(account));
    }

    /**
     * Reads {@code demo} or {@code *}.
     *
     * @throws IllegalArgumentException if it is neither an account's name nor {@code *}
     */
    public static Grantee parse(String text) {
        return text.equals(EVERY) ? EVERY_ACCOUNT : of(new AccountId(text));
    }

    @Override
    public String toString() {
        return account.map(AccountId::value).orElse(EVERY);
    }
}
