package io.runnel.routing.journal;

import io.runnel.exec.http.ErrorCode;
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
import java.util.Random;

/** Notes for tests. */
final class Notes {
    private static final Random RANDOM = new Random(7);

    private Notes() {}

    static RequestId id() {
        return RequestId.next(1_000_000, RANDOM);
    }

    static CallNote here(RequestId id) {
        return here(id, 2_000_000);
    }

    static CallNote here(RequestId id, long totalNanos) {
        return new CallNote(
                id,
                1_000_000,
                TaskRef.of("demo", "hello"),
                3,
                Optional.of(
                        new Decided(
                                PlacedReason.POPULAR,
                                Limit.NONE,
                                Fit.FITS,
                                Replica.READY,
                                Room.FREE,
                                20.5f,
                                4,
                                5_000_000,
                                6_000_000,
                                RegionView.Copy.WARM,
                                RegionReason.HOLDS,
                                7_000_000)),
                new Ended(
                        Ended.Place.HERE,
                        Optional.empty(),
                        0,
                        200,
                        true,
                        Optional.empty(),
                        1_000,
                        2_000,
                        3_000,
                        totalNanos));
    }

    static CallNote forwarded(RequestId id) {
        return ended(
                id,
                new Ended(
                        Ended.Place.FORWARDED,
                        Optional.of(new RegionId("eu-west")),
                        2,
                        200,
                        true,
                        Optional.empty(),
                        0,
                        0,
                        0,
                        30_000_000));
    }

    static CallNote refused(RequestId id) {
        return ended(
                id,
                new Ended(
                        Ended.Place.NOWHERE,
                        Optional.empty(),
                        0,
                        503,
                        true,
                        Optional.of(ErrorCode.OVER_CAPACITY),
                        0,
                        0,
                        0,
                        70_000));
    }

    static CallNote gone(RequestId id) {
        return ended(
                id,
                new Ended(
                        Ended.Place.HERE,
                        Optional.empty(),
                        0,
                        0,
                        false,
                        Optional.empty(),
                        0,
                        0,
                        0,
                        70_000));
    }

    /** At a node that decides nothing. */
    private static CallNote ended(RequestId id, Ended ended) {
        return new CallNote(id, 9, TaskRef.of("demo", "echo"), 1, Optional.empty(), ended);
    }
}
