package io.runnel.routing.edge;

import io.runnel.exec.task.MovedTo;
import io.runnel.exec.task.Outcome;
import io.vertx.core.MultiMap;

import java.util.Optional;

/** What a node adds to the answer of a call that it runs, and is told of its end. */
@FunctionalInterface
public interface LocalAnswer {
    /**
     * Puts headers on the answer; on the call's event loop, once, also when the call fails.
     *
     * @param outcome how the guest ended, if it has already
     */
    void answering(MultiMap headers, Optional<Outcome> outcome);

    /**
     * How the guest ended; on the call's event loop, after the answer was handed over. Never for a
     * call that got no slot and is run elsewhere.
     */
    default void ended(Outcome outcome) {}

    /** Whether the call may be moved while it runs: who waits for it is told by {@link #moved}. */
    default boolean follows() {
        return false;
    }

    /**
     * The call goes on at another node, which has its answer; on its event loop. Nothing else is
     * told of it.
     */
    default void moved(MovedTo to) {
        throw new IllegalStateException("a call was moved that nobody follows");
    }
}
