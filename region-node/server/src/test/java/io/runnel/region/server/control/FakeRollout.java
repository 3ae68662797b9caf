package io.runnel.region.server.control;

import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.catalog.Position;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what was published; everything is done at one place and waits at another. */
final class FakeRollout implements Rollout {
    final List<Publication> published = new CopyOnWriteArrayList<>();

    /** Up to here everything is everywhere. */
    volatile long everywhere;

    @Override
    public void started(Publication publication) {
        published.add(publication);
    }

    @Override
    public List<Place> report(RegionId origin, Position at) {
        return List.of(
                new Place(
                        "pop/ams",
                        at.seq() > everywhere ? State.WAITING : State.DONE,
                        Duration.ZERO));
    }

    @Override
    public Optional<List<Place>> report(TaskRef task, int version) {
        return published.stream()
                .filter(p -> p.task().equals(task) && p.version() == version)
                .findFirst()
                .map(
                        p ->
                                List.of(
                                        new Place("pop/ams", State.DONE, Duration.ofMillis(12)),
                                        new Place(
                                                "region/us-east",
                                                State.WAITING,
                                                Duration.ofMillis(30))));
    }
}
