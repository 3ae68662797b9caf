package io.runnel.routing.placement;

import io.runnel.routing.api.Api;
import io.runnel.routing.api.Operation;
import io.runnel.routing.catalog.AccountRecord;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.GrantRecord;

import java.util.Optional;

/**
 * What is called of an API, as one catalog has it. Whoever keeps it for the next call of the same
 * spares that one the way to the task; of another catalog there must be another. Any thread.
 */
public final class CalledRoute {
    private final Optional<Api> api;
    private final Optional<Operation> operation;

    /** Where it leads for every call alike; empty as long as nobody came there. */
    private volatile Optional<End> end = Optional.empty();

    /**
     * A task that was found.
     *
     * @param name by which it was found, if not its own
     * @param its the API's owner
     * @param by what lets the API's owner call it, if it is not its own
     * @param chain by which names it was found, as a record of use has it
     */
    record End(
            Catalog.Standing it,
            Optional<CalledName> name,
            AccountRecord its,
            AliasChoice choice,
            Optional<GrantRecord> by,
            String chain) {}

    /**
     * What was found.
     *
     * @param api as its revision says that is called; empty if there is none
     * @param operation of the API's, by the request's method and path; empty if there is none
     */
    public CalledRoute(Optional<Api> api, Optional<Operation> operation) {
        this.api = api;
        this.operation = operation;
    }

    /** The API. */
    public Optional<Api> api() {
        return api;
    }

    /** The route. */
    public Optional<Operation> operation() {
        return operation;
    }

    Optional<End> end() {
        return end;
    }

    /** Every call of it leads there, whoever calls, whenever. */
    void leadsTo(End everyTime) {
        end = Optional.of(everyTime);
    }
}
