package io.runnel.chaos.suite;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What scenarios need of the network that is started for them.
 *
 * @param losesPackets whether packets may be lost on its links
 * @param disks the nodes whose disks are filled
 */
record Needs(boolean losesPackets, Set<String> disks) {
    Needs {
        disks = Set.copyOf(disks);
    }

    /** All that these need. */
    static Needs of(List<Scenario> scenarios) {
        return new Needs(
                scenarios.stream().anyMatch(Scenario::losesPackets),
                scenarios.stream()
                        .flatMap(scenario -> scenario.disks().stream())
                        .collect(Collectors.toSet()));
    }
}
