package io.runnel.routing.catalog;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How much an account may call at each node that users call, and keep; what is absent is not
 * limited. Calls count for who pays: the caller, or a task's owner where nobody shows who calls.
 *
 * @param concurrent calls that are under way at once
 * @param perSecond calls that begin in a second, after those of the burst
 * @param burst calls that may begin at once after a pause; absent: as many as in a second
 * @param gbSeconds its budget: the GiB times seconds that it pays for in a month (UTC), at all
 *     nodes; its home sums them up, so that what comes in some seconds after that is still let in
 * @param codeMiB the code of all versions of its tasks, each once, in MiB
 * @param warmPercent of the memory of a node for what is kept though no call runs in it
 */
public record AccountQuota(
        OptionalInt concurrent,
        OptionalInt perSecond,
        OptionalInt burst,
        OptionalInt gbSeconds,
        OptionalInt codeMiB,
        OptionalInt warmPercent) {
    /** No limit. */
    public static final AccountQuota NONE =
            new AccountQuota(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

    /** The largest limit of calls. */
    public static final int MOST = CallRate.MOST;

    /** The most code. */
    public static final int MOST_CODE_MIB = 1_000_000;

    /** The largest budget. */
    public static final int MOST_GB_SECONDS = 1_000_000_000;

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if a limit is not 1 to the largest, or there is a burst of
     *     no rate
     */
    public AccountQuota {
        require("concurrent", concurrent, MOST);
        require("perSecond", perSecond, MOST);
        require("burst", burst, MOST);
        require("gbSeconds", gbSeconds, MOST_GB_SECONDS);
        require("codeMiB", codeMiB, MOST_CODE_MIB);
        require("warmPercent", warmPercent, 100);
        if (burst.isPresent() && perSecond.isEmpty()) {
            throw new IllegalArgumentException("burst needs perSecond");
        }
    }

    /** One of calls and what they cost. */
    public AccountQuota(
            OptionalInt concurrent,
            OptionalInt perSecond,
            OptionalInt burst,
            OptionalInt gbSeconds) {
        this(concurrent, perSecond, burst, gbSeconds, OptionalInt.empty(), OptionalInt.empty());
    }

    /** One of calls, without a budget. */
    public AccountQuota(OptionalInt concurrent, OptionalInt perSecond, OptionalInt burst) {
        this(concurrent, perSecond, burst, OptionalInt.empty());
    }

    private static void require(String what, OptionalInt limit, int most) {
        if (limit.isPresent() && (limit.getAsInt() < 1 || limit.getAsInt() > most)) {
            throw new IllegalArgumentException(
                    "%s must be 1 to %d: %d".formatted(what, most, limit.getAsInt()));
        }
    }

    /** Whether nothing is limited. */
    public boolean isNone() {
        return !limitsCalls() && codeMiB.isEmpty() && warmPercent.isEmpty();
    }

    /** Whether calls are limited, or what they cost. */
    public boolean limitsCalls() {
        return concurrent.isPresent() || perSecond.isPresent() || gbSeconds.isPresent();
    }

    /** How fast calls may begin; empty if that is not limited. */
    public Optional<CallRate> rate() {
        return perSecond.isPresent()
                ? Optional.of(
                        new CallRate(perSecond.getAsInt(), burst.orElse(perSecond.getAsInt())))
                : Optional.empty();
    }
}
