package io.runnel.cluster.replication;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What a feed is served from: a region's store.
 *
 * <ol>
 *   <li>{@link #heads} comes from memory and is fit for an event loop. It names every origin of
 *       which there is a log here, this region's own from its first moment on, and covers all that
 *       {@link Listener}s were told of.
 *   <li>{@link #read} brings the records that follow on {@code after}, without gaps, at most {@code
 *       limit} of them. It brings none when it can no longer bring the first of them, or the log is
 *       not the one that it has.
 *   <li>{@link #snapshot} is of one moment: no write falls into it.
 *   <li>Listeners are called after the commit, in the order of the commits. They return at once.
 *   <li>Stages may complete on any thread.
 * </ol>
 */
public interface FeedLog {
    /** Told of what is new. */
    interface Listener {
        /** These records were written, or copied from another region; each origin's in order. */
        void appended(List<FeedRecord> records);

        /** What was known of this origin was replaced by a snapshot. */
        void replaced(RegionId origin);
    }

    /** How far each origin's log goes. */
    FeedPositions heads();

    /** The records that follow. */
    CompletionStage<List<FeedRecord>> read(RegionId origin, String log, long after, int limit);

    /** All that stands of this origin. */
    CompletionStage<FeedSnapshot> snapshot(RegionId origin);

    /** Tells this listener from the next commit on. */
    void onAppend(Listener listener);
}
