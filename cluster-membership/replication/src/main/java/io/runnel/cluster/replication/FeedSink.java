package io.runnel.cluster.replication;

import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.Position;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Where a follower delivers: a POP's catalog, a region's store.
 *
 * <ol>
 *   <li>{@link #positions} comes from memory, is fit for an event loop, and covers what a completed
 *       stage has taken.
 *   <li>{@link #apply} gets records of any origins, each the next of its origin's log by {@link
 *       #positions}, checked by hash and signature; it takes all or none.
 *   <li>{@link #replace} puts a snapshot, checked, in place of all that was known of its origin;
 *       all or nothing.
 *   <li>A follower has one call under way at a time. Where several followers share a sink, a {@link
 *       SerialSink} stands before it.
 *   <li>Neither blocks. Stages may complete on any thread; a failure, or an exception thrown, makes
 *       the follower start again from {@link #positions} after a pause.
 * </ol>
 */
public interface FeedSink {
    /**
     * Keeps certificates of authorities, found sound, as PEM: before any record that needs them
     * comes.
     */
    CompletionStage<?> keepAuthorities(List<String> certificates);

    /** How far each origin is known here. */
    FeedPositions positions();

    /** Takes records that follow. */
    CompletionStage<?> apply(List<FeedRecord> records);

    /** Takes a snapshot of one origin. */
    CompletionStage<?> replace(FeedSnapshot snapshot);

    /**
     * Takes a snapshot of one origin, which was found to tell something newer than {@code known};
     * where others deliver as well, that may have changed since then.
     */
    default CompletionStage<?> replace(FeedSnapshot snapshot, Optional<Position> known) {
        return replace(snapshot);
    }
}
