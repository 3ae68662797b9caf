package io.runnel.cluster.replication;

import java.util.Optional;

/**
 * How a follower is doing.
 *
 * @param source whom it follows now
 * @param records how many it has delivered since its start
 * @param snapshots how many it has delivered since its start
 * @param changes how often it began to follow a source
 * @param refused how often a source sent what its origin did not write
 * @param lastFailure why it last lost a source or failed to get one
 */
public record FollowerStatus(
        State state,
        Optional<Peer> source,
        long records,
        long snapshots,
        long changes,
        long refused,
        Optional<String> lastFailure) {
    /** What a follower is doing. */
    public enum State {
        /** It has not been started. */
        IDLE,
        /** No source is followed; one after the other is tried. */
        SEEKING,
        /** A source sends, but not all that it knows is here yet. */
        CATCHING_UP,
        /** All that the source knows is here. */
        FOLLOWING,
        /** It follows nobody any more. */
        CLOSED
    }
}
