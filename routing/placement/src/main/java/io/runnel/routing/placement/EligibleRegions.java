package io.runnel.routing.placement;

import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.VersionRecord;
import io.runnel.topology.Topology;

import java.util.List;

/**
 * The regions in which a version may run: all, or those that its owner bound it to and that have
 * its devices.
 *
 * @param everywhere whether nothing speaks against any region
 * @param named those that are left if something does; maybe none
 */
public record EligibleRegions(boolean everywhere, List<RegionId> named) {
    /** Every region. */
    public static final EligibleRegions EVERYWHERE = new EligibleRegions(true, List.of());

    public EligibleRegions {
        named = List.copyOf(named);
    }

    /** These alone; maybe none. */
    public static EligibleRegions only(List<RegionId> regions) {
        return new EligibleRegions(false, regions);
    }

    /** What its owner bound to these; every region if to none. */
    public static EligibleRegions boundTo(List<RegionId> bound) {
        return bound.isEmpty() ? EVERYWHERE : only(bound);
    }

    /** Those of a version in this network. */
    public static EligibleRegions of(VersionRecord version, Topology topology) {
        return of(version.regions(), version.task().options().devices(), topology);
    }

    /**
     * Those of what is bound to regions and uses devices.
     *
     * @param bound empty for none
     */
    public static EligibleRegions of(
            List<RegionId> bound, List<DeviceName> devices, Topology topology) {
        return devices.isEmpty() ? boundTo(bound) : only(topology.regionsFor(bound, devices));
    }

    /** Those of these that are also among others. */
    public EligibleRegions among(EligibleRegions others) {
        if (others.everywhere()) {
            return this;
        }
        return everywhere ? others : only(named.stream().filter(others::include).toList());
    }

    /** Whether it may run in this one. */
    public boolean include(RegionId region) {
        return everywhere || named.contains(region);
    }
}
