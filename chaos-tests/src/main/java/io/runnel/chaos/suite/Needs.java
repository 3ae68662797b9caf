package io.runnel.chaos.suite;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What scenarios need of the network that is started for them.
 *
 * @param losesPackets whether packets may be lost on its links
 * @param disks the nodes whose disks are filled
 * @param clocks the nodes whose clocks are set
 */
record Needs(boolean losesPackets, Set<String> disks, Set<String> clocks) {
    Needs {
        disks = Set.copyOf(disks);
        clocks = Set.copyOf(clocks);
    }

    /** All that these need. */
    static Needs of(List<Scenario> scenarios) {
        return new Needs(
                scenarios.stream().anyMatch(Scenario::losesPackets),
                all(scenarios, Scenario::disks),
                all(scenarios, Scenario::clocks));
    }

    private static Set<String> all(
            List<Scenario> scenarios, Function<Scenario, Set<String>> nodes) {
        return scenarios.stream()
                .flatMap(scenario -> nodes.apply(scenario).stream())
                .collect(Collectors.toSet());
    }
}
