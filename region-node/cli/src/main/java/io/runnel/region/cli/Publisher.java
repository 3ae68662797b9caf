package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.exec.task.TaskName;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Publishes versions and follows them to the nodes. Not thread-safe. */
final class Publisher {
    private static final Duration MOST_TO_ROLL_OUT = Duration.ofMinutes(1);
    private static final Duration MOST_FOR_THE_SILENT = Duration.ofSeconds(3);
    private static final long LOOK_EVERY_MILLIS = 50;

    private final Api api;

    Publisher(Api api) {
        this.api = api;
    }

    /**
     * Stores the code and makes a version of it.
     *
     * @return what the region says of the version
     * @throws ApiException if it is refused
     */
    JsonNode publish(Release release) {
        api.upload("/v1/blobs/" + release.digest(), release.code().bytes());
        return api.send("POST", "/v1/tasks/" + release.task() + "/versions", release.json());
    }

    /**
     * Waits until every POP and region has the version, or until the time is over.
     *
     * @param each takes a place when it is seen to have it, once
     */
    Rollout awaitRollout(TaskName task, int version, Consumer<Rollout.Place> each) {
        return awaitRollout("/v1/tasks/%s/versions/%d/rollout".formatted(task, version), each);
    }

    /**
     * Waits until every POP and region has something, or until the time is over.
     *
     * @param path where the region tells how far it has come
     * @param each takes a place when it is seen to have it, once
     */
    Rollout awaitRollout(String path, Consumer<Rollout.Place> each) {
        long begun = System.nanoTime();
        Set<String> told = new HashSet<>();
        Rollout rollout = Rollout.of(api.get(path));
        tell(rollout, told, each);
        while (!isOver(rollout, System.nanoTime() - begun)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MILLIS));
            rollout = Rollout.of(api.get(path));
            tell(rollout, told, each);
        }
        return rollout;
    }

    /** Who was not heard of lately may be down, or may only be late with saying so. */
    private static boolean isOver(Rollout rollout, long nanos) {
        return rollout.isDone()
                || (rollout.isSettled() && nanos > MOST_FOR_THE_SILENT.toNanos())
                || nanos > MOST_TO_ROLL_OUT.toNanos();
    }

    private static void tell(Rollout rollout, Set<String> told, Consumer<Rollout.Place> each) {
        rollout.places().stream()
                .filter(place -> place.isDone() && told.add(place.name()))
                .forEach(each);
    }
}
