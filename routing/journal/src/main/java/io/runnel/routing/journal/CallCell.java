package io.runnel.routing.journal;

import io.runnel.exec.http.ProblemCode;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.placement.Fit;
import io.runnel.routing.placement.Limit;
import io.runnel.routing.placement.PlacedReason;
import io.runnel.routing.placement.RegionReason;
import io.runnel.routing.placement.RegionView;
import io.runnel.routing.placement.Replica;
import io.runnel.routing.placement.Room;

import java.util.Optional;

/**
 * The place of one note in a ring, overwritten in place: a note that were kept itself would be
 * moved by the garbage collector once for each call. Everything that a cell refers to lives as long
 * as the catalog or the program. Guarded by its ring.
 */
final class CallCell {
    private long idHash;
    private long arrivedMillis;
    private TaskRef task;
    private int version;

    private PlacedReason reason;
    private Fit fit;
    private Limit limit;
    private float recentCalls;
    private Replica replica;
    private Room room;
    private int freeSlots;
    private long waitNanos;
    private long hereNanos;
    private RegionView.Copy regionCopy;
    private RegionReason regionReason;
    private long thereNanos;

    private Ended.Place place;
    private RegionId region;
    private int tries;
    private int status;
    private boolean whole;
    private ProblemCode problem;
    private long queueNanos;
    private long startNanos;
    private long runNanos;
    private long totalNanos;

    /** Whether it is the note of the call of this hash; never if nothing was put in yet. */
    boolean isOf(long hash) {
        return task != null && idHash == hash;
    }

    void put(long hash, CallNote note) {
        idHash = hash;
        arrivedMillis = note.arrivedMillis();
        task = note.task();
        version = note.version();
        reason = null;
        if (note.decided().isPresent()) {
            put(note.decided().get());
        }
        put(note.ended());
    }

    private void put(Decided decided) {
        reason = decided.reason();
        fit = decided.fit();
        limit = decided.limit();
        recentCalls = decided.recentCalls();
        replica = decided.replica();
        room = decided.room();
        freeSlots = decided.freeSlots();
        waitNanos = decided.waitNanos();
        hereNanos = decided.hereNanos();
        regionCopy = decided.regionCopy();
        regionReason = decided.regionReason();
        thereNanos = decided.thereNanos();
    }

    private void put(Ended ended) {
        place = ended.place();
        region = ended.region().orElse(null);
        tries = ended.tries();
        status = ended.status();
        whole = ended.whole();
        problem = ended.problem().orElse(null);
        queueNanos = ended.queueNanos();
        startNanos = ended.startNanos();
        runNanos = ended.runNanos();
        totalNanos = ended.totalNanos();
    }

    /** What was put in last, which is a note of this call. */
    CallNote note(RequestId id) {
        Optional<Decided> decided =
                reason == null
                        ? Optional.empty()
                        : Optional.of(
                                new Decided(
                                        reason,
                                        limit,
                                        fit,
                                        replica,
                                        room,
                                        recentCalls,
                                        freeSlots,
                                        waitNanos,
                                        hereNanos,
                                        regionCopy,
                                        regionReason,
                                        thereNanos));
        return new CallNote(
                id,
                arrivedMillis,
                task,
                version,
                decided,
                new Ended(
                        place,
                        Optional.ofNullable(region),
                        tries,
                        status,
                        whole,
                        Optional.ofNullable(problem),
                        queueNanos,
                        startNanos,
                        runNanos,
                        totalNanos));
    }
}
