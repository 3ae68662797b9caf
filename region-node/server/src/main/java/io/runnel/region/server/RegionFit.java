package io.runnel.region.server;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.topology.Region;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which versions may run at a region's node.
 *
 * @param qualified whether this node is what a version's owner asks for
 */
record RegionFit(Region region, Predicate<VersionRecord> qualified) {
    /** Why the version may not run here; empty if it may. */
    Optional<String> elsewhere(VersionRecord version) {
        List<RegionId> bound = version.regions();
        if (!bound.isEmpty() && !bound.contains(region.name())) {
            return Optional.of("The task is bound to other regions.");
        }
        if (!region.devices().have(version.task().options().devices())) {
            return Optional.of("The task uses devices that are not in this region.");
        }
        return qualified.test(version)
                ? Optional.empty()
                : Optional.of("The task's owner asks of nodes what this one is not.");
    }
}
