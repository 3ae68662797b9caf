package io.runnel.routing.placement;

import io.runnel.routing.catalog.GrantRecord;

import java.util.Optional;

/** Whether a caller may call by a route of an API, and what. */
public sealed interface ApiDecision {
    /**
     * It may.
     *
     * @param allowed what it calls; by which grant of the API, if by one
     * @param member by which grant the API's owner may call the task, where that is another
     *     account's and not everyone's
     */
    record Called(AccessDecision.Allowed allowed, Optional<GrantRecord> member)
            implements ApiDecision {}

    /** The API has no such route; the caller may know of the API. */
    record NoRoute() implements ApiDecision {}

    /** It may not. */
    record Refused(AccessDecision decision) implements ApiDecision {}
}
