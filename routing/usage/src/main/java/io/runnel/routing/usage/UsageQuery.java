package io.runnel.routing.usage;

import io.runnel.exec.task.AccountId;

import java.time.LocalDate;

/**
 * Which totals are wanted.
 *
 * @param account whose
 * @param side what the account is in them
 * @param from the first day
 * @param to the last day
 */
public record UsageQuery(AccountId account, Side side, LocalDate from, LocalDate to) {
    /** What an account is to a call. */
    public enum Side {
        /** It called, and pays. */
        PAYER,
        /** Its code ran. */
        OWNER
    }

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if it ends before it begins
     */
    public UsageQuery {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("last day %s is before %s".formatted(to, from));
        }
    }
}
