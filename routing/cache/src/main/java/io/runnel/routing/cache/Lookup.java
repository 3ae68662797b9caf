package io.runnel.routing.cache;

import java.time.Duration;
import java.util.Optional;

/** What the cache has for a request, and what is to be done then. */
public sealed interface Lookup {
    /**
     * Give this answer.
     *
     * @param age what its Age header has to say
     * @param ttl how much longer it is fresh
     */
    record Fresh(StoredAnswer answer, Duration age, Duration ttl) implements Lookup {}

    /**
     * This answer is stale: ask the task anew, and {@link HttpCache#offer} what it says.
     *
     * <ul>
     *   <li>{@code whileRevalidating}: give this answer at once. If it is {@code yours}, also ask
     *       the task, behind the caller's back; if not, somebody else is asking it.
     *   <li>else: ask the task, and give what it says; or this answer, if it fails and {@code
     *       ifError} is not over by then.
     * </ul>
     *
     * <p>The task may be asked by a condition, with {@link StoredAnswer#validators}: see {@link
     * HttpCache#freshen}.
     *
     * @param age what its Age header has to say
     * @param ttl how long it has been stale: zero or negative
     * @param whileRevalidating whether it may be given without waiting for the task
     * @param ifError how much longer it may be given when the task fails; empty if not at all
     * @param yours whether this caller, and none other within {@link HttpCache#REVALIDATION}, is to
     *     ask the task for all
     */
    record Stale(
            StoredAnswer answer,
            Duration age,
            Duration ttl,
            boolean whileRevalidating,
            Optional<Duration> ifError,
            boolean yours)
            implements Lookup {}

    /** Ask the task, and {@link HttpCache#offer} what it says. */
    record Miss(Forward why) implements Lookup {}

    /** Ask the task, and offer nothing. */
    record Bypass(Forward why) implements Lookup {}

    /** The caller wants what is kept or nothing, and nothing is: 504. */
    record Unsatisfiable() implements Lookup {}
}
