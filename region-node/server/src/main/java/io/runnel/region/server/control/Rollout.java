package io.runnel.region.server.control;

import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Position;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How far what was published has come. Methods are safe for any thread and do not block; {@link
 * #report} may be asked for often.
 */
public interface Rollout {
    /**
     * A version that became live, by a deploy or a rollback.
     *
     * @param origin the region that published it
     * @param last where its last record is in the origin's log: who covers this routes the version
     */
    record Publication(TaskRef task, int version, RegionId origin, Position last) {}

    /** How far one place is. */
    enum State {
        /** Not there yet. */
        WAITING,
        /** It goes by what was written; of a version, a region also holds the code. */
        DONE,
        /** Nothing was heard of the place lately. */
        UNKNOWN
    }

    /**
     * One POP or region.
     *
     * @param place {@code pop/ams} or {@code region/eu-west}
     * @param took from the publication to when it was seen to be done; while it waits, to now
     */
    record Place(String place, State state, Duration took) {}

    /** A publication begins its way now. */
    void started(Publication publication);

    /** How far a region's log up to here has come in each place; {@code took} is zero. */
    List<Place> report(RegionId origin, Position at);

    /** How far a version's last publication is in each place; empty if it is not remembered. */
    Optional<List<Place>> report(TaskRef task, int version);
}
