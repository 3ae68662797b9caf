package io.runnel.routing.cache;

import java.time.Duration;

/**
 * How an owner has answers kept: what applies when the answer itself does not say. What its
 * Cache-Control or Expires says wins, item by item; only {@code authenticated} is the owner's alone
 * to say.
 *
 * @param maxAge how long an answer is fresh; zero: only answers that say so themselves are kept
 * @param staleWhileRevalidate how long a stale answer is given while a new one is fetched (RFC
 *     5861, section 3)
 * @param staleIfError how long a stale answer is given when the task fails (RFC 5861, section 4)
 * @param authenticated whether answers to callers who proved who they are are kept, and given to
 *     any other such caller. This is the marking that RFC 9111, section 3.5 asks for
 */
public record CachePolicy(
        Duration maxAge,
        Duration staleWhileRevalidate,
        Duration staleIfError,
        boolean authenticated) {

    /** The longest of each time. */
    public static final Duration LONGEST = Duration.ofDays(3650);

    /** Keeps what says itself that it may be kept. */
    public static final CachePolicy AS_ANSWERED =
            new CachePolicy(Duration.ZERO, Duration.ZERO, Duration.ZERO, false);

    /**
     * Checks it.
     *
     * @throws IllegalArgumentException if a time is negative or longer than {@link #LONGEST}
     */
    public CachePolicy {
        check("maxAge", maxAge);
        check("staleWhileRevalidate", staleWhileRevalidate);
        check("staleIfError", staleIfError);
    }

    private static void check(String name, Duration time) {
        if (time.isNegative() || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "%s must be between 0 and %d days: %s".formatted(name, LONGEST.toDays(), time));
        }
    }
}
